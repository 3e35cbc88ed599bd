-- Every valid distinct change of orders. Grain: one row per order_id and position in the source.
{{ config(materialized='view') }}

select
    order_id,
    _source_order,
    operation,
    changed_at,
    customer_id,
    order_type,
    order_status,
    channel,
    country,
    currency_code,
    lines_amount,
    discount_amount,
    tax_amount,
    shipping_amount,
    total_amount,
    email_hash,
    email_masked,
    phone_hash,
    phone_masked,
    created_at,
    updated_at,
    _row_hash,
    _batch_id
from {{ ref('int_orders_validated') }}
where
    _disposition = 'kept'
    and operation <> 'tombstone'
