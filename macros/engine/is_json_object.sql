{#
  True where the text is one well-formed JSON object; false for anything else, NULL included. DuckDB's parser lets a
  comma before a closing bracket pass, so such lines are looked at again, without their strings (a
  CASE, for `and` would do that to every line). It also takes the words
  NaN and Infinity, which Trino refuses: quarantined there as broken_json, here as unparsable_field of a number.
#}
{% macro is_json_object(text) -%}
    {{ return(adapter.dispatch('is_json_object', 'lakehouse')(text)) }}
{%- endmacro %}

{% macro default__is_json_object(text) %}{{ unsupported_adapter('is_json_object') }}{% endmacro %}

{% macro duckdb__is_json_object(text) -%}
    {%- set hanging_comma = "',[ \\t\\r\\n]*[}\\]]'" -%}
    {%- set strings = "'\"(?:[^\"\\\\]|\\\\.)*\"'" -%}
    coalesce(
        case
            when not regexp_matches({{ text }}, '^[ \t\r\n]*[{]') then false
            when not json_valid({{ text }}) then false
            when not regexp_matches({{ text }}, {{ hanging_comma }}) then true
            else not regexp_matches(regexp_replace({{ text }}, {{ strings }}, '""', 'g'), {{ hanging_comma }})
        end,
        false
    )
{%- endmacro %}

{# Trino lets half a surrogate pair pass, which is no character. A backslash before `\u` that is escaped itself is none. #}
{% macro athena__is_json_object(text) -%}
    {%- set escape = '(?<!\\\\)(?:\\\\\\\\)*\\\\u' -%}
    {%- set high, low = '[dD][89aAbB][0-9a-fA-F]{2}', '[dD][c-fC-F][0-9a-fA-F]{2}' -%}
    coalesce(
        regexp_like({{ text }}, '^[ \t\r\n]*[{]')
        and try(json_parse({{ text }})) is not null
        and (
            strpos({{ text }}, '\u') = 0
            or not regexp_like({{ text }}, '{{ escape ~ high }}(?!\\u{{ low }})|(?<!\\u{{ high }}){{ escape ~ low }}')
        ),
        false
    )
{%- endmacro %}
