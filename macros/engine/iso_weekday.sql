{# Day of the week of a date, Monday 1 to Sunday 7. #}
{% macro iso_weekday(date) -%}
    {{ return(adapter.dispatch('iso_weekday', 'lakehouse')(date)) }}
{%- endmacro %}

{% macro default__iso_weekday(date) %}{{ unsupported_adapter('iso_weekday') }}{% endmacro %}

{% macro duckdb__iso_weekday(date) -%} cast(isodow({{ date }}) as integer) {%- endmacro %}

{% macro athena__iso_weekday(date) -%} cast(day_of_week({{ date }}) as integer) {%- endmacro %}
