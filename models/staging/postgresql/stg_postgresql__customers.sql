-- Landed changes of customers from PostgreSQL, typed. Grain: one row per landed line; nothing is dropped.
{% set types = {
    'customer_id': 'varchar',
    'full_name': 'varchar',
    'email': 'varchar',
    'phone': 'varchar',
    'street_address': 'varchar',
    'city': 'varchar',
    'postal_code': 'varchar',
    'country': 'varchar',
    'created_at': 'timestamp',
    'updated_at': 'timestamp',
    'lsn': 'bigint',
    'committed_ms': 'bigint',
} -%}
{% set keys = ['customer_id'] -%}

with landed as (
    {{ cdc_changes('customers', keys, types) }}
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
        customer_id,
        full_name,
        email,
        phone,
        street_address,
        city,
        postal_code,
        country,
        created_at,
        updated_at,
        _parse_errors,
        raw_line
    from typed
)

select * from final
