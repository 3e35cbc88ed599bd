-- Orders as the live database of the shop holds them, or its newest extract. A table: what a federated query found at
-- the time of the build. Grain: one row per order_id.
{{ config(materialized='table') }}

with live as (
    {{ live_source('postgresql', 'orders', {
        'order_id': 'varchar', 'status': 'varchar', 'total_amount': 'decimal', 'currency_code': 'varchar',
        'updated_at': 'timestamp',
    }) }}
)

select
    live.order_id,
    live.status,
    live.total_amount,
    live.currency_code,
    live.updated_at
from live
