-- Sessions that are open in the session store of the shop, or in its newest extract. A table: what a federated query
-- found at the time of the build. Grain: one row per session_id.
{{ config(materialized='table') }}

with live as (
    {{ live_source('dynamodb', 'sessions', {
        'session_id': 'varchar', 'user_id': 'varchar', 'channel': 'varchar', 'cart_amount': 'decimal',
        'currency_code': 'varchar', 'last_seen_at': 'timestamp',
    }) }}
)

select
    live.session_id,
    live.user_id,
    live.channel,
    live.cart_amount,
    live.currency_code,
    live.last_seen_at
from live
