-- Every valid distinct change of products. Grain: one row per product_id and position in the source.
{{ config(materialized='view') }}

select
    product_id,
    _source_order,
    operation,
    changed_at,
    product_name,
    category,
    supplier_id,
    list_price,
    currency_code,
    is_service,
    is_active,
    created_at,
    updated_at,
    _row_hash,
    _batch_id
from {{ ref('int_products_validated') }}
where
    _disposition = 'kept'
    and operation <> 'tombstone'
