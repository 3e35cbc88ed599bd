-- Every valid distinct change of inventory movements. Grain: one row per movement_id and position in the source.
{{ config(materialized='view') }}

select
    movement_id,
    _source_order,
    operation,
    changed_at,
    product_id,
    warehouse_id,
    movement_type,
    quantity,
    order_id,
    created_at,
    _row_hash,
    _batch_id
from {{ ref('int_inventory_movements_validated') }}
where
    _disposition = 'kept'
    and operation <> 'tombstone'
