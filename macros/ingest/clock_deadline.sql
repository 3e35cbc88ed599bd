{#
  The end of the day of arrival and what clocks may be ahead (variable `clock_tolerance_minutes`): an event that claims a
  later time was stamped by a wrong clock. Relative to the partition, never to the clock of the build.
#}
{% macro clock_deadline() -%}
    cast(arrival_date as timestamp) + interval '1' day + interval '{{ var("clock_tolerance_minutes") }}' minute
{%- endmacro %}
