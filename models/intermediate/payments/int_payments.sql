-- Current state of each payment: its newest change in source order.
-- Grain: one row per payment_id. Late data: a touched payment is computed again from all its changes.
{{ config(merge_config(unique_key='payment_id')) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.payment_id,
        chg._source_order,
        chg.order_id,
        chg.currency_code,
        chg.payment_amount,
        chg.captured_amount,
        chg.refunded_amount,
        chg.payment_status,
        chg.is_captured,
        chg.payment_method,
        chg.created_at,
        chg.updated_at,
        row_number() over (
            partition by chg.payment_id order by chg._source_order desc
        ) as recency,
        max(chg._batch_id) over (partition by chg.payment_id) as _batch_id
    from {{ ref('int_payments_validated') }} as chg
    where
        {{ touched_since(mark, 'chg.payment_id', ref('int_payments_validated'), 'payment_id') }}
        and chg._disposition = 'kept'
),

final as (
    select
        chg.payment_id,
        chg.order_id,
        chg.currency_code,
        cast(chg.payment_amount as decimal(18, 2)) as payment_amount,
        cast(chg.captured_amount as decimal(18, 2)) as captured_amount,
        cast(chg.refunded_amount as decimal(18, 2)) as refunded_amount,
        chg.payment_status,
        chg.is_captured,
        chg.payment_method,
        chg.created_at,
        chg.updated_at,
        chg._source_order,
        chg._batch_id
    from changes as chg
    where chg.recency = 1
)

select * from final
