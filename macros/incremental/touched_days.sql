{#
  Subquery of the days (column `touched_date`) that lines at or after their marks belong to: each day that any record of
  an order with a touched line ever named, so that an order which moves to another day leaves its old one right. The
  duplicates count too: within an open batch a conflicting record may take the place of the one that was kept. `marks` is
  as in touched_since_any.
#}
{% macro touched_days(marks) -%}
    select distinct cast(rec.created_at as date) as touched_date
    from {{ ref('int_orders_validated') }} as rec
    where {{ touched_since_any(marks, 'rec.order_id', ref('int_order_lines'), 'order_id') }}
{%- endmacro %}
