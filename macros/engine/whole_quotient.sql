{# How many times the divisor goes into the dividend; NULL where it is 0. Both are whole numbers, neither below 0. #}
{% macro whole_quotient(dividend, divisor) -%}
    {{ return(adapter.dispatch('whole_quotient', 'lakehouse')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__whole_quotient(dividend, divisor) %}{{ unsupported_adapter('whole_quotient') }}{% endmacro %}

{% macro duckdb__whole_quotient(dividend, divisor) -%}
    ({{ dividend }}) // nullif({{ divisor }}, 0)
{%- endmacro %}

{# Trino's division of whole numbers cuts off. #}
{% macro athena__whole_quotient(dividend, divisor) -%}
    ({{ dividend }}) / nullif({{ divisor }}, 0)
{%- endmacro %}
