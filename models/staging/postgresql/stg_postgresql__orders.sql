-- Landed changes of orders from PostgreSQL, typed. Grain: one row per landed line; nothing is dropped.
{% set types = {
    'order_id': 'varchar',
    'customer_id': 'varchar',
    'order_type': 'varchar',
    'status': 'varchar',
    'channel': 'varchar',
    'country': 'varchar',
    'currency_code': 'varchar',
    'lines_amount': 'decimal',
    'discount_amount': 'decimal',
    'tax_amount': 'decimal',
    'shipping_amount': 'decimal',
    'total_amount': 'decimal',
    'customer_email': 'varchar',
    'customer_phone': 'varchar',
    'created_at': 'timestamp',
    'updated_at': 'timestamp',
    'lsn': 'bigint',
    'committed_ms': 'bigint',
} -%}
{% set keys = ['order_id'] -%}

with landed as (
    {{ cdc_changes('orders', keys, types) }}
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
        order_id,
        customer_id,
        order_type,
        status,
        channel,
        country,
        currency_code,
        lines_amount,
        discount_amount,
        tax_amount,
        shipping_amount,
        total_amount,
        customer_email,
        customer_phone,
        created_at,
        updated_at,
        _parse_errors,
        raw_line
    from typed
)

select * from final
