{#
  As `ratio`, for two bigint that are not below 0, without its wide decimals: hundredths are
  (200 * dividend + divisor) / (2 * divisor) without the rest, which rounds half up. Fails from 10^14 on.
#}
{% macro ratio_of_counts(dividend, divisor) -%}
    {%- set hundredths = whole_quotient('200 * (' ~ dividend ~ ') + ' ~ divisor, '2 * ' ~ divisor) -%}
    cast({{ hundredths }} as decimal(16, 0)) * cast(0.01 as decimal(2, 2))
{%- endmacro %}
