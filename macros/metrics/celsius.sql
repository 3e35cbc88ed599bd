{#
  Degrees Fahrenheit as Celsius, a decimal with four decimals, rounded half away from zero; the argument has at most
  four decimals. In hundredths, because `ratio` gives two decimals, and exactly: through double, ties would go either way.
#}
{% macro celsius(fahrenheit) -%}
    cast(
        {{ ratio('500 * (' ~ fahrenheit ~ ' - 32)', '9') }} * cast(0.01 as decimal(3, 2)) as decimal(18, 4)
    )
{%- endmacro %}
