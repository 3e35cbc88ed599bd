{#
  Filter that keeps the days of a device within `reach` days of a reading that has arrived at or after the mark; always
  true on a first run. The duplicates count too: within an open batch a copy may take the place of the one that was kept.
#}
{% macro near_touched_days(mark, reach, alias=none) -%}
    {%- if mark -%}
    {%- set prefix = alias ~ '.' if alias else '' -%}
    ({{ prefix }}device_id, cast({{ prefix }}reading_at as date)) in (
        {%- for days in range(-reach, reach + 1) %}
        select
            device_id,
            cast(reading_at {{ '-' if days < 0 else '+' }} interval '{{ days | abs }}' day as date) as reading_date
        from {{ ref('int_sensor_readings_validated') }}
        where _batch_id >= {{ mark }} and _disposition <> 'quarantined'
        {%- if not loop.last %}
        union distinct
        {%- endif %}
        {%- endfor %}
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}
