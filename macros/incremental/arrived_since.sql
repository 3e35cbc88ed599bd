{# Filter on the partition column of a landed table: the day of the mark and later. Always true on a first run. #}
{% macro arrived_since(mark, column='arrival_date') -%}
    {%- if mark -%}
        {%- set digits = mark | string -%}
        {{ column }} >= '{{ digits[0:4] }}-{{ digits[4:6] }}-{{ digits[6:8] }}'
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
