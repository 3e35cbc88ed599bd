{#
  Text to decimal; NULL for anything but plain digits with at most `scale` decimals. Money is never
  rounded by a cast: a text with more decimals is a parse error that its quality rule reports.
#}
{% macro to_decimal(text, precision=18, scale=4) -%}
    case
        when {{ matches(text, "'^[-+]?[0-9]{1," ~ (precision - scale) ~ "}([.][0-9]{1," ~ scale ~ "})?$'") }}
            then cast({{ text }} as decimal({{ precision }}, {{ scale }}))
    end
{%- endmacro %}
