-- The target of each month, region and category in the reporting currency, and what was sold against it.
-- Grain: one row per target_month, region_id and category. Sales that no target was set for are not in it.

with targets as (
    select
        tgt.target_month,
        tgt.region_id,
        tgt.category,
        tgt.target_amount,
        tgt.currency_code,
        {{ reporting_amount('tgt.target_amount', 'rat.reporting_rate') }} as target_reporting_amount,
        tgt.version_count - 1 as revision_count,
        tgt.issued_at,
        tgt._batch_id
    from {{ ref('int_sales_targets') }} as tgt
    left join {{ ref('int_reporting_rates') }} as rat
        on
            tgt.currency_code = rat.currency_code
            and tgt.target_month >= rat.valid_from
            and tgt.target_month < rat.valid_to
),

sales as (
    select
        cast({{ dbt.date_trunc('month', 'order_date') }} as date) as sales_month,
        region_id,
        category,
        sum(net_reporting_amount) as revenue_amount
    from {{ ref('int_order_lines') }}
    where
        is_revenue
        and not is_deleted
    group by cast({{ dbt.date_trunc('month', 'order_date') }} as date), region_id, category
)

select
    tgt.target_month,
    tgt.region_id,
    tgt.category,
    tgt.target_amount,
    tgt.currency_code,
    tgt.target_reporting_amount,
    cast(coalesce(sal.revenue_amount, 0) as decimal(18, 2)) as revenue_amount,
    {{ ratio('coalesce(sal.revenue_amount, 0)', 'tgt.target_reporting_amount') }} as attainment_ratio,
    tgt.revision_count,
    tgt.issued_at,
    tgt._batch_id
from targets as tgt
left join sales as sal
    on tgt.target_month = sal.sales_month and tgt.region_id = sal.region_id and tgt.category = sal.category
