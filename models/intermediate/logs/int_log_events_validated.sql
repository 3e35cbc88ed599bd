-- Every landed log record with its one disposition: kept, duplicate or quarantined.
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
        lnd.log_id as entity_id,
        -- A record is written once: all deliveries of its id are copies of it, whatever they say.
        cast(1 as bigint) as _source_order,
        lnd._parse_errors,
        lnd.logged_at,
        lnd.service,
        lnd.level as level_text,
        {{ log_level('lnd.level') }} as log_level,
        lnd.component,
        lnd.message,
        lnd.http_method,
        lnd.path,
        lnd.status_code,
        lnd.response_ms,
        lnd.request_id,
        lnd.ip_address,
        lnd.stack_trace,
        lnd.log_error
    from {{ ref('stg_logs__log_events') }} as lnd
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('log_events', mark) }},

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
        entity_id as log_id,
        logged_at,
        {{ opaque_id('service') }} as service,
        log_level,
        {{ opaque_id('component') }} as component,
        {{ mask_free_text('message') }} as message,
        {{ opaque_id('http_method') }} as http_method,
        {{ page_path('path') }} as page_path,
        status_code,
        response_ms,
        {{ opaque_id('request_id') }} as request_id,
        {{ pseudonym('ip_address') }} as ip_hash,
        {{ mask_free_text("split_part(stack_trace, chr(10), 1)") }} as stack_trace_head
    from disposed
)

select * from final
