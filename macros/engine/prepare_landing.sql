{# Creates the schemas of the landed tables; stops with a clear line where the lake does not exist. #}
{% macro prepare_landing(tables) -%}
    {{ return(adapter.dispatch('prepare_landing', 'lakehouse')(tables)) }}
{%- endmacro %}

{% macro default__prepare_landing(tables) %}{{ unsupported_adapter('prepare_landing') }}{% endmacro %}

{% macro duckdb__prepare_landing(tables) -%}
    {%- set root = var('lake_root') | replace("'", "''") | replace('[', '[[]') -%}
    {%- set files = run_query("select count(*) from glob('" ~ root ~ "/*/**')").columns[0].values()[0] -%}
    {%- if files == 0 -%}
        {{ exceptions.raise_compiler_error(
            "no lake at '" ~ var('lake_root') ~ "': run `lake land generate`, or set LAKE_ROOT to your landing folder"
        ) }}
    {%- endif -%}
    {%- for schema in tables | map(attribute='schema') | unique -%}
        {%- do run_query('create schema if not exists ' ~ schema) -%}
    {%- endfor -%}
{%- endmacro %}

{% macro athena__prepare_landing(tables) -%}
    {%- for schema in tables | map(attribute='schema') | unique -%}
        {%- do run_query('create schema if not exists `' ~ schema ~ '`') -%}
    {%- endfor -%}
{%- endmacro %}
