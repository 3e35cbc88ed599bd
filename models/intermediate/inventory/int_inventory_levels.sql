-- Stock of each product in each warehouse at the end of every day on which it moved.
-- Grain: one row per product_id, warehouse_id and level_date.
-- Late data: the levels from the first day that a touched movement ever named are computed again, on top of the level
-- before that day; days that are gone vanish.
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

opening as (
    {% if mark -%}
    select
        prv.product_id,
        prv.warehouse_id,
        prv.on_hand_quantity,
        prv._batch_id,
        row_number() over (
            partition by prv.product_id, prv.warehouse_id order by prv.level_date desc
        ) as recency
    from {{ this }} as prv
    inner join touched as tou
        on prv.product_id = tou.product_id and prv.warehouse_id = tou.warehouse_id and prv.level_date < tou.first_date
    {%- else -%}
    select
        cast(null as varchar) as product_id,
        cast(null as varchar) as warehouse_id,
        cast(0 as bigint) as on_hand_quantity,
        cast(0 as bigint) as _batch_id,
        1 as recency
    where false
    {%- endif %}
),

days as (
    select
        mov.product_id,
        mov.warehouse_id,
        cast(mov.created_at as date) as level_date,
        sum(mov.quantity) as moved_quantity,
        sum(case when mov.movement_type = 'sale' then -mov.quantity else 0 end) as sold_quantity,
        max(mov._batch_id) as day_batch_id
    from {{ ref('int_inventory_movements') }} as mov
    inner join touched as tou
        on
            mov.product_id = tou.product_id
            and mov.warehouse_id = tou.warehouse_id
            and cast(mov.created_at as date) >= tou.first_date
    where not mov.is_deleted
    group by mov.product_id, mov.warehouse_id, cast(mov.created_at as date)
),

levels as (
    select
        mvd.product_id,
        mvd.warehouse_id,
        mvd.level_date,
        cast(mvd.moved_quantity as bigint) as moved_quantity,
        cast(mvd.sold_quantity as bigint) as sold_quantity,
        cast(coalesce(opn.on_hand_quantity, 0) + sum(mvd.moved_quantity) over (
            partition by mvd.product_id, mvd.warehouse_id order by mvd.level_date
        ) as bigint) as on_hand_quantity,
        greatest(coalesce(opn._batch_id, 0), max(mvd.day_batch_id) over (
            partition by mvd.product_id, mvd.warehouse_id order by mvd.level_date
        )) as _batch_id,
        false as _is_vanished
    from days as mvd
    left join opening as opn
        on mvd.product_id = opn.product_id and mvd.warehouse_id = opn.warehouse_id and opn.recency = 1
)

select * from levels
{% if mark -%}
union all
select
    prv.product_id,
    prv.warehouse_id,
    prv.level_date,
    {%- for measure in measures %}
    prv.{{ measure }},
    {%- endfor %}
    true as _is_vanished
from {{ this }} as prv
inner join touched as tou
    on prv.product_id = tou.product_id and prv.warehouse_id = tou.warehouse_id and prv.level_date >= tou.first_date
left join levels as cur
    on
        prv.product_id = cur.product_id
        and prv.warehouse_id = cur.warehouse_id
        and prv.level_date = cur.level_date
where cur.level_date is null
{%- endif %}
