{#
  The mark of the model that calls it: the highest arrival key in one of its own columns, as a number; none on a
  first run. While dbt only parses, there is a mark, so that it sees what the incremental branches refer to.
  The linter assumes a mark too (`assumed_mark` in .sqlfluff), for the incremental branch is the longer one.
  `--vars '{replay_from: 2025-01-15}'` lowers it. Call it once and pass it on.
#}
{% macro mark(column='_batch_id') -%}
    {%- if not execute -%} {{ return(1) }} {%- endif -%}
    {%- if var('assumed_mark', none) is not none -%} {{ return(var('assumed_mark')) }} {%- endif -%}
    {%- if not is_incremental() -%} {{ return(none) }} {%- endif -%}
    {%- set own = run_query('select max(' ~ column ~ ') as mark from ' ~ this).columns[0].values()[0] -%}
    {%- if own is none -%} {{ return(none) }} {%- endif -%}
    {%- set replay = var('replay_from', none) -%}
    {%- if replay is none -%} {{ return(own | int) }} {%- endif -%}
    {{ return([own | int, replay_batch(replay)] | min) }}
{%- endmacro %}
