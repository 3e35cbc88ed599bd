{# The highest of several arrival keys, of which any may be missing: Trino's `greatest` is NULL where one is, DuckDB's is not. #}
{% macro newest_batch(batches) -%}
    greatest({% for batch in batches %}coalesce({{ batch }}, 0){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
