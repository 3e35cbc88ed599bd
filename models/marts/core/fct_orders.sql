-- Orders with their lines and payments added up. Deleted orders vanish.
-- Grain: one row per order_id. Late data: an order is computed again when it, a line, a charge or its customer is
-- touched; each parent has its own mark.
{{ config(merge_config(unique_key='order_id', vanishing=true, partitioned_by='month(order_date)')) }}
{% set order_mark = mark('_order_batch_id') -%}
{% set item_mark = mark('_item_batch_id') -%}
{% set line_order_mark = mark('_line_order_batch_id') -%}
{% set payment_mark = mark('_payment_batch_id') -%}
{% set refund_mark = mark('_refund_batch_id') -%}
{% set customer_mark = mark('_customer_batch_id') -%}

with touched as (
    select
        ord.*,
        cast(ord.created_at as date) as order_date
    from {{ ref('int_orders') }} as ord
    {% if order_mark -%}
    where
        ord._batch_id >= {{ order_mark }}
        or {{ touched_since_any(
            {'_item_batch_id': item_mark, '_order_batch_id': line_order_mark},
            'ord.order_id', ref('int_order_lines'), 'order_id'
        ) }}
        -- A charge that moves to another order, or loses a refund to another charge, leaves its old one right: each
        -- order that any record of it named.
        or ord.order_id in (
            select rec.order_id
            from {{ ref('int_payments_validated') }} as rec
            where
                {{ touched_since_any(
                    {'_payment_batch_id': payment_mark, '_refund_batch_id': refund_mark},
                    'rec.payment_id', ref('fct_payments'), 'payment_id'
                ) }}
                or rec.payment_id in (
                    select rfd.payment_id
                    from {{ ref('int_refunds_validated') }} as rfd
                    where {{ touched_since(refund_mark, 'rfd.refund_id', ref('int_refunds'), 'refund_id') }}
                )
        )
        or {{ touched_since(customer_mark, 'ord.customer_id', ref('int_customers_history'), 'customer_id') }}
    {%- else -%}
    where not ord.is_deleted
    {%- endif %}
),

lines as (
    select
        order_id,
        count(case when not is_deleted then 1 end) as line_count,
        sum(case when not is_deleted then line_amount else 0 end) as line_amount,
        sum(case when not is_deleted then net_reporting_amount else 0 end) as net_reporting_amount,
        max(_item_batch_id) as _item_batch_id,
        max(_order_batch_id) as _order_batch_id
    from {{ ref('int_order_lines') }}
    where order_id in (select touched.order_id from touched)
    group by order_id
),

payments as (
    select
        order_id,
        count(*) as payment_count,
        sum(captured_amount) as captured_amount,
        sum(refunded_amount) as refunded_amount,
        max(_payment_batch_id) as _payment_batch_id,
        max(_refund_batch_id) as _refund_batch_id
    from {{ ref('fct_payments') }}
    where order_id in (select touched.order_id from touched)
    group by order_id
),

customers as (
    {{ version_spans(ref('int_customers_history')) }}
),

final as (
    select
        ord.order_id,
        ord.customer_id,
        {{ version_key('cus', 'customer_id') }} as customer_sk,
        coalesce(cou.region_id, 'UNKNOWN') as region_id,
        ord.order_type,
        ord.order_status,
        ord.channel,
        ord.order_date,
        ord.created_at as ordered_at,
        ord.currency_code,
        ord.lines_amount,
        ord.discount_amount,
        ord.tax_amount,
        ord.shipping_amount,
        ord.total_amount,
        cast(coalesce(lin.net_reporting_amount, 0) as decimal(18, 2)) as net_reporting_amount,
        cast(coalesce(lin.line_count, 0) as bigint) as line_count,
        coalesce(lin.line_amount, 0) = ord.lines_amount as is_complete,
        cast(coalesce(pay.payment_count, 0) as bigint) as payment_count,
        cast(coalesce(pay.captured_amount, 0) as decimal(18, 2)) as captured_amount,
        cast(coalesce(pay.refunded_amount, 0) as decimal(18, 2)) as refunded_amount,
        ord.is_deleted as _is_vanished,
        ord._batch_id as _order_batch_id,
        lin._item_batch_id,
        lin._order_batch_id as _line_order_batch_id,
        pay._payment_batch_id,
        pay._refund_batch_id,
        cus._batch_id as _customer_batch_id,
        {{ newest_batch([
            'ord._batch_id', 'lin._item_batch_id', 'lin._order_batch_id', 'pay._payment_batch_id',
            'pay._refund_batch_id', 'cus._batch_id',
        ]) }} as _batch_id
    from touched as ord
    left join lines as lin on ord.order_id = lin.order_id
    left join payments as pay on ord.order_id = pay.order_id
    left join customers as cus
        on ord.customer_id = cus.customer_id and {{ is_version_at('cus', 'ord.created_at') }}
    left join {{ ref('countries') }} as cou on ord.country = cou.country
)

select * from final
