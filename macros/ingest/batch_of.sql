{# Arrival key of an arrival day: '2025-01-15' is 2025011500, with two digits for the hour. #}
{% macro batch_of(arrival_date) -%}
    cast(replace({{ arrival_date }}, '-', '') as bigint) * 100
{%- endmacro %}
