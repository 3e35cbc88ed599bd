{# Text to bigint; NULL for anything but up to 18 digits with a sign, so that '1.5' is no 2. #}
{% macro to_integer(text) -%}
    case when {{ matches(text, "'^[-+]?[0-9]{1,18}$'") }} then cast({{ text }} as bigint) end
{%- endmacro %}
