{#
  Filter that keeps the rows whose key has a row at or after the mark in `relation`: the touched keys. Always true on
  a first run.
#}
{% macro touched_since(mark, key, relation, relation_key=none) -%}
    {%- if mark -%}
        {{ key }} in (select {{ relation_key or key }} from {{ relation }} where _batch_id >= {{ mark }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
