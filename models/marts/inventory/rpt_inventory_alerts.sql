-- Stock of each product in each warehouse on `as_of_date`, and whether it is below its reorder point: what is sold
-- while the supplier delivers, at the pace of the last 28 days. At the reorder point itself there is no alert.
-- Grain: one row per product_id and warehouse_id.
{{ config(materialized='table') }}
{% set as_of = "date '" ~ var('as_of_date') ~ "'" -%}

with levels as (
    select
        lvl.product_id,
        lvl.warehouse_id,
        lvl.level_date,
        lvl.on_hand_quantity,
        lvl._batch_id,
        row_number() over (partition by lvl.product_id, lvl.warehouse_id order by lvl.level_date desc) as recency,
        sum(case when lvl.level_date > {{ as_of }} - interval '28' day then lvl.sold_quantity else 0 end) over (
            partition by lvl.product_id, lvl.warehouse_id
        ) as sold_28_days_quantity
    from {{ ref('int_inventory_levels') }} as lvl
    where lvl.level_date <= {{ as_of }}
),

thresholds as (
    select
        lvl.*,
        pro.product_name,
        pro.category,
        coalesce(sup.lead_time_days, {{ var('default_lead_time_days') }}) as lead_time_days,
        coalesce(pro.is_active, true) and not coalesce(pro.is_deleted, false) as is_active
    from levels as lvl
    left join {{ ref('int_products') }} as pro on lvl.product_id = pro.product_id
    left join {{ ref('int_suppliers') }} as sup on pro.supplier_id = sup.supplier_id
    where lvl.recency = 1
),

final as (
    select
        product_id,
        warehouse_id,
        product_name,
        category,
        is_active,
        level_date as last_movement_date,
        on_hand_quantity,
        cast(sold_28_days_quantity as bigint) as sold_28_days_quantity,
        cast(lead_time_days as bigint) as lead_time_days,
        cast(ceil(cast(sold_28_days_quantity * lead_time_days as double) / 28) as bigint) as reorder_point_quantity,
        _batch_id
    from thresholds
)

select
    final.*,
    final.is_active and final.on_hand_quantity < final.reorder_point_quantity as is_alert
from final
