{# Select list of what every staging view carries along: where and when a line landed, its hash, and the line itself. #}
{% macro landed_columns(alias) -%}
    {{ alias }}.arrival_date,
        {{ alias }}._batch_id,
        {{ alias }}._source_file,
        {{ alias }}._row_hash,
        {{ alias }}.is_parsed,
        {{ alias }}.raw_line
{%- endmacro %}
