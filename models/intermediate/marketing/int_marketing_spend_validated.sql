-- Every landed record of files of the campaigns' daily spend with its one disposition: kept, duplicate or quarantined.
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
        lnd.spend_id as entity_id,
        lnd._source_order,
        lnd._parse_errors,
        lnd.campaign_id,
        lnd.campaign_name,
        lnd.marketing_channel,
        lnd.spend_date,
        lnd.spend_amount,
        lnd.currency_code,
        lnd.impressions,
        lnd.clicks,
        lnd.reported_at,
        cur.minor_unit_digits,
        cur.large_amount_limit,
        lnd.csv_error
    from {{ ref('stg_uploads__marketing_spend') }} as lnd
    left join {{ ref('currencies') }} as cur on lnd.currency_code = cur.currency_code
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('marketing_spend', mark) }},

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
        entity_id as spend_id,
        _source_order,
        campaign_id,
        campaign_name,
        marketing_channel,
        spend_date,
        spend_amount,
        currency_code,
        impressions,
        clicks,
        reported_at
    from disposed
)

select * from final
