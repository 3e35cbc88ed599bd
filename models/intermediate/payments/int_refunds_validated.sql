-- Every landed record of refunds with its one disposition: kept, duplicate or quarantined.
-- Grain: one row per landed record. Late data: the batches from the mark on are judged again, never dropped.
{{ config(merge_config(unique_key=['_identity', '_copy'])) }}
{% set mark = mark() -%}

with landed as (
    select
        lnd._batch_id,
        lnd._source_file,
        lnd._row_hash,
        lnd.arrival_date,
        lnd.is_parsed,
        cast(null as varchar) as operation,
        lnd.refund_id as entity_id,
        lnd._source_order,
        lnd._parse_errors,
        lnd.payment_id,
        lnd.object_type,
        lnd.currency_code,
        lnd.amount_minor,
        lnd.refund_status,
        lnd.refund_reason,
        lnd.created_at,
        lnd.updated_at,
        cur.minor_unit_digits,
        cur.large_amount_limit
    from {{ ref('stg_stripe__refunds') }} as lnd
    left join {{ ref('currencies') }} as cur on lnd.currency_code = cur.currency_code
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('refunds', mark) }},

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
        entity_id as refund_id,
        _source_order,
        payment_id,
        currency_code,
        {{ from_minor_units('amount_minor', 'minor_unit_digits') }} as refund_amount,
        refund_status,
        refund_reason,
        created_at,
        updated_at
    from disposed
)

select * from final
