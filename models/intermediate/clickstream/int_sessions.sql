-- Sessions with the user that they are stitched to, what happened in them, and how far they came towards a purchase.
-- Grain: one row per session_id, the hash of the session's first event.
-- Late data: the sessions of a touched visitor are computed again, for a login names the sessions before it, too; rows
-- of sessions that are no more vanish.
{{ config(merge_config(unique_key='session_id', vanishing=true)) }}
{% set mark = mark() -%}
{% set measures = [
    'visitor_id', 'user_id', 'known_user_id', 'started_at', 'ended_at', 'session_date', 'duration_seconds', 'channel',
    'device', 'country', 'event_count', 'view_count', 'cart_count', 'purchase_count', 'funnel_step', 'is_bot',
    '_event_batch_id', '_batch_id',
] -%}

with events as (
    select
        evt.*,
        {{ latest_known('evt.user_id', 'evt.session_id') }} as known_user_id,
        {{ latest_known('evt.user_id', 'evt.visitor_id') }} as latest_user_id,
        min(case when evt.event_type = 'product_view' then evt.event_at end) over (
            partition by evt.session_id
        ) as first_view_at,
        max(case when evt.event_type = 'purchase' then evt.event_at end) over (
            partition by evt.session_id
        ) as last_purchase_at
    from {{ ref('int_session_events') }} as evt
    where {{ touched_since(mark, 'evt.visitor_id', ref('int_events_validated'), 'visitor_id') }}
),

sessions as (
    select
        session_id,
        visitor_id,
        coalesce(max(known_user_id), max(latest_user_id)) as user_id,
        max(known_user_id) as known_user_id,
        min(event_at) as started_at,
        max(event_at) as ended_at,
        max(case when event_number = 1 then channel end) as channel,
        max(case when event_number = 1 then device end) as device,
        max(case when event_number = 1 then country end) as country,
        {{ session_measures() }},
        max(first_view_at) as first_view_at,
        min(case when event_type = 'add_to_cart' and event_at >= first_view_at then event_at end) as first_cart_at,
        max(case when event_type = 'checkout' then event_at end) as last_checkout_at,
        max(case when event_type = 'checkout' and event_at <= last_purchase_at then event_at end)
            as last_paid_checkout_at,
        max(_event_batch_id) as _event_batch_id,
        max(_batch_id) as _batch_id
    from events
    group by session_id, visitor_id
),

final as (
    select
        sessions.*,
        cast(sessions.started_at as date) as session_date,
        {{ to_epoch_seconds('ended_at') }} - {{ to_epoch_seconds('started_at') }} as duration_seconds,
        {{ funnel_step() }} as funnel_step,
        {{ is_bot_session() }} as is_bot
    from sessions
)

{{ with_vanished(
    ['session_id'], measures, mark, touched_since(mark, 'prv.visitor_id', ref('int_events_validated'), 'visitor_id')
) }}
