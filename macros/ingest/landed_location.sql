{# Prefix of a landed table below the lake root, from its contract. Empty while dbt only parses. #}
{% macro landed_location(source_name, table_name) -%}
    {%- if execute -%}
        {%- for node in graph.sources.values()
            if node.source_name == source_name and node.name == table_name -%}
            {{- return(node.external.location) -}}
        {%- endfor -%}
    {%- endif -%}
    {{- return('') -}}
{%- endmacro %}
