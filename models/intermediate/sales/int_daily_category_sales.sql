-- Sales of each day and category in the reporting currency; agg_daily_sales adds the running figures.
-- Grain: one row per order_date and category.
-- Late data: whole touched days are computed again, groups that are gone vanish.
{{ config(merge_config(unique_key=['order_date', 'category'], vanishing=true)) }}
{% set item_mark = mark('_item_batch_id') -%}
{% set order_mark = mark('_order_batch_id') -%}
{% set product_mark = mark('_product_batch_id') -%}
{% set measures = [
    'revenue_amount', 'order_count', 'line_count', 'unit_count', 'customer_count', '_item_batch_id', '_order_batch_id',
    '_product_batch_id', '_batch_id',
] -%}

with touched as (
    {{ touched_days({
        '_item_batch_id': item_mark, '_order_batch_id': order_mark, '_product_batch_id': product_mark,
    }) }}
),

final as (
    select
        order_date,
        category,
        {{ sales_measures() }},
        max(_item_batch_id) as _item_batch_id,
        max(_order_batch_id) as _order_batch_id,
        max(_product_batch_id) as _product_batch_id,
        {{ newest_batch(['max(_item_batch_id)', 'max(_order_batch_id)', 'max(_product_batch_id)']) }} as _batch_id
    from {{ ref('int_order_lines') }}
    where
        is_revenue
        and not is_deleted
        and order_date in (select touched.touched_date from touched)
    group by order_date, category
)

{{ with_vanished(
    ['order_date', 'category'], measures, item_mark, 'prv.order_date in (select touched.touched_date from touched)'
) }}
