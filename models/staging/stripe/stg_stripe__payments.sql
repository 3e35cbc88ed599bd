-- Landed versions of Stripe charges, typed; amounts in minor units of their currency.
-- Grain: one row per landed line; nothing is dropped.
{% set paths = {
    'id': '$.id', 'object': '$.object', 'amount': '$.amount', 'amount_captured': '$.amount_captured',
    'amount_refunded': '$.amount_refunded', 'currency': '$.currency', 'status': '$.status', 'captured': '$.captured',
    'created': '$.created', 'updated': '$.updated', 'order_id': '$.metadata.order_id',
    'payment_method': '$.payment_method_details.type',
} -%}
{% set types = {
    'id': 'varchar', 'object': 'varchar', 'amount': 'bigint', 'amount_captured': 'bigint', 'amount_refunded': 'bigint',
    'currency': 'varchar', 'status': 'varchar', 'captured': 'boolean', 'created': 'epoch', 'updated': 'bigint',
    'order_id': 'varchar', 'payment_method': 'varchar',
} -%}

with landed as (
    {{ json_lines('stripe', 'payments', paths) }}
),

typed as (
    select
        {{ landed_columns('landed') }},
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
        id as payment_id,
        updated as _source_order,
        object as object_type,
        order_id,
        upper(currency) as currency_code,
        amount as amount_minor,
        amount_captured as amount_captured_minor,
        amount_refunded as amount_refunded_minor,
        status as payment_status,
        captured as is_captured,
        payment_method,
        created as created_at,
        {{ from_epoch_seconds('updated') }} as updated_at,
        _parse_errors,
        raw_line
    from typed
)

select * from final
