{# Masked e-mail: `***@` and the domain of a well-formed address, `***` for any other text, NULL for NULL. #}
{% macro mask_email(text) -%}
    case
        when {{ text }} is null then null
        when {{ matches(text, "'^[^@\\s]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$'") }}
            then '***@' || lower(substr({{ text }}, strpos({{ text }}, '@') + 1))
        else '***'
    end
{%- endmacro %}
