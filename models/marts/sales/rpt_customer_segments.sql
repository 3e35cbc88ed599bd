-- Customers by their lifetime value in the reporting currency: VIP above 10,000, High above 5,000, Medium above 1,000.
-- Grain: one row per customer_id.
-- Late data: every customer that any record of a touched order ever named is computed again.
{{ config(merge_config(unique_key='customer_id', vanishing=true)) }}
{% set item_mark = mark('_item_batch_id') -%}
{% set order_mark = mark('_order_batch_id') -%}
{% set customer_mark = mark('_customer_batch_id') -%}

with touched as (
    select cus.*
    from {{ ref('int_customers') }} as cus
    {% if customer_mark -%}
    where
        {{ touched_since(customer_mark, 'cus.customer_id', ref('int_customers'), 'customer_id') }}
        or cus.customer_id in (
            select rec.customer_id
            from {{ ref('int_orders_validated') }} as rec
            where {{ touched_since_any(
                {'_item_batch_id': item_mark, '_order_batch_id': order_mark},
                'rec.order_id', ref('int_order_lines'), 'order_id'
            ) }}
        )
    {%- endif %}
),

sales as (
    select
        customer_id,
        sum(net_reporting_amount) as lifetime_amount,
        count(distinct order_id) as order_count,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date,
        max(_item_batch_id) as _item_batch_id,
        max(_order_batch_id) as _order_batch_id
    from {{ ref('int_order_lines') }}
    where
        is_revenue
        and not is_deleted
        and customer_id in (select touched.customer_id from touched)
    group by customer_id
),

final as (
    select
        cus.customer_id,
        cast(coalesce(sal.lifetime_amount, 0) as decimal(18, 2)) as lifetime_amount,
        cast(coalesce(sal.order_count, 0) as bigint) as order_count,
        sal.first_order_date,
        sal.last_order_date,
        {{ customer_segment('coalesce(sal.lifetime_amount, 0)') }} as customer_segment,
        cus.is_deleted as _is_vanished,
        cus._batch_id as _customer_batch_id,
        sal._item_batch_id,
        sal._order_batch_id,
        {{ newest_batch(['cus._batch_id', 'sal._item_batch_id', 'sal._order_batch_id']) }} as _batch_id
    from touched as cus
    left join sales as sal on cus.customer_id = sal.customer_id
    {% if not customer_mark %}where not cus.is_deleted{% endif %}
)

select * from final
