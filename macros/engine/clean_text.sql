{# Text without surrounding white space; NULL where nothing is left. DuckDB's trim alone takes blanks only. #}
{% macro clean_text(text) -%}
    {{ return(adapter.dispatch('clean_text', 'lakehouse')(text)) }}
{%- endmacro %}

{% macro default__clean_text(text) %}{{ unsupported_adapter('clean_text') }}{% endmacro %}

{% macro duckdb__clean_text(text) -%}
    nullif(trim({{ text }}, ' ' || chr(9) || chr(10) || chr(13)), '')
{%- endmacro %}

{% macro athena__clean_text(text) -%}
    nullif(trim({{ text }}), '')
{%- endmacro %}
