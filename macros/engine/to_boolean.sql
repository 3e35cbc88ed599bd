{# Text to boolean: true, yes, 1 and false, no, 0 in any case; else NULL. #}
{% macro to_boolean(text) -%}
    case
        when lower({{ text }}) in ('true', 'yes', '1') then true
        when lower({{ text }}) in ('false', 'no', '0') then false
    end
{%- endmacro %}
