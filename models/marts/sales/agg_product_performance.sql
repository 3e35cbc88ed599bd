-- Sales of each month and product in the reporting currency.
-- Grain: one row per sales_month and product_id.
-- Late data: whole touched months are computed again, groups that are gone vanish.
{{ config(merge_config(unique_key=['sales_month', 'product_id'], vanishing=true)) }}
{% set item_mark = mark('_item_batch_id') -%}
{% set order_mark = mark('_order_batch_id') -%}
{% set measures = [
    'revenue_amount', 'order_count', 'line_count', 'unit_count', 'customer_count', '_item_batch_id', '_order_batch_id',
    '_batch_id',
] -%}

with days as (
    {{ touched_days({'_item_batch_id': item_mark, '_order_batch_id': order_mark}) }}
),

touched as (
    select distinct cast({{ dbt.date_trunc('month', 'touched_date') }} as date) as touched_month
    from days
),

final as (
    select
        cast({{ dbt.date_trunc('month', 'order_date') }} as date) as sales_month,
        product_id,
        {{ sales_measures() }},
        max(_item_batch_id) as _item_batch_id,
        max(_order_batch_id) as _order_batch_id,
        {{ newest_batch(['max(_item_batch_id)', 'max(_order_batch_id)']) }} as _batch_id
    from {{ ref('int_order_lines') }}
    where
        is_revenue
        and not is_deleted
        and cast({{ dbt.date_trunc('month', 'order_date') }} as date) in (select touched.touched_month from touched)
    group by cast({{ dbt.date_trunc('month', 'order_date') }} as date), product_id
)

{{ with_vanished(
    ['sales_month', 'product_id'], measures, item_mark, 'prv.sales_month in (select touched.touched_month from touched)'
) }}
