{# Operation of a landed change: c, u, d, r, or `tombstone` for a key without a value. #}
{% macro cdc_operation(alias) -%}
    case
        when {{ alias }}.op is null and {{ matches(alias ~ '.raw_line', "'\"value\"\\s*:\\s*null'") }} then 'tombstone'
        else {{ alias }}.op
    end
{%- endmacro %}
