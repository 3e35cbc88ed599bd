-- What was sold, returned and adjusted, line by line: the lines whose order has arrived and which still exist.
-- Grain: one row per order_item_id. Late data: as int_order_lines.

select
    order_item_id,
    order_id,
    line_number,
    product_id,
    product_sk,
    category,
    customer_id,
    customer_sk,
    region_id,
    line_type,
    order_status,
    order_date,
    ordered_at,
    quantity,
    unit_price,
    currency_code,
    line_amount,
    discount_amount,
    tax_amount,
    shipping_amount,
    net_amount,
    net_reporting_amount,
    is_revenue,
    is_product_pending,
    _batch_id
from {{ ref('int_order_lines') }}
where
    not is_deleted
    and not is_order_pending
