-- Every landed record of suppliers with its one disposition: kept, duplicate or quarantined.
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
        lnd.supplier_id as entity_id,
        lnd._source_order,
        lnd._parse_errors,
        lnd.supplier_name,
        lnd.contact_name as person_name,
        lnd.contact_email as email,
        lnd.contact_phone as phone,
        lnd.country,
        lnd.lead_time_days,
        coalesce(lnd.is_active, true) as is_active,
        lnd.updated_at
    from {{ ref('stg_mysql__suppliers') }} as lnd
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('suppliers', mark) }},

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
        entity_id as supplier_id,
        _source_order,
        supplier_name,
        {{ pseudonym('email') }} as contact_email_hash,
        {{ mask_email('email') }} as contact_email_masked,
        country,
        lead_time_days,
        is_active,
        updated_at
    from disposed
)

select * from final
