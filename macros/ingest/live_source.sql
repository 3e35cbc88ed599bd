{#
  Body of a CTE with the rows of a table of an operational database: from the database itself where the variable
  `live_databases` names it (a federated query), else from the newest landed extract of it, in which `{}` says that the
  table was empty. `columns` maps each name to a
  type of typed_columns; a value that is not of its type is NULL. Grain and columns are the same on both ways.
#}
{% macro live_source(database, table, columns) -%}
    {%- set extract = source('live', 'live_' ~ table) -%}
    {%- if database in var('live_databases') -%}
    with live as (
        {{ live_rows(database, table, columns.keys()) }}
    ),
    {%- else -%}
    {%- set paths = {} -%}
    {%- for name in columns -%}{%- do paths.update({name: '$.' ~ name}) -%}{%- endfor -%}
    with landed as (
        {{ json_lines('live', 'live_' ~ table, paths) }}
    ),

    live as (
        select landed.*
        from landed
        where
            landed.is_parsed
            and landed.raw_line <> '{}'
            and landed.arrival_date = (select max(ext.arrival_date) from {{ extract }} as ext)
    ),
    {%- endif %}

    typed as (
        select {{ typed_columns(columns, 'live') }}
        from live
    )

    select
        {{ columns.keys() | join(', ') }}
    from typed
{%- endmacro %}
