{#
  As touched_since, for a relation whose rows mix several sources: `marks` maps each of its arrival columns to the mark
  that the calling model has for that source. The rows' common `_batch_id` would not do: the sources progress at different
  speed, so a row that changes may stay below the highest arrival key already seen. A source without a mark is new.
#}
{% macro touched_since_any(marks, key, relation, relation_key=none) -%}
    {%- set newer = [] -%}
    {%- for column, mark in marks.items() -%}
        {%- do newer.append(column ~ (' >= ' ~ mark if mark else ' is not null')) -%}
    {%- endfor -%}
    {%- if marks.values() | select | list -%}
        {{ key }} in (select {{ relation_key or key }} from {{ relation }} where {{ newer | join(' or ') }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
