{# True where no sensor can have measured the value, in the unit it is reported in. #}
{% macro is_impossible_reading() -%}
    case
        when device_type = 'temperature' then reported_value < case reported_unit
            when 'C' then cast(-273.15 as decimal(5, 2))
            when 'F' then cast(-459.67 as decimal(5, 2))
            when 'K' then cast(0 as decimal(5, 2))
        end
        when device_type = 'humidity' then reported_value not between 0 and 100
        when device_type in ('humidity_ratio', 'occupancy') then reported_value not between 0 and 1
        when device_type in ('light', 'co2') then reported_value < 0
        else false
    end
{%- endmacro %}
