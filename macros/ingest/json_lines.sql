{#
  Body of a CTE that reads a landed table of JSON lines: the technical columns of bronze, `is_parsed`, and one text
  column for each name of `fields` (name -> JSON path). A line that is no JSON object keeps its row, all fields NULL;
  an empty line is no record: DuckDB's reader skips it, Athena's gives an empty text.
  `before` (name -> JSON path) replaces the fields on lines whose first field is 'd': a deleted row stands in the
  image before the change.
#}
{% macro json_lines(source_name, table_name, fields, before=none) -%}
    with read_lines as (
        select
            arrival_date,
            {{ batch_of('arrival_date') }} as _batch_id,
            {{ source_file(
                landed_location(source_name, table_name), outermost_folder(source_name, table_name)
            ) }} as _source_file,
            {{ dbt.hash('raw_line') }} as _row_hash,
            {{ is_json_object('raw_line') }} as is_parsed,
            raw_line
        from {{ source(source_name, table_name) }}
        where raw_line <> ''
    ),

    json_only as (
        select
            read_lines.*,
            case when is_parsed then raw_line end as json_line
        from read_lines
    ),

    found as (
        select
            json_only.*,
            {{ json_values('json_line', fields.values()) }} as field
        from json_only
    ),

    imaged as (
        select
            found.*,
            {% if before -%}
            case when field[1] = 'd' then {{ json_values('json_line', before.values()) }} else field end as image
            {%- else -%}
            field as image
            {%- endif %}
        from found
    )

    select
        arrival_date,
        _batch_id,
        _source_file,
        _row_hash,
        is_parsed,
        raw_line,
        {%- for name in fields %}
        image[{{ loop.index }}] as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from imaged
{%- endmacro %}
