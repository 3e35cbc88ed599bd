-- Requests of each service and minute: how many, how many failed, how long they took, and what is worth an alert.
-- Grain: one row per window_at and service: tumbling windows of one minute, UTC.
-- Late data: the windows of what has arrived are computed again; windows that are gone vanish. Each batch that brought
-- records into a window after its first one restated it.
{{ config(merge_config(unique_key=['window_at', 'service'], vanishing=true)) }}
{% set mark = mark() -%}
{% set measures = [
    'record_count', 'request_count', 'failed_request_count', 'other_error_count', 'error_percent', 'response_count',
    'response_p50_ms', 'response_p95_ms', 'response_p99_ms', 'is_error_alert', 'is_response_alert',
    'restatement_count', '_batch_id',
] -%}

-- The duplicates count too: within an open batch a copy may take the place of the record that was kept.
with touched as (
    select distinct {{ dbt.date_trunc('minute', 'logged_at') }} as window_at
    from {{ ref('int_log_events_validated') }}
    where
        _batch_id >= {{ mark or 0 }}
        and logged_at is not null
),

records as (
    select
        {{ dbt.date_trunc('minute', 'logged_at') }} as window_at,
        service,
        is_request,
        is_error,
        case when is_request then response_ms end as request_ms,
        _batch_id
    from {{ ref('int_log_events') }}
    {% if mark -%}
    where {{ dbt.date_trunc('minute', 'logged_at') }} in (select touched.window_at from touched)
    {%- endif %}
),

ranked as (
    select
        rec.*,
        row_number() over (
            partition by rec.service, rec.window_at order by rec.request_ms nulls last
        ) as response_rank,
        count(rec.request_ms) over (partition by rec.service, rec.window_at) as response_count
    from records as rec
),

counted as (
    select
        window_at,
        service,
        count(*) as record_count,
        count(case when is_request then 1 end) as request_count,
        count(case when is_request and is_error then 1 end) as failed_request_count,
        -- An error that is written about a request beside its record would count the request twice in the rate.
        count(case when is_error and not is_request then 1 end) as other_error_count,
        max(response_count) as response_count,
        {% for percent in [50, 95, 99] -%}
        {{ nearest_rank(percent, 'request_ms', 'response_rank', 'response_count') }} as response_p{{ percent }}_ms,
        {% endfor -%}
        count(distinct _batch_id) - 1 as restatement_count,
        max(_batch_id) as _batch_id
    from ranked
    group by window_at, service
),

final as (
    select
        cnt.*,
        {{ ratio_of_counts('100 * cnt.failed_request_count', 'cnt.request_count') }} as error_percent,
        -- Of the counts, not of the rounded percentage: exactly at the limit is no alert.
        100 * cnt.failed_request_count > {{ var('alert_error_percent') }} * cnt.request_count as is_error_alert,
        coalesce(cnt.response_p95_ms > {{ var('alert_response_ms') }}, false) as is_response_alert
    from counted as cnt
)

{{ with_vanished(
    ['window_at', 'service'], measures, mark, 'prv.window_at in (select touched.window_at from touched)'
) }}
