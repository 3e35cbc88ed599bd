-- Every landed record of files of survey answers with its one disposition: kept, duplicate or quarantined.
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
        lnd.response_id as entity_id,
        -- An answer is given once: all records of its id are copies of one, whatever they say.
        cast(1 as bigint) as _source_order,
        lnd._parse_errors,
        lnd.customer_id,
        lnd.score,
        lnd.comment,
        lnd.responded_at,
        lnd.csv_error
    from {{ ref('stg_uploads__nps_responses') }} as lnd
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('nps_responses', mark) }},

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
        entity_id as response_id,
        {{ opaque_id('customer_id') }} as customer_id,
        score,
        {{ mask_free_text('comment') }} as comment_masked,
        responded_at
    from disposed
)

select * from final
