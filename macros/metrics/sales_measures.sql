{#
  The measures of sold lines that every sales aggregate shares. Distinct orders and customers of two groups must not be
  added up: a coarser grain has an aggregate of its own.
#}
{% macro sales_measures() -%}
    cast(sum(net_reporting_amount) as decimal(18, 2)) as revenue_amount,
        count(distinct order_id) as order_count,
        count(*) as line_count,
        cast(sum(quantity) as bigint) as unit_count,
        count(distinct customer_id) as customer_count
{%- endmacro %}
