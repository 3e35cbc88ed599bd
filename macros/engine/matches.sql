{# True where the text holds a match of the regular expression. The pattern is an SQL string literal. #}
{% macro matches(text, pattern) -%}
    {{ return(adapter.dispatch('matches', 'lakehouse')(text, pattern)) }}
{%- endmacro %}

{% macro default__matches(text, pattern) %}{{ unsupported_adapter('matches') }}{% endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro athena__matches(text, pattern) -%}
    regexp_like({{ text }}, {{ pattern }})
{%- endmacro %}
