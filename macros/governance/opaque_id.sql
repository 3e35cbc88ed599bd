{# An identifier as it is; `***` where an address stands in its place, which would be personal data in clear. #}
{% macro opaque_id(text) -%}
    case when {{ text }} like '%@%' then '***' else {{ text }} end
{%- endmacro %}
