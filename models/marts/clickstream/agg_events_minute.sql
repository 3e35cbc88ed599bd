-- Events of each minute and type, by people and by machines, and the length of the sessions that they belong to.
-- Grain: one row per window_at and event_type: tumbling windows of one minute, UTC.
-- Late data: the windows of what has arrived, and of all events of the sessions around it, are computed again; windows
-- that are gone vanish. Each batch that brought events into a window after its first one restated it.
{{ config(merge_config(unique_key=['window_at', 'event_type'], vanishing=true)) }}
{% set mark = mark() -%}
{% set measures = [
    'event_count', 'bot_event_count', 'user_count', 'session_count', 'average_session_seconds', 'restatement_count',
    'late_event_count', '_batch_id',
] -%}
{% set window_at = dbt.date_trunc('minute', 'evt.event_at') -%}

with changed as (
    {{ touched_sessions(mark) }}
),

touched as (
    select {{ dbt.date_trunc('minute', 'event_at') }} as window_at
    from {{ ref('int_session_events') }}
    where session_id in (select changed.session_id from changed)
    union distinct
    select {{ dbt.date_trunc('minute', 'event_at') }} as window_at
    from {{ ref('int_events_validated') }}
    where _batch_id >= {{ mark or 0 }}
),

events as (
    select
        {{ window_at }} as window_at,
        evt.event_type,
        evt._event_batch_id,
        ses.is_bot,
        coalesce('user:' || ses.known_user_id, ses.visitor_id) as person_id,
        ses.duration_seconds,
        ses._event_batch_id as _session_batch_id,
        row_number() over (
            partition by ses.session_id, evt.event_type, {{ window_at }}
            order by evt.event_id
        ) as event_of_session,
        min(evt._event_batch_id) over (
            partition by evt.event_type, {{ window_at }}
        ) as first_batch_id
    from {{ ref('int_session_events') }} as evt
    inner join {{ ref('int_sessions') }} as ses on evt.session_id = ses.session_id
    {% if mark -%}
    where {{ window_at }} in (select touched.window_at from touched)
    {%- endif %}
),

counted as (
    select
        window_at,
        event_type,
        count(case when not is_bot then 1 end) as event_count,
        count(case when is_bot then 1 end) as bot_event_count,
        count(distinct case when not is_bot then person_id end) as user_count,
        count(case when not is_bot and event_of_session = 1 then 1 end) as session_count,
        cast(sum(case when not is_bot and event_of_session = 1 then duration_seconds else 0 end) as bigint)
            as session_seconds,
        count(distinct _event_batch_id) - 1 as restatement_count,
        count(case when _event_batch_id > first_batch_id then 1 end) as late_event_count,
        max(_session_batch_id) as _batch_id
    from events
    group by window_at, event_type
),

final as (
    select
        counted.*,
        {{ ratio_of_counts('session_seconds', 'session_count') }} as average_session_seconds
    from counted
)

{{ with_vanished(
    ['window_at', 'event_type'], measures, mark, 'prv.window_at in (select touched.window_at from touched)'
) }}
