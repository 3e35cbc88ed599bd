-- Landed versions of Stripe refunds, typed; amounts in minor units of their currency.
-- Grain: one row per landed line; nothing is dropped.
{% set paths = {
    'id': '$.id', 'object': '$.object', 'amount': '$.amount', 'currency': '$.currency', 'status': '$.status',
    'reason': '$.reason', 'charge': '$.charge', 'created': '$.created', 'updated': '$.updated',
} -%}
{% set types = {
    'id': 'varchar', 'object': 'varchar', 'amount': 'bigint', 'currency': 'varchar', 'status': 'varchar',
    'reason': 'varchar', 'charge': 'varchar', 'created': 'epoch', 'updated': 'bigint',
} -%}

with landed as (
    {{ json_lines('stripe', 'refunds', paths) }}
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
        id as refund_id,
        updated as _source_order,
        object as object_type,
        charge as payment_id,
        upper(currency) as currency_code,
        amount as amount_minor,
        status as refund_status,
        reason as refund_reason,
        created as created_at,
        {{ from_epoch_seconds('updated') }} as updated_at,
        _parse_errors,
        raw_line
    from typed
)

select * from final
