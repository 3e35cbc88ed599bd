-- Charges with what was refunded of them. A charge whose order has not arrived is kept and flagged.
-- Grain: one row per payment_id. Late data: a charge is computed again when it, a refund of it or its order is touched.
{{ config(merge_config(unique_key='payment_id', partitioned_by='month(charge_date)')) }}
{% set payment_mark = mark('_payment_batch_id') -%}
{% set refund_mark = mark('_refund_batch_id') -%}
{% set order_mark = mark('_order_batch_id') -%}

with refunds as (
    select
        payment_id,
        sum(case when refund_status = 'succeeded' then refund_amount else 0 end) as refund_amount,
        count(*) as refund_count,
        max(_batch_id) as _batch_id
    from {{ ref('int_refunds') }}
    group by payment_id
),

payments as (
    select pay.*
    from {{ ref('int_payments') }} as pay
    {% if payment_mark -%}
    where
        pay._batch_id >= {{ payment_mark }}
        -- A refund that moves to another charge leaves its old one right: each charge that any record of it named.
        or pay.payment_id in (
            select rec.payment_id
            from {{ ref('int_refunds_validated') }} as rec
            where {{ touched_since(refund_mark, 'rec.refund_id', ref('int_refunds'), 'refund_id') }}
        )
        or {{ touched_since(order_mark, 'pay.order_id', ref('int_orders'), 'order_id') }}
    {%- endif %}
),

final as (
    select
        pay.payment_id,
        pay.order_id,
        pay.payment_status,
        pay.payment_method,
        pay.currency_code,
        pay.payment_amount,
        pay.captured_amount,
        pay.refunded_amount as stated_refunded_amount,
        cast(coalesce(rfd.refund_amount, 0) as decimal(18, 2)) as refunded_amount,
        cast(coalesce(rfd.refund_count, 0) as bigint) as refund_count,
        {{ reporting_amount('pay.captured_amount', 'rat.reporting_rate') }} as captured_reporting_amount,
        pay.created_at as charged_at,
        cast(pay.created_at as date) as charge_date,
        pay.order_id is not null and ord.order_id is null as is_order_pending,
        pay._batch_id as _payment_batch_id,
        rfd._batch_id as _refund_batch_id,
        ord._batch_id as _order_batch_id,
        {{ newest_batch(['pay._batch_id', 'rfd._batch_id', 'ord._batch_id']) }} as _batch_id
    from payments as pay
    left join refunds as rfd on pay.payment_id = rfd.payment_id
    left join {{ ref('int_orders') }} as ord on pay.order_id = ord.order_id
    left join {{ ref('int_reporting_rates') }} as rat
        on
            pay.currency_code = rat.currency_code
            and cast(pay.created_at as date) >= rat.valid_from
            and cast(pay.created_at as date) < rat.valid_to
)

select * from final
