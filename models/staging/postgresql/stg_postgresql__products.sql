-- Landed changes of products from PostgreSQL, typed. Grain: one row per landed line; nothing is dropped.
{% set types = {
    'product_id': 'varchar',
    'product_name': 'varchar',
    'category': 'varchar',
    'supplier_id': 'varchar',
    'list_price': 'decimal',
    'currency_code': 'varchar',
    'is_service': 'boolean',
    'is_active': 'boolean',
    'created_at': 'timestamp',
    'updated_at': 'timestamp',
    'lsn': 'bigint',
    'committed_ms': 'bigint',
} -%}
{% set keys = ['product_id'] -%}

with landed as (
    {{ cdc_changes('products', keys, types) }}
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
        product_id,
        product_name,
        category,
        supplier_id,
        list_price,
        currency_code,
        is_service,
        is_active,
        created_at,
        updated_at,
        _parse_errors,
        raw_line
    from typed
)

select * from final
