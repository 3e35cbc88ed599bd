-- Every landed record of customer files with its one disposition: kept, duplicate or quarantined.
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
        lnd.customer_id as entity_id,
        lnd._source_order,
        lnd._parse_errors,
        lnd.full_name as person_name,
        lnd.email,
        lnd.phone,
        lnd.birth_date,
        lnd.loyalty_tier,
        lnd.has_marketing_consent,
        lnd.exported_at,
        lnd.csv_error
    from {{ ref('stg_uploads__customer_files') }} as lnd
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('customer_files', mark) }},

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
        entity_id as customer_id,
        _source_order,
        {{ pseudonym('email') }} as email_hash,
        extract(year from birth_date) as birth_year,
        loyalty_tier,
        has_marketing_consent,
        exported_at
    from disposed
)

select * from final
