{#
  Query of the columns `names`, as text, of a table of an operational database. DuckDB reads PostgreSQL through its own
  extension (libpq's variables say where: PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSWORD) and DynamoDB through a function
  of the `lake` package; on Athena a federated connector is the data catalog `live_<database>`.
#}
{% macro live_rows(database, table, names) -%}
    {{ return(adapter.dispatch('live_rows', 'lakehouse')(database, table, names)) }}
{%- endmacro %}

{% macro default__live_rows(database, table, names) %}{{ unsupported_adapter('live_rows') }}{% endmacro %}

{% macro duckdb__live_rows(database, table, names) -%}
    {%- set paths = [] -%}
    {%- for name in names -%}{%- do paths.append('$.' ~ name) -%}{%- endfor -%}
    select
        {%- for name in names %}
        item.field[{{ loop.index }}] as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select {{ json_values('answer.raw_line', paths) }} as field
        from (
            {%- if database == 'postgresql' %}
            {%- if execute -%}
                {%- do run_query('load postgres_scanner') -%}
                {%- do run_query("attach if not exists '' as live_postgresql (type postgres, read_only)") -%}
            {%- endif %}
            -- Every value as the text that PostgreSQL writes, so that no number is rounded on its way.
            select found.raw_line
            from postgres_query(
                'live_postgresql',
                'select (select json_object_agg(key, value) from json_each_text(row_to_json(t)))::text as raw_line
                from {{ table }} as t'
            ) as found
            {%- elif database == 'dynamodb' %}
            select unnest(dynamodb_items('{{ table }}')) as raw_line
            {%- else %}
                {{- exceptions.raise_compiler_error(
                    "live_databases names '" ~ database ~ "'; DuckDB reads postgresql and dynamodb, others by their extract"
                ) }}
            {%- endif %}
        ) as answer
    ) as item
{%- endmacro %}

{% macro athena__live_rows(database, table, names) -%}
    select
        {%- for name in names %}
        cast(found.{{ name }} as varchar) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from "live_{{ database }}"."{{ var('live_schemas')[database] }}"."{{ table }}" as found
{%- endmacro %}
