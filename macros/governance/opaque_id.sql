{# An identifier as it is; `***` where an address stands in its place, which would be personal data in clear. #}
{% macro opaque_id(text) -%}
    case when {{ is_address(text) }} then '***' else {{ text }} end
{%- endmacro %}
