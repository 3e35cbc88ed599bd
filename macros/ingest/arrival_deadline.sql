{# The end of the day after arrival: a record that claims a later time comes from the future. #}
{% macro arrival_deadline() -%}
    cast(arrival_date as timestamp) + interval '2' day
{%- endmacro %}
