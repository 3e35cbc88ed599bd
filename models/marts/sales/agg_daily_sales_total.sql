-- Daily sales over all categories, with the average order value and the revenue so far, in the reporting currency.
-- Grain: one row per order_date.

select
    order_date,
    revenue_amount,
    order_count,
    line_count,
    unit_count,
    customer_count,
    {{ ratio('revenue_amount', 'order_count') }} as average_order_amount,
    cast(sum(revenue_amount) over (
        order by order_date rows between unbounded preceding and current row
    ) as decimal(18, 2)) as cumulative_revenue_amount,
    _batch_id
from {{ ref('int_daily_sales') }}
