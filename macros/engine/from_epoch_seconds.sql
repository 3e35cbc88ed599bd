{# Seconds since 1970 (bigint) to UTC timestamp; NULL outside the years 1970 to 2999. #}
{% macro from_epoch_seconds(seconds) -%}
    {{ return(adapter.dispatch('from_epoch_seconds', 'lakehouse')(seconds)) }}
{%- endmacro %}

{% macro default__from_epoch_seconds(seconds) %}{{ unsupported_adapter('from_epoch_seconds') }}{% endmacro %}

{% macro duckdb__from_epoch_seconds(seconds) -%}
    case when {{ seconds }} between 0 and 32503679999 then make_timestamp({{ seconds }} * 1000000) end
{%- endmacro %}

{# As athena__from_epoch_millis. #}
{% macro athena__from_epoch_seconds(seconds) -%}
    cast(
        from_unixtime_nanos(
            cast(case when {{ seconds }} between 0 and 32503679999 then {{ seconds }} end as decimal(38, 0)) * 1000000000
        ) at time zone 'UTC' as timestamp(6)
    )
{%- endmacro %}
