-- Current state of each sales target: its newest version in source order.
-- Grain: one row per target_id. Late data: a touched sales target is computed again from all its versions.
{{ config(merge_config(unique_key='target_id')) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.target_id,
        chg._source_order,
        chg.target_month,
        chg.region_id,
        chg.category,
        chg.target_amount,
        chg.currency_code,
        chg.issued_at,
        row_number() over (
            partition by chg.target_id order by chg._source_order desc
        ) as recency,
        count(*) over (partition by chg.target_id) as version_count,
        max(chg._batch_id) over (partition by chg.target_id) as _batch_id
    from {{ ref('int_sales_targets_validated') }} as chg
    where
        {{ touched_since(mark, 'chg.target_id', ref('int_sales_targets_validated'), 'target_id') }}
        and chg._disposition = 'kept'
),

final as (
    select
        chg.target_id,
        chg.target_month,
        chg.region_id,
        chg.category,
        chg.target_amount,
        chg.currency_code,
        chg.issued_at,
        chg.version_count,
        chg._source_order,
        chg._batch_id
    from changes as chg
    where chg.recency = 1
)

select * from final
