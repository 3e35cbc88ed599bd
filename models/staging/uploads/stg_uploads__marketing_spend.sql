-- Landed records of files of the campaigns' daily spend, typed. Grain: one row per landed line; nothing is dropped.
{% set columns = {
    'campaign_id': 'varchar', 'campaign_name': 'varchar', 'marketing_channel': 'varchar', 'spend_date': 'date',
    'spend_amount': 'decimal', 'currency_code': 'varchar', 'impressions': 'bigint', 'clicks': 'bigint',
    'reported_at': 'timestamp',
} -%}
{% set paths = {'csv_error': '$.error'} -%}
{% for name in columns -%}
{%- do paths.update({name: '$.record.' ~ name}) -%}
{%- endfor -%}

with landed as (
    {{ json_lines('uploads', 'marketing_spend', paths) }}
),

typed as (
    select
        {{ landed_columns('landed') }},
        landed.csv_error,
        {{ typed_columns(columns, 'landed') }}
    from landed
),

final as (
    select
        _source_file,
        _batch_id,
        _row_hash,
        arrival_date,
        is_parsed,
        campaign_id,
        spend_date,
        campaign_id || '|' || cast(spend_date as varchar) as spend_id,
        {{ to_epoch_seconds('reported_at') }} as _source_order,
        campaign_name,
        lower(marketing_channel) as marketing_channel,
        spend_amount,
        upper(currency_code) as currency_code,
        impressions,
        clicks,
        reported_at,
        csv_error,
        _parse_errors,
        raw_line
    from typed
)

select * from final
