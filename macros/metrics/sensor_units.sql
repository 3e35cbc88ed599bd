{#
  The types of sensors and the units that each may report in; the first is the one that silver has. 1 is the unit of a
  number without one.
#}
{% macro sensor_units() -%}
    {{- return({
        'temperature': ['C', 'F', 'K'],
        'humidity': ['%'],
        'humidity_ratio': ['kg/kg'],
        'light': ['lux'],
        'co2': ['ppm'],
        'occupancy': ['1'],
        'metric': ['1'],
    }) -}}
{%- endmacro %}
