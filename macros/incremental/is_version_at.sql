{#
  Join condition: the version of `alias`, a relation made by version_spans, that was valid at a time. Two plain
  comparisons, because an OR or an IS NULL here would make the engine compare every pair.
#}
{% macro is_version_at(alias, timestamp) -%}
    {{ alias }}.holds_from <= {{ timestamp }} and {{ alias }}.holds_to > {{ timestamp }}
{%- endmacro %}
