-- Every landed record of files of monthly sales targets with its one disposition: kept, duplicate or quarantined.
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
        lnd.target_id as entity_id,
        lnd._source_order,
        lnd._parse_errors,
        lnd.target_month,
        lnd.region_id,
        lnd.category,
        lnd.target_amount,
        lnd.currency_code,
        lnd.issued_at,
        cur.minor_unit_digits,
        reg.region_name,
        lnd.csv_error
    from {{ ref('stg_uploads__sales_targets') }} as lnd
    left join {{ ref('currencies') }} as cur on lnd.currency_code = cur.currency_code
    left join {{ ref('regions') }} as reg on lnd.region_id = reg.region_id
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('sales_targets', mark) }},

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
        entity_id as target_id,
        _source_order,
        target_month,
        region_id,
        category,
        target_amount,
        currency_code,
        issued_at
    from disposed
)

select * from final
