-- Current state of each order item: its newest change in source order; a deleted one stays, flagged.
-- Grain: one row per order_item_id. Late data: a touched order item is computed again from all its changes.
{{ config(merge_config(unique_key='order_item_id')) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.order_item_id,
        chg._source_order,
        chg.operation,
        chg.changed_at,
        chg.order_id,
        chg.line_number,
        chg.product_id,
        chg.line_type,
        chg.description,
        chg.quantity,
        chg.unit_price,
        chg.line_amount,
        chg.discount_amount,
        chg.tax_amount,
        chg.shipping_amount,
        chg.currency_code,
        chg.created_at,
        chg.updated_at,
        row_number() over (
            partition by chg.order_item_id order by chg._source_order desc
        ) as recency,
        max(chg._batch_id) over (partition by chg.order_item_id) as _batch_id
    from {{ ref('int_order_item_changes') }} as chg
    where
        {{ touched_since(mark, 'chg.order_item_id', ref('int_order_item_changes'), 'order_item_id') }}
),

final as (
    select
        chg.order_item_id,
        chg.order_id,
        chg.line_number,
        chg.product_id,
        chg.line_type,
        chg.description,
        chg.quantity,
        chg.unit_price,
        cast(chg.line_amount as decimal(18, 2)) as line_amount,
        cast(chg.discount_amount as decimal(18, 2)) as discount_amount,
        cast(chg.tax_amount as decimal(18, 2)) as tax_amount,
        cast(chg.shipping_amount as decimal(18, 2)) as shipping_amount,
        chg.currency_code,
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
