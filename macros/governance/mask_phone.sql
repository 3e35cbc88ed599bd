{# Masked phone: `***` and the last two characters where these are digits and at least eight come before, else `***`. #}
{% macro mask_phone(text) -%}
    case
        when {{ text }} is null then null
        when {{ matches(text, "'^.{8,}[0-9]{2}$'") }} then '***' || substr({{ text }}, length({{ text }}) - 1)
        else '***'
    end
{%- endmacro %}
