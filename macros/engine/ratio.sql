{#
  Quotient of two amounts as decimal(18, 2), rounded half away from zero; NULL where the divisor is 0. Both amounts have
  at most four decimals. Computed in whole numbers: through double, 201 / 200 would be 1.00.
#}
{% macro ratio(dividend, divisor) -%}
    {{ return(adapter.dispatch('ratio', 'lakehouse')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__ratio(dividend, divisor) %}{{ unsupported_adapter('ratio') }}{% endmacro %}

{# Hundredths are (2 * dividend + divisor) // (2 * divisor) of the absolute values; // cuts off. #}
{% macro duckdb__ratio(dividend, divisor) -%}
    {%- set units = "cast(abs(cast(%s as decimal(22, 4))) * %s as hugeint)" -%}
    cast(
        sign({{ dividend }}) * sign({{ divisor }})
        * cast(
            ({{ units | format(dividend, 2000000) }} + {{ units | format(divisor, 10000) }})
            // nullif({{ units | format(divisor, 20000) }}, 0)
            as decimal(20, 0)
        ) * cast(0.01 as decimal(3, 2))
        as decimal(18, 2)
    )
{%- endmacro %}

{# Trino rounds a quotient of decimals half away from zero to the scale of its operands, here 0. #}
{% macro athena__ratio(dividend, divisor) -%}
    cast(
        cast(cast({{ dividend }} as decimal(22, 4)) * 1000000 as decimal(38, 0))
        / nullif(cast(cast({{ divisor }} as decimal(22, 4)) * 10000 as decimal(38, 0)), 0)
        * cast(0.01 as decimal(3, 2))
        as decimal(18, 2)
    )
{%- endmacro %}
