{#
  Body of a CTE that reads a landed table of JSON lines: the technical columns of bronze, `is_parsed`, and one text
  column for each name of `fields` (name -> JSON path). A line that is no JSON object keeps its row, all fields NULL;
  an empty line is no record: DuckDB's reader skips it, Athena's gives an empty text.
  `before` (name -> JSON path) replaces the fields on lines whose first field is 'd': a deleted row stands in the
  image before the change.
#}
{% macro json_lines(source_name, table_name, fields, before=none) -%}
    {%- set landed = source(source_name, table_name) -%}
    select
        lines.arrival_date,
        lines._batch_id,
        lines._source_file,
        lines._row_hash,
        lines.is_parsed,
        lines.raw_line,
        {%- for name in fields %}
        lines.field[{{ loop.index }}] as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            found.arrival_date,
            found._batch_id,
            found._source_file,
            found._row_hash,
            found.is_parsed,
            found.raw_line,
            {% if before -%}
            case
                when found.field[1] = 'd' then {{ json_values('found.json_line', before.values()) }}
                else found.field
            end as field
            {%- else -%}
            found.field
            {%- endif %}
        from (
            select
                checked.*,
                {{ json_values('checked.json_line', fields.values()) }} as field
            from (
                select
                    arrival_date,
                    {{ batch_of('arrival_date') }} as _batch_id,
                    {{ source_file(landed_location(source_name, table_name)) }} as _source_file,
                    {{ dbt.hash('raw_line') }} as _row_hash,
                    {{ is_json_object('raw_line') }} as is_parsed,
                    case when {{ is_json_object('raw_line') }} then raw_line end as json_line,
                    raw_line
                from {{ landed }}
                where raw_line <> ''
            ) as checked
        ) as found
    ) as lines
{%- endmacro %}
