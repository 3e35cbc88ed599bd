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

with landed as (
    {{ cdc_changes('inventory_movements', keys, types) }}
),

typed as (
    select
        {{ landed_columns('landed') }},
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
