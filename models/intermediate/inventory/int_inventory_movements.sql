-- Current state of each inventory movement: its newest change in source order; a deleted one stays, flagged.
-- Grain: one row per movement_id. Late data: a touched inventory movement is computed again from all its changes.
{{ config(merge_config(unique_key='movement_id')) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.movement_id,
        chg._source_order,
        chg.operation,
        chg.changed_at,
        chg.product_id,
        chg.warehouse_id,
        chg.movement_type,
        chg.quantity,
        chg.order_id,
        chg.created_at,
        row_number() over (
            partition by chg.movement_id order by chg._source_order desc
        ) as recency,
        max(chg._batch_id) over (partition by chg.movement_id) as _batch_id
    from {{ ref('int_inventory_movement_changes') }} as chg
    where
        {{ touched_since(mark, 'chg.movement_id', ref('int_inventory_movement_changes'), 'movement_id') }}
),

final as (
    select
        chg.movement_id,
        chg.product_id,
        chg.warehouse_id,
        chg.movement_type,
        chg.quantity,
        chg.order_id,
        chg.created_at,
        chg.operation = 'd' as is_deleted,
        chg.changed_at,
        chg._source_order,
        chg._batch_id
    from changes as chg
    where chg.recency = 1
)

select * from final
