-- Current state of each campaign's day of spend: its newest version in source order.
-- Grain: one row per spend_id. Late data: a touched campaign's day of spend is computed again from all its versions.
{{ config(merge_config(unique_key='spend_id')) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.spend_id,
        chg._source_order,
        chg.campaign_id,
        chg.campaign_name,
        chg.marketing_channel,
        chg.spend_date,
        chg.spend_amount,
        chg.currency_code,
        chg.impressions,
        chg.clicks,
        chg.reported_at,
        row_number() over (
            partition by chg.spend_id order by chg._source_order desc
        ) as recency,
        count(*) over (partition by chg.spend_id) as version_count,
        max(chg._batch_id) over (partition by chg.spend_id) as _batch_id
    from {{ ref('int_marketing_spend_validated') }} as chg
    where
        {{ touched_since(mark, 'chg.spend_id', ref('int_marketing_spend_validated'), 'spend_id') }}
        and chg._disposition = 'kept'
),

final as (
    select
        chg.spend_id,
        chg.campaign_id,
        chg.campaign_name,
        chg.marketing_channel,
        chg.spend_date,
        chg.spend_amount,
        chg.currency_code,
        chg.impressions,
        chg.clicks,
        chg.reported_at,
        chg.version_count,
        chg._source_order,
        chg._batch_id
    from changes as chg
    where chg.recency = 1
)

select * from final
