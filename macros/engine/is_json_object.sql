{# True where the text is one well-formed JSON object; false for anything else, NULL included. #}
{% macro is_json_object(text) -%}
    {{ return(adapter.dispatch('is_json_object', 'lakehouse')(text)) }}
{%- endmacro %}

{% macro default__is_json_object(text) %}{{ unsupported_adapter('is_json_object') }}{% endmacro %}

{% macro duckdb__is_json_object(text) -%}
    coalesce(ltrim({{ text }}) like '{{ "{%" }}' and json_valid({{ text }}), false)
{%- endmacro %}

{% macro athena__is_json_object(text) -%}
    coalesce(ltrim({{ text }}) like '{{ "{%" }}' and try(json_parse({{ text }})) is not null, false)
{%- endmacro %}
