{#
  Name of the outermost folder below the prefix of a landed table, from its contract: that of its places, or
  `arrival_date` where it has none.
#}
{% macro outermost_folder(source_name, table_name) -%}
    {%- if execute -%}
        {%- for node in graph.get('sources', {}).values()
            if node.source_name == source_name and node.name == table_name -%}
            {%- set outermost = node.external.partitions[0] -%}
            {%- if outermost.projection.type == 'enum' -%}
                {{- return(outermost.projection['values'][0].split('=')[0]) -}}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return('arrival_date') -}}
{%- endmacro %}
