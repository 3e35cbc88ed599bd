-- Every landed record of inventory movements with its one disposition: kept, duplicate or quarantined.
-- Grain: one row per landed record. Late data: the batches from the mark on are judged again, never dropped.
{{ config(merge_config(unique_key=['_identity', '_copy'], partitioned_by='truncate(_batch_id, 10000)')) }}
{% set mark = mark() -%}

with landed as (
    select
        lnd._batch_id,
        lnd._source_file,
        lnd._row_hash,
        lnd.arrival_date,
        lnd.is_parsed,
        lnd.operation,
        lnd.movement_id as entity_id,
        lnd._source_order,
        lnd._parse_errors,
        lnd.changed_at,
        lnd.product_id,
        lnd.warehouse_id,
        lnd.movement_type,
        lnd.quantity,
        lnd.order_id,
        lnd.created_at
    from {{ ref('stg_postgresql__inventory_movements') }} as lnd
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('inventory_movements', mark) }},

final as (
    select
        _identity,
        _copy,
        _disposition,
        is_conflict,
        _errors,
        _warnings,
        _row_hash,
        _source_file,
        _batch_id,
        operation,
        entity_id as movement_id,
        _source_order,
        changed_at,
        product_id,
        warehouse_id,
        movement_type,
        quantity,
        order_id,
        created_at
    from disposed
)

select * from final
