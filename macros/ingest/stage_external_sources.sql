{#
  Makes every source that has an `external:` block readable: a view over the landed files on DuckDB, an external table
  with partition projection on Athena. Runs before each build, so that new files and new tables are seen.
#}
{% macro stage_external_sources() -%}
    {%- if execute and flags.WHICH in ['run', 'build', 'test', 'snapshot', 'run-operation', 'show'] -%}
        {%- set tables = graph.sources.values() | selectattr('external') | selectattr('external.location') | list -%}
        {%- do prepare_landing(tables) -%}
        {%- for table in tables -%}
            {%- do make_external_table(table) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
