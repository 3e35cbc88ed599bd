-- Every landed clickstream event with its one disposition: kept, duplicate or quarantined.
-- Grain: one row per landed record. Late data: the batches from the mark on are judged again, never dropped.
{{ config(merge_config(unique_key=['_identity', '_copy'])) }}
{% set mark = mark() -%}

with landed as (
    select
        lnd._batch_id,
        lnd._source_file,
        lnd._row_hash,
        lnd.arrival_date,
        lnd.is_parsed,
        lnd.event_id as entity_id,
        -- An event happens once: all deliveries of its id are copies of one record, whatever they say.
        cast(1 as bigint) as _source_order,
        lnd._parse_errors,
        lnd.event_at,
        lnd.event_type,
        lnd.user_id,
        lnd.anonymous_id,
        lnd.user_session,
        lnd.channel,
        lnd.page,
        lnd.product_id,
        lnd.order_id,
        lnd.device,
        lnd.country,
        lnd.referrer,
        lnd.user_agent,
        lnd.ip_address
    from {{ ref('stg_clickstream__events') }} as lnd
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('events', mark) }},

final as (
    select
        _identity,
        _copy,
        _disposition,
        is_conflict,
        _errors,
        _warnings,
        _row_hash,
        _source_file,
        _batch_id,
        entity_id as event_id,
        event_at,
        event_type,
        {{ visitor_key(opaque_id('anonymous_id'), opaque_id('user_id')) }} as visitor_id,
        {{ opaque_id('user_id') }} as user_id,
        {{ opaque_id('user_session') }} as user_session,
        channel,
        {{ page_path('page') }} as page_path,
        product_id,
        order_id,
        device,
        country,
        {{ url_host('referrer') }} as referrer_host,
        {{ pseudonym('ip_address') }} as ip_hash,
        {{ is_bot_agent('user_agent') }} as is_bot
    from disposed
)

select * from final
