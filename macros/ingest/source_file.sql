{#
  Path of the landed file, relative to the lake root, whatever the root is; `folder` is the outermost one below the
  prefix. Selects from a landed table.
#}
{% macro source_file(location, folder='arrival_date') -%}
    '{{ location }}' || substr({{ path_column() }}, strpos({{ path_column() }}, '/{{ folder }}='))
{%- endmacro %}
