-- The calendar from 2000, before which no record is taken, to 2030. Grain: one row per date_day.
{{ config(materialized='table') }}

with days as (
    {{ date_spine('2000-01-01', '2030-12-31') }}
)

select
    calendar_date as date_day,
    cast(extract(year from calendar_date) as integer) as calendar_year,
    cast(extract(quarter from calendar_date) as integer) as calendar_quarter,
    cast(extract(month from calendar_date) as integer) as calendar_month,
    cast(extract(day from calendar_date) as integer) as day_of_month,
    {{ iso_weekday('calendar_date') }} as iso_weekday,
    {{ iso_weekday('calendar_date') }} in (6, 7) as is_weekend,
    cast({{ dbt.date_trunc('month', 'calendar_date') }} as date) as month_start
from days
