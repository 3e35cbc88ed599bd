{#
  Amount in minor units (bigint) to the currency's own unit, as decimal(18, 4); the currency has 0 to 3 minor digits.
  NULL for an amount that does not fit: the record is above every limit, and must not break the build.
#}
{% macro from_minor_units(amount, digits) -%}
    try_cast(
        case {{ digits }}
            when 0 then cast({{ amount }} as decimal(28, 0))
            when 1 then cast({{ amount }} as decimal(28, 0)) * cast(0.1 as decimal(4, 3))
            when 2 then cast({{ amount }} as decimal(28, 0)) * cast(0.01 as decimal(4, 3))
            when 3 then cast({{ amount }} as decimal(28, 0)) * cast(0.001 as decimal(4, 3))
        end as decimal(18, 4)
    )
{%- endmacro %}
