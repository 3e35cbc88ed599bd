-- Every valid distinct change of order items. Grain: one row per order_item_id and position in the source.
{{ config(materialized='view') }}

select
    order_item_id,
    _source_order,
    operation,
    changed_at,
    order_id,
    line_number,
    product_id,
    line_type,
    description,
    quantity,
    unit_price,
    line_amount,
    discount_amount,
    tax_amount,
    shipping_amount,
    currency_code,
    created_at,
    updated_at,
    _row_hash,
    _batch_id
from {{ ref('int_order_items_validated') }}
where
    _disposition = 'kept'
    and operation <> 'tombstone'
