{# Path of the landed file, relative to the lake root, whatever the root is. Selects from a landed table. #}
{% macro source_file(location) -%}
    '{{ location }}' || substr({{ path_column() }}, strpos({{ path_column() }}, '/arrival_date='))
{%- endmacro %}
