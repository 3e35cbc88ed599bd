-- Landed log records, typed: those of services that write JSON, and those that landing cut out of text files.
-- Grain: one row per landed line; nothing is dropped.
{% set types = {
    'log_id': 'varchar', 'timestamp': 'timestamp', 'service': 'varchar', 'system': 'varchar', 'level': 'varchar',
    'component': 'varchar', 'message': 'varchar', 'method': 'varchar', 'path': 'varchar', 'status': 'bigint',
    'response_ms': 'decimal', 'request_id': 'varchar', 'ip': 'varchar', 'stack_trace': 'varchar', 'file': 'varchar',
    'line': 'bigint',
} -%}
{% set paths = {'log_error': '$.error'} -%}
{% for name in types %}{% do paths.update({name: '$.' ~ name}) %}{% endfor -%}

with landed as (
    {{ json_lines('logs', 'log_events', paths) }}
),

typed as (
    select
        {{ landed_columns('landed') }},
        landed.log_error,
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
        log_id,
        timestamp as logged_at,
        -- A text file belongs to a system; what writes JSON is a service.
        coalesce(service, system) as service,
        level,
        component,
        message,
        upper(method) as http_method,
        path,
        status as status_code,
        response_ms,
        request_id,
        ip as ip_address,
        stack_trace,
        file as file_name,
        line as line_number,
        log_error,
        _parse_errors,
        raw_line
    from typed
)

select * from final
