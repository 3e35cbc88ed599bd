-- Sessions that are open in the session store of the shop, with what the lake knows of the customer.
-- Grain: one row per session_id.
{{ config(materialized='table') }}

select
    live.session_id,
    {{ opaque_id('live.user_id') }} as customer_id,
    live.channel,
    live.cart_amount,
    live.currency_code,
    live.last_seen_at,
    seg.customer_segment,
    coalesce(seg.lifetime_amount, 0) as lifetime_amount
from {{ ref('stg_live__sessions') }} as live
left join {{ ref('rpt_customer_segments') }} as seg on live.user_id = seg.customer_id
