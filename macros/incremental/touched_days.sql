{#
  Subquery of the days (column `touched_date`) that rows at or after the mark belong to: each day that any version of
  an order with a touched line ever had, so that an order which moves to another day leaves its old one right.
#}
{% macro touched_days(mark) -%}
    select distinct cast(his.created_at as date) as touched_date
    from {{ ref('int_orders_history') }} as his
    where {{ touched_since(mark, 'his.order_id', ref('int_order_lines'), 'order_id') }}
{%- endmacro %}
