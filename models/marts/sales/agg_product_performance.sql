-- Sales of each month and product in the reporting currency.
-- Grain: one row per sales_month and product_id. Late data: whole touched months are computed again, groups that are gone vanish.
{{ config(merge_config(unique_key=['sales_month', 'product_id'], vanishing=true)) }}
{% set mark = mark() -%}
{% set measures = ['revenue_amount', 'order_count', 'line_count', 'unit_count', 'customer_count'] -%}

with touched as (
    select distinct cast({{ dbt.date_trunc('month', 'days.touched_date') }} as date) as touched_month
    from ({{ touched_days(mark) }}) as days
),

sales as (
    select
        cast({{ dbt.date_trunc('month', 'order_date') }} as date) as sales_month,
        product_id,
        {{ sales_measures() }},
        max(_batch_id) as _batch_id,
        false as _is_vanished
    from {{ ref('fct_order_lines') }}
    where
        is_revenue
        and cast({{ dbt.date_trunc('month', 'order_date') }} as date) in (select touched.touched_month from touched)
    group by cast({{ dbt.date_trunc('month', 'order_date') }} as date), product_id
),

vanished as (
    {% if mark -%}
    select
        old.sales_month,
        old.product_id,
        {%- for measure in measures %}
        old.{{ measure }},
        {%- endfor %}
        old._batch_id,
        true as _is_vanished
    from {{ this }} as old
    left join sales as sal on old.sales_month = sal.sales_month and old.product_id = sal.product_id
    where
        sal.sales_month is null
        and old.sales_month in (select touched.touched_month from touched)
    {%- else -%}
    select * from sales where false
    {%- endif %}
)

select * from sales
union all
select * from vanished
