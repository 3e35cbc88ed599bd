{#
  Operation of a landed change: c, u, d, r, or `tombstone` for a key without a value. A value that holds a field `value`
  of its own is none.
#}
{% macro cdc_operation(alias) -%}
    case
        when
            {{ alias }}.op is null
            and {{ matches(alias ~ '.raw_line', "'\"value\"[ \t]*:[ \t]*null'") }}
            and not {{ matches(alias ~ '.raw_line', "'\"value\"[ \t]*:[ \t]*[{]'") }}
            then 'tombstone'
        else {{ alias }}.op
    end
{%- endmacro %}
