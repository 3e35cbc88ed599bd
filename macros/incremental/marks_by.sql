{#
  The marks of a model that holds several sources in one column: a dictionary of the column's value to the highest arrival
  key among its rows; empty on a first run. One query, lowered by `replay_from` as `mark` is.
#}
{% macro marks_by(column) -%}
    {%- set marks = {} -%}
    {%- if execute and is_incremental() -%}
        {%- set replay = var('replay_from', none) -%}
        {%- for row in run_query('select ' ~ column ~ ', max(_batch_id) from ' ~ this ~ ' group by ' ~ column).rows -%}
            {%- set own = row[1] | int -%}
            {%- do marks.update({row[0]: own if replay is none else [own, replay_batch(replay)] | min}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(marks) }}
{%- endmacro %}
