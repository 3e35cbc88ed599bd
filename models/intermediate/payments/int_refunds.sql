-- Current state of each refund: its newest change in source order.
-- Grain: one row per refund_id. Late data: a touched refund is computed again from all its changes.
{{ config(merge_config(unique_key='refund_id')) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.refund_id,
        chg._source_order,
        chg.payment_id,
        chg.currency_code,
        chg.refund_amount,
        chg.refund_status,
        chg.refund_reason,
        chg.created_at,
        chg.updated_at,
        row_number() over (
            partition by chg.refund_id order by chg._source_order desc
        ) as recency,
        max(chg._batch_id) over (partition by chg.refund_id) as _batch_id
    from {{ ref('int_refunds_validated') }} as chg
    where
        {{ touched_since(mark, 'chg.refund_id', ref('int_refunds_validated'), 'refund_id') }}
        and chg._disposition = 'kept'
),

final as (
    select
        chg.refund_id,
        chg.payment_id,
        chg.currency_code,
        cast(chg.refund_amount as decimal(18, 2)) as refund_amount,
        chg.refund_status,
        chg.refund_reason,
        chg.created_at,
        chg.updated_at,
        chg._source_order,
        chg._batch_id
    from changes as chg
    where chg.recency = 1
)

select * from final
