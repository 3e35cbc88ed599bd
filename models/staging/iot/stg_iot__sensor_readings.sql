-- Landed sensor readings, typed. Grain: one row per landed line; nothing is dropped.
{% set types = {
    'device_id': 'varchar', 'device_type': 'varchar', 'location': 'varchar', 'reading_at': 'timestamp',
    'value': 'measure', 'unit': 'varchar',
} -%}
{% set paths = {} -%}
{% for name in types %}{% do paths.update({name: '$.' ~ name}) %}{% endfor -%}

with landed as (
    {{ json_lines('iot', 'sensor_readings', paths) }}
),

typed as (
    select
        {{ landed_columns('landed') }},
        {{ typed_columns(types, 'landed') }}
    from landed
),

final as (
    select
        _source_file,
        _batch_id,
        _row_hash,
        arrival_date,
        is_parsed,
        device_id,
        device_type,
        location,
        reading_at,
        value as reported_value,
        unit as reported_unit,
        _parse_errors,
        raw_line
    from typed
)

select * from final
