-- The session of each event: a pause of more than 30 minutes between two events of a visitor begins a new session,
-- midnight does not. Grain: one row per event_id.
-- Late data: the events of a touched visitor are cut again as a whole, so that a late event can join two sessions.
{{ config(merge_config(unique_key='event_id')) }}
{% set mark = mark() -%}

with paused as (
    select
        evt.*,
        lag(evt.event_at) over (partition by evt.visitor_id order by evt.event_at, evt.event_id) as previous_event_at
    from {{ ref('int_events') }} as evt
    where {{ touched_since(mark, 'evt.visitor_id', ref('int_events_validated'), 'visitor_id') }}
),

numbered as (
    select
        pau.*,
        sum(case when pau.event_at <= pau.previous_event_at + interval '30' minute then 0 else 1 end) over (
            partition by pau.visitor_id
            order by pau.event_at, pau.event_id
            rows between unbounded preceding and current row
        ) as session_number
    from paused as pau
),

cut as (
    select
        num.*,
        row_number() over (
            partition by num.visitor_id, num.session_number order by num.event_at, num.event_id
        ) as event_number,
        first_value(num.event_id) over (
            partition by num.visitor_id, num.session_number order by num.event_at, num.event_id
        ) as first_event_id,
        max(num._batch_id) over (partition by num.visitor_id) as _visitor_batch_id
    from numbered as num
),

final as (
    select
        event_id,
        {{ dbt.hash('first_event_id') }} as session_id,
        visitor_id,
        event_number,
        event_at,
        event_type,
        user_id,
        channel,
        device,
        country,
        is_bot,
        coalesce(event_at < previous_event_at + interval '1' second, false) as is_rapid,
        _batch_id as _event_batch_id,
        _visitor_batch_id as _batch_id
    from cut
)

select * from final
