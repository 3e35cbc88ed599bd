-- Landed changes of stock movements from PostgreSQL, typed. Grain: one row per landed line; nothing is dropped.
{% set types = {
    'movement_id': 'varchar',
    'product_id': 'varchar',
    'warehouse_id': 'varchar',
    'movement_type': 'varchar',
    'quantity': 'bigint',
    'order_id': 'varchar',
    'created_at': 'timestamp',
    'lsn': 'bigint',
    'committed_ms': 'bigint',
} -%}
{% set keys = ['movement_id'] -%}
{% set columns = types.keys() | reject('in', keys + ['lsn', 'committed_ms']) | list -%}

with landed as (
    {{ cdc_changes('inventory_movements', keys, columns) }}
),

typed as (
    select
        landed.arrival_date,
        landed._batch_id,
        landed._source_file,
        landed._row_hash,
        landed.is_parsed,
        landed.raw_line,
        {{ cdc_operation('landed') }} as operation,
        {{ typed_columns(types, 'landed') }}
    from landed
),

final as (
    select
        _source_file,
        _batch_id,
        _row_hash,
        arrival_date,
        is_parsed,
        operation,
        lsn as _source_order,
        {{ from_epoch_millis('committed_ms') }} as changed_at,
        movement_id,
        product_id,
        warehouse_id,
        movement_type,
        quantity,
        order_id,
        created_at,
        _parse_errors,
        raw_line
    from typed
)

select * from final
