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
        -- Clocks of a source may step back; validity follows the source order, so that intervals never overlap.
        max(chg.changed_at) over (
            partition by chg.movement_id order by chg._source_order
            rows between unbounded preceding and current row
        ) as valid_from,
        max(chg._batch_id) over (partition by chg.movement_id) as _batch_id
    from {{ ref('int_inventory_movement_changes') }} as chg
    where {{ touched_since(mark, 'chg.movement_id', ref('int_inventory_movement_changes'), 'movement_id') }}
),

intervals as (
    select
        chg.*,
        lead(chg.valid_from) over (partition by chg.movement_id order by chg._source_order) as valid_to,
        row_number() over (partition by chg.movement_id order by chg._source_order) as version_number
    from changes as chg
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
    from intervals
)

select * from final
