{# The unit that silver has for the type of a sensor. #}
{% macro sensor_unit(device_type='device_type') -%}
    case {{ device_type }}
        {%- for type, units in sensor_units().items() %}
        when '{{ type }}' then '{{ units[0] }}'
        {%- endfor %}
    end
{%- endmacro %}
