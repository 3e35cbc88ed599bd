-- Validity of every version of each inventory movement. A late change splits an interval and removes none.
-- Grain: one row per movement_id and position in the source.
-- Late data: a touched inventory movement is cut again as a whole.
{{ config(merge_config(unique_key=['movement_id', '_source_order'])) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.movement_id,
        chg._source_order,
        chg.operation,
        chg.product_id,
        chg.warehouse_id,
        chg.movement_type,
        chg.quantity,
        chg.order_id,
        chg.created_at,
        {{ validity('chg', 'movement_id') }}
    from {{ ref('int_inventory_movement_changes') }} as chg
    where {{ touched_since(mark, 'chg.movement_id', ref('int_inventory_movement_changes'), 'movement_id') }}
),

final as (
    select
        movement_id,
        _source_order,
        version_number,
        product_id,
        warehouse_id,
        movement_type,
        quantity,
        order_id,
        created_at,
        valid_from,
        valid_to,
        valid_to is null as is_current,
        operation = 'd' as is_deleted,
        _batch_id
    from changes
)

select * from final
