{# Text yyyy-mm-dd to date; NULL for any other text and for a day that does not exist. #}
{% macro to_date(text) -%}
    case when {{ matches(text, "'^[0-9]{4}-[0-9]{2}-[0-9]{2}$'") }} then try_cast({{ text }} as date) end
{%- endmacro %}
