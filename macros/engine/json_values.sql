{#
  The texts at several JSON paths, as an array in the order of the paths (index from 1); NULL where a path
  is absent or holds null, the JSON text where it holds an object or an array. The text must be valid JSON or NULL.
  One call reads the line once on DuckDB.
  A number with a fraction comes as the engine writes it: 12.50 is 12.5 on DuckDB, which also rounds beyond 17 digits.
  That is why amounts land as text.
#}
{% macro json_values(text, paths) -%}
    {{ return(adapter.dispatch('json_values', 'lakehouse')(text, paths)) }}
{%- endmacro %}

{% macro default__json_values(text, paths) %}{{ unsupported_adapter('json_values') }}{% endmacro %}

{% macro duckdb__json_values(text, paths) -%}
    json_extract_string({{ text }}, ['{{ paths | join("', '") }}'])
{%- endmacro %}

{% macro athena__json_values(text, paths) -%}
    array[
        {%- for path in paths %}
        coalesce(
            json_extract_scalar({{ text }}, '{{ path }}'),
            nullif(json_format(json_extract({{ text }}, '{{ path }}')), 'null')
        ){{ ',' if not loop.last }}
        {%- endfor %}
    ]
{%- endmacro %}
