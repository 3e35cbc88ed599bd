-- Every valid event once, events of bots flagged. An event never changes, so these are its changes and its state.
-- Grain: one row per event_id.
{{ config(materialized='view') }}

select
    event_id,
    event_at,
    cast(event_at as date) as event_date,
    event_type,
    visitor_id,
    user_id,
    user_session,
    channel,
    page_path,
    product_id,
    order_id,
    device,
    country,
    referrer_host,
    ip_hash,
    is_bot,
    _row_hash,
    _batch_id
from {{ ref('int_events_validated') }}
where _disposition = 'kept'
