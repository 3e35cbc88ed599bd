{# Makes one landed table readable as its contract says now. #}
{% macro make_external_table(table) -%}
    {{ return(adapter.dispatch('make_external_table', 'lakehouse')(table)) }}
{%- endmacro %}

{% macro default__make_external_table(table) %}{{ unsupported_adapter('make_external_table') }}{% endmacro %}

{% macro duckdb__make_external_table(table) -%}
    {%- do run_query(external_table_sql(table)) -%}
{%- endmacro %}

{#
  A table of this contract costs one call of Glue and no statement; one of an older contract is dropped, which leaves its
  files alone, and created again.
#}
{% macro athena__make_external_table(table) -%}
    {%- set relation = api.Relation.create(database=table.database, schema=table.schema, identifier=table.name) -%}
    {%- set contract = local_md5(external_table_sql(table)) -%}
    {%- set found = adapter.get_glue_table(relation) -%}
    {%- if not found or found.Table.Parameters.get('contract') != contract -%}
        {%- if found -%}
            {%- do run_query('drop table ' ~ relation.render_hive()) -%}
        {%- endif -%}
        {%- do run_query(external_table_sql(table, contract)) -%}
    {%- endif -%}
{%- endmacro %}
