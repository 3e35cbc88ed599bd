-- Every valid log record once, of services that write JSON and of text files alike. A record never changes, so these
-- are its changes and its state.
-- Grain: one row per log_id.
{{ config(materialized='view') }}

select
    log_id,
    logged_at,
    cast(logged_at as date) as log_date,
    service,
    log_level,
    component,
    message,
    http_method,
    page_path,
    status_code,
    response_ms,
    request_id,
    ip_hash,
    stack_trace_head,
    status_code is not null as is_request,
    coalesce(status_code >= 500, false) or coalesce(log_level in ('error', 'fatal'), false) as is_error,
    _row_hash,
    _batch_id
from {{ ref('int_log_events_validated') }}
where _disposition = 'kept'
