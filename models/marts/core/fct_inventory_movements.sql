-- Stock movements that still exist, with the product's category. Grain: one row per movement_id.

select
    mov.movement_id,
    mov.product_id,
    mov.warehouse_id,
    mov.movement_type,
    mov.quantity,
    mov.order_id,
    mov.created_at as moved_at,
    cast(mov.created_at as date) as movement_date,
    pro.product_id is null as is_product_pending,
    mov._batch_id
from {{ ref('int_inventory_movements') }} as mov
left join {{ ref('int_products') }} as pro on mov.product_id = pro.product_id
where not mov.is_deleted
