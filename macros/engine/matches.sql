{#
  True where the text holds a match of the regular expression. The pattern is an SQL string literal; a `$` at its end is
  the end of the text. (Trino's `$` also matches before a line feed at the end: there it becomes `\z`.) Write a class of
  characters rather than `\s`, which is not the same on both engines.
#}
{% macro matches(text, pattern) -%}
    {{ return(adapter.dispatch('matches', 'lakehouse')(text, pattern)) }}
{%- endmacro %}

{% macro default__matches(text, pattern) %}{{ unsupported_adapter('matches') }}{% endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro athena__matches(text, pattern) -%}
    regexp_like({{ text }}, {{ pattern[:-2] ~ "\\z'" if pattern.endswith("$'") else pattern }})
{%- endmacro %}
