-- Current state of each order: its newest change in source order; a deleted one stays, flagged.
-- Grain: one row per order_id. Late data: a touched order is computed again from all its changes.
{{ config(merge_config(unique_key='order_id')) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.order_id,
        chg._source_order,
        chg.operation,
        chg.changed_at,
        chg.customer_id,
        chg.order_type,
        chg.order_status,
        chg.channel,
        chg.country,
        chg.currency_code,
        chg.lines_amount,
        chg.discount_amount,
        chg.tax_amount,
        chg.shipping_amount,
        chg.total_amount,
        chg.email_hash,
        chg.email_masked,
        chg.phone_hash,
        chg.phone_masked,
        chg.created_at,
        chg.updated_at,
        row_number() over (
            partition by chg.order_id order by chg._source_order desc
        ) as recency,
        max(chg._batch_id) over (partition by chg.order_id) as _batch_id
    from {{ ref('int_order_changes') }} as chg
    where
        {{ touched_since(mark, 'chg.order_id', ref('int_order_changes'), 'order_id') }}
),

final as (
    select
        chg.order_id,
        chg.customer_id,
        chg.order_type,
        chg.order_status,
        chg.channel,
        chg.country,
        chg.currency_code,
        cast(chg.lines_amount as decimal(18, 2)) as lines_amount,
        cast(chg.discount_amount as decimal(18, 2)) as discount_amount,
        cast(chg.tax_amount as decimal(18, 2)) as tax_amount,
        cast(chg.shipping_amount as decimal(18, 2)) as shipping_amount,
        cast(chg.total_amount as decimal(18, 2)) as total_amount,
        chg.email_hash,
        chg.email_masked,
        chg.phone_hash,
        chg.phone_masked,
        chg.created_at,
        chg.updated_at,
        chg.operation = 'd' as is_deleted,
        chg.changed_at,
        chg._source_order,
        chg._batch_id
    from changes as chg
    where chg.recency = 1
)

select * from final
