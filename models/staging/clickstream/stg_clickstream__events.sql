-- Landed clickstream events, typed. Holds addresses of machines in clear: restricted as bronze is.
-- Grain: one row per landed line; nothing is dropped.
{% set types = {
    'event_id': 'varchar', 'event_time': 'timestamp', 'event_type': 'varchar', 'user_id': 'varchar',
    'anonymous_id': 'varchar', 'user_session': 'varchar', 'channel': 'varchar', 'page': 'varchar',
    'product_id': 'varchar', 'order_id': 'varchar', 'device': 'varchar', 'country': 'varchar', 'referrer': 'varchar',
    'user_agent': 'varchar', 'ip': 'varchar',
} -%}
{% set paths = {} -%}
{% for name in types %}{% do paths.update({name: '$.' ~ name}) %}{% endfor -%}

with landed as (
    {{ json_lines('clickstream', 'events', paths) }}
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
        event_id,
        event_time as event_at,
        event_type,
        user_id,
        anonymous_id,
        user_session,
        channel,
        page,
        product_id,
        order_id,
        device,
        country,
        referrer,
        user_agent,
        ip as ip_address,
        _parse_errors,
        raw_line
    from typed
)

select * from final
