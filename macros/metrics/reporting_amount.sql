{#
  An amount in the reporting currency, rounded to cents, half away from zero. The amount is widened first: DuckDB keeps
  the product of two decimals of 18 digits within 18, which leaves six before the point.
#}
{% macro reporting_amount(amount, rate) -%}
    cast(round(cast({{ amount }} as decimal(28, 4)) * {{ rate }}, 2) as decimal(18, 2))
{%- endmacro %}
