-- Orders that the live database of the shop holds and the lake does not, or not yet in this state: what change capture
-- still owes. Grain: one row per order_id.
{{ config(materialized='table') }}

with compared as (
    select
        live.order_id,
        live.status as live_status,
        ord.order_status as lake_status,
        live.total_amount as live_total_amount,
        live.currency_code,
        live.updated_at as live_updated_at,
        ord.updated_at as lake_updated_at,
        case
            when ord.order_id is null then 'missing'
            when ord.is_deleted then 'deleted'
            when ord.updated_at < live.updated_at then 'behind'
        end as lag_reason
    from {{ ref('stg_live__orders') }} as live
    left join {{ ref('int_orders') }} as ord on live.order_id = ord.order_id
)

select *
from compared
where lag_reason is not null
