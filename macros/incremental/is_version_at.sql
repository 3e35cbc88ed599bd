{#
  Join condition: the version of `alias` that was valid at a time. The first version holds from the beginning, for a
  sale may be older than the first that the platform saw of its product.
#}
{% macro is_version_at(alias, timestamp) -%}
    ({{ alias }}.version_number = 1 or {{ alias }}.valid_from <= {{ timestamp }})
    and ({{ alias }}.valid_to is null or {{ alias }}.valid_to > {{ timestamp }})
{%- endmacro %}
