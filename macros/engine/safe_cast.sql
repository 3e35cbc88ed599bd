{#
  dbt casts the values of unit test fixtures with this. A view names its column's type `timestamp` on Athena, which there
  means milliseconds; every timestamp of the project has microseconds.
#}
{% macro athena__safe_cast(field, type) -%}
    try_cast({{ field }} as {{ 'timestamp(6)' if type | lower == 'timestamp' else type }})
{%- endmacro %}
