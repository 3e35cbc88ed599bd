-- Stock of each product in each warehouse at the end of every day on which it moved.
-- Grain: one row per product_id, warehouse_id and level_date.
-- Late data: the levels from the first day that a touched movement ever named are written again, added up from the
-- first movement on; days that are gone vanish.
{{ config(merge_config(unique_key=['product_id', 'warehouse_id', 'level_date'], vanishing=true)) }}
{% set mark = mark() -%}
{% set measures = ['moved_quantity', 'sold_quantity', 'on_hand_quantity', '_batch_id'] -%}

with touched as (
    select
        rec.product_id,
        rec.warehouse_id,
        min(cast(rec.created_at as date)) as first_date
    from {{ ref('int_inventory_movements_validated') }} as rec
    where {{ touched_since(mark, 'rec.movement_id', ref('int_inventory_movements'), 'movement_id') }}
    group by rec.product_id, rec.warehouse_id
),

days as (
    select
        mov.product_id,
        mov.warehouse_id,
        cast(mov.created_at as date) as level_date,
        tou.first_date,
        sum(mov.quantity) as moved_quantity,
        sum(case when mov.movement_type = 'sale' then -mov.quantity else 0 end) as sold_quantity,
        max(mov._batch_id) as day_batch_id
    from {{ ref('int_inventory_movements') }} as mov
    inner join touched as tou on mov.product_id = tou.product_id and mov.warehouse_id = tou.warehouse_id
    where not mov.is_deleted
    group by mov.product_id, mov.warehouse_id, cast(mov.created_at as date), tou.first_date
),

levels as (
    select
        product_id,
        warehouse_id,
        level_date,
        first_date,
        cast(moved_quantity as bigint) as moved_quantity,
        cast(sold_quantity as bigint) as sold_quantity,
        cast(sum(moved_quantity) over (
            partition by product_id, warehouse_id order by level_date
        ) as bigint) as on_hand_quantity,
        max(day_batch_id) over (partition by product_id, warehouse_id order by level_date) as _batch_id
    from days
),

final as (
    select * from levels
    where level_date >= first_date
)

{% set is_touched -%}
exists (
    select 1 from touched as tou
    where
        prv.product_id = tou.product_id
        and prv.warehouse_id = tou.warehouse_id
        and prv.level_date >= tou.first_date
)
{%- endset -%}
{{ with_vanished(['product_id', 'warehouse_id', 'level_date'], measures, mark, is_touched) }}
