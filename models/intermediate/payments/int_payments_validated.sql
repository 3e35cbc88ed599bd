-- Every landed record of payments with its one disposition: kept, duplicate or quarantined.
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
        cast(null as varchar) as operation,
        lnd.payment_id as entity_id,
        lnd._source_order,
        lnd._parse_errors,
        lnd.order_id,
        lnd.object_type,
        lnd.currency_code,
        lnd.amount_minor,
        coalesce(lnd.amount_captured_minor, 0) as amount_captured_minor,
        coalesce(lnd.amount_refunded_minor, 0) as amount_refunded_minor,
        lnd.payment_status,
        coalesce(lnd.is_captured, false) as is_captured,
        lnd.payment_method,
        lnd.created_at,
        lnd.updated_at,
        cur.minor_unit_digits,
        cur.large_amount_limit
    from {{ ref('stg_stripe__payments') }} as lnd
    left join {{ ref('currencies') }} as cur on lnd.currency_code = cur.currency_code
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('payments', mark) }},

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
        entity_id as payment_id,
        _source_order,
        order_id,
        currency_code,
        {{ from_minor_units('amount_minor', 'minor_unit_digits') }} as payment_amount,
        {{ from_minor_units('amount_captured_minor', 'minor_unit_digits') }} as captured_amount,
        {{ from_minor_units('amount_refunded_minor', 'minor_unit_digits') }} as refunded_amount,
        payment_status,
        is_captured,
        payment_method,
        created_at,
        updated_at
    from disposed
)

select * from final
