-- Each order line with its order, the versions of product and customer at the time of sale, and amounts in the
-- reporting currency. Deleted lines and lines whose order has not arrived stay, flagged.
-- Grain: one row per order_item_id. Late data: a line is computed again when it, its order, its product or its
-- customer is touched; each parent has its own mark.
{{ config(merge_config(unique_key='order_item_id', partitioned_by='month(order_date)')) }}
{% set item_mark = mark('_item_batch_id') -%}
{% set order_mark = mark('_order_batch_id') -%}
{% set product_mark = mark('_product_batch_id') -%}
{% set customer_mark = mark('_customer_batch_id') -%}

with items as (
    select itm.*
    from {{ ref('int_order_items') }} as itm
    {% if item_mark -%}
    where
        itm._batch_id >= {{ item_mark }}
        or {{ touched_since(order_mark, 'itm.order_id', ref('int_orders'), 'order_id') }}
        or {{ touched_since(product_mark, 'itm.product_id', ref('int_products_history'), 'product_id') }}
        or itm.order_id in (
            select ord.order_id
            from {{ ref('int_orders') }} as ord
            where {{ touched_since(customer_mark, 'ord.customer_id', ref('int_customers_history'), 'customer_id') }}
        )
    {%- endif %}
),

products as (
    {{ version_spans(ref('int_products_history')) }}
),

customers as (
    {{ version_spans(ref('int_customers_history')) }}
),

final as (
    select
        itm.order_item_id,
        itm.order_id,
        itm.line_number,
        itm.product_id,
        {{ version_key('pro', 'product_id') }} as product_sk,
        coalesce(pro.category, 'unknown') as category,
        ord.customer_id,
        {{ version_key('cus', 'customer_id') }} as customer_sk,
        coalesce(cou.region_id, 'UNKNOWN') as region_id,
        itm.line_type,
        ord.order_status,
        cast(ord.created_at as date) as order_date,
        ord.created_at as ordered_at,
        itm.quantity,
        itm.unit_price,
        itm.currency_code,
        itm.line_amount,
        itm.discount_amount,
        itm.tax_amount,
        itm.shipping_amount,
        cast(itm.line_amount - itm.discount_amount as decimal(18, 2)) as net_amount,
        {{ reporting_amount('itm.line_amount - itm.discount_amount', 'rat.reporting_rate') }} as net_reporting_amount,
        itm.is_deleted or coalesce(ord.is_deleted, false) as is_deleted,
        ord.order_id is null as is_order_pending,
        pro.product_id is null as is_product_pending,
        coalesce(ord.order_status not in ('cancelled', 'unavailable'), false) as is_revenue,
        itm._batch_id as _item_batch_id,
        ord._batch_id as _order_batch_id,
        pro._batch_id as _product_batch_id,
        cus._batch_id as _customer_batch_id,
        {{ newest_batch(['itm._batch_id', 'ord._batch_id', 'pro._batch_id', 'cus._batch_id']) }} as _batch_id
    from items as itm
    left join {{ ref('int_orders') }} as ord on itm.order_id = ord.order_id
    left join {{ ref('countries') }} as cou on ord.country = cou.country
    left join products as pro
        on itm.product_id = pro.product_id and {{ is_version_at('pro', 'coalesce(ord.created_at, itm.created_at)') }}
    left join customers as cus
        on ord.customer_id = cus.customer_id and {{ is_version_at('cus', 'ord.created_at') }}
    left join {{ ref('int_reporting_rates') }} as rat
        on
            itm.currency_code = rat.currency_code
            and cast(coalesce(ord.created_at, itm.created_at) as date) >= rat.valid_from
            and cast(coalesce(ord.created_at, itm.created_at) as date) < rat.valid_to
)

select * from final
