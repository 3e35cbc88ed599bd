-- Every landed record of customers with its one disposition: kept, duplicate or quarantined.
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
        lnd.operation,
        lnd.customer_id as entity_id,
        lnd._source_order,
        lnd._parse_errors,
        lnd.changed_at,
        lnd.full_name as person_name,
        lnd.email,
        lnd.phone,
        lnd.city,
        lnd.postal_code,
        lnd.country,
        lnd.created_at,
        lnd.updated_at
    from {{ ref('stg_postgresql__customers') }} as lnd
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('customers', mark) }},

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
        entity_id as customer_id,
        _source_order,
        changed_at,
        {{ pseudonym('person_name') }} as name_hash,
        {{ pseudonym('email') }} as email_hash,
        {{ mask_email('email') }} as email_masked,
        {{ pseudonym('phone') }} as phone_hash,
        {{ mask_phone('phone') }} as phone_masked,
        city,
        country,
        created_at,
        updated_at
    from disposed
)

select * from final
