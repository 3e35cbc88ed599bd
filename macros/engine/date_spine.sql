{# Subquery of every day from `first` to `last` (dates as yyyy-mm-dd text, inclusive), in one column `calendar_date`. #}
{% macro date_spine(first, last) -%}
    {{ return(adapter.dispatch('date_spine', 'lakehouse')(first, last)) }}
{%- endmacro %}

{% macro default__date_spine(first, last) %}{{ unsupported_adapter('date_spine') }}{% endmacro %}

{% macro duckdb__date_spine(first, last) -%}
    select cast(days.calendar_date as date) as calendar_date
    from generate_series(date '{{ first }}', date '{{ last }}', interval '1' day) as days (calendar_date)
{%- endmacro %}

{# A sequence holds 10,000 entries at most: the days come as a product of years and days of the year. #}
{% macro athena__date_spine(first, last) -%}
    select date_add('day', days.day_number, date '{{ first }}') as calendar_date
    from (
        select hundreds.number * 100 + ones.number as day_number
        from unnest(sequence(0, 999)) as hundreds (number)
        cross join unnest(sequence(0, 99)) as ones (number)
    ) as days
    where days.day_number <= date_diff('day', date '{{ first }}', date '{{ last }}')
{%- endmacro %}
