{# True where a reading has a unit that its known type of device does not report in. #}
{% macro is_foreign_unit() -%}
    case device_type
        {%- for type, units in sensor_units().items() %}
        when '{{ type }}' then reported_unit not in ('{{ units | join("', '") }}')
        {%- endfor %}
        else false
    end
{%- endmacro %}
