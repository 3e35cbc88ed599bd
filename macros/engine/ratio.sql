{#
  Quotient of two amounts as decimal(18, 2), rounded half away from zero; NULL where the divisor is 0. Goes through
  double on both engines, for DuckDB divides decimals to double and Trino to a decimal of its own scale.
#}
{% macro ratio(dividend, divisor) -%}
    cast(round(cast({{ dividend }} as double) / nullif(cast({{ divisor }} as double), 0), 2) as decimal(18, 2))
{%- endmacro %}
