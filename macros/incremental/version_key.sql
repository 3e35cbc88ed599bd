{# Key of one version of a dimension, from its natural key and its position in the source; that of the unknown member for NULL. #}
{% macro version_key(alias, key) -%}
    coalesce({{ dbt.hash(alias ~ '.' ~ key ~ " || ':' || cast(" ~ alias ~ "._source_order as varchar)") }}, 'unknown')
{%- endmacro %}
