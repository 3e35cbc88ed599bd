-- Sales of each day and category in the reporting currency; agg_daily_sales adds the running figures.
-- Grain: one row per order_date and category.
-- Late data: whole touched days are computed again, groups that are gone vanish.
{{ config(merge_config(unique_key=['order_date', 'category'], vanishing=true)) }}
{% set mark = mark() -%}
{% set measures = ['revenue_amount', 'order_count', 'line_count', 'unit_count', 'customer_count'] -%}

with touched as (
    {{ touched_days(mark) }}
),

sales as (
    select
        order_date,
        category,
        {{ sales_measures() }},
        max(_batch_id) as _batch_id,
        false as _is_vanished
    from {{ ref('int_order_lines') }}
    where
        is_revenue
        and not is_deleted
        and order_date in (select touched.touched_date from touched)
    group by order_date, category
)

select * from sales
{% if mark -%}
union all
select
    prv.order_date,
    prv.category,
    {%- for measure in measures %}
    prv.{{ measure }},
    {%- endfor %}
    prv._batch_id,
    true as _is_vanished
from {{ this }} as prv
left join sales as sal on prv.order_date = sal.order_date and prv.category = sal.category
where
    sal.order_date is null
    and prv.order_date in (select touched.touched_date from touched)
{%- endif %}
