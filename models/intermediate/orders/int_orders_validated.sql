-- Every landed record of orders with its one disposition: kept, duplicate or quarantined.
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
        lnd.operation,
        lnd.order_id as entity_id,
        lnd._source_order,
        lnd._parse_errors,
        lnd.changed_at,
        lnd.customer_id,
        lnd.order_type,
        case when lnd.status = 'canceled' then 'cancelled' else lnd.status end as order_status,
        lnd.channel,
        lnd.country,
        lnd.currency_code,
        lnd.lines_amount,
        coalesce(lnd.discount_amount, 0) as discount_amount,
        coalesce(lnd.tax_amount, 0) as tax_amount,
        coalesce(lnd.shipping_amount, 0) as shipping_amount,
        lnd.total_amount,
        lnd.customer_email as email,
        lnd.customer_phone as phone,
        lnd.created_at,
        lnd.updated_at,
        cur.minor_unit_digits,
        cur.large_amount_limit
    from {{ ref('stg_postgresql__orders') }} as lnd
    left join {{ ref('currencies') }} as cur on lnd.currency_code = cur.currency_code
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('orders', mark) }},

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
        operation,
        entity_id as order_id,
        _source_order,
        changed_at,
        customer_id,
        order_type,
        order_status,
        channel,
        country,
        currency_code,
        lines_amount,
        discount_amount,
        tax_amount,
        shipping_amount,
        total_amount,
        {{ pseudonym('email') }} as email_hash,
        {{ mask_email('email') }} as email_masked,
        {{ pseudonym('phone') }} as phone_hash,
        {{ mask_phone('phone') }} as phone_masked,
        created_at,
        updated_at
    from disposed
)

select * from final
