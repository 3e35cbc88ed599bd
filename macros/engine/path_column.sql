{# The pseudo-column of a landed table that holds the path of its file. #}
{% macro path_column() -%}
    {{ return(adapter.dispatch('path_column', 'lakehouse')()) }}
{%- endmacro %}

{% macro default__path_column() %}{{ unsupported_adapter('path_column') }}{% endmacro %}

{% macro duckdb__path_column() -%} filename {%- endmacro %}

{% macro athena__path_column() -%} "$path" {%- endmacro %}
