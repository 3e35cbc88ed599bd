-- Landed changes of order lines from PostgreSQL, typed. Grain: one row per landed line; nothing is dropped.
{% set types = {
    'order_id': 'varchar',
    'line_number': 'bigint',
    'product_id': 'varchar',
    'line_type': 'varchar',
    'description': 'varchar',
    'quantity': 'bigint',
    'unit_price': 'decimal',
    'line_amount': 'decimal',
    'discount_amount': 'decimal',
    'tax_amount': 'decimal',
    'shipping_amount': 'decimal',
    'currency_code': 'varchar',
    'created_at': 'timestamp',
    'updated_at': 'timestamp',
    'lsn': 'bigint',
    'committed_ms': 'bigint',
} -%}
{% set keys = ['order_id', 'line_number'] -%}

with landed as (
    {{ cdc_changes('order_items', keys, types) }}
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
        _parse_errors,
        raw_line
    from typed
)

select * from final
