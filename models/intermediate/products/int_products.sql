-- Current state of each product: its newest change in source order; a deleted one stays, flagged.
-- Grain: one row per product_id. Late data: a touched product is computed again from all its changes.
{{ config(merge_config(unique_key='product_id')) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.product_id,
        chg._source_order,
        chg.operation,
        chg.changed_at,
        chg.product_name,
        chg.category,
        chg.supplier_id,
        chg.list_price,
        chg.currency_code,
        chg.is_service,
        chg.is_active,
        chg.created_at,
        chg.updated_at,
        row_number() over (
            partition by chg.product_id order by chg._source_order desc
        ) as recency,
        max(chg._batch_id) over (partition by chg.product_id) as _batch_id
    from {{ ref('int_product_changes') }} as chg
    where
        {{ touched_since(mark, 'chg.product_id', ref('int_product_changes'), 'product_id') }}
),

final as (
    select
        chg.product_id,
        chg.product_name,
        chg.category,
        chg.supplier_id,
        chg.list_price,
        chg.currency_code,
        chg.is_service,
        chg.is_active,
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
