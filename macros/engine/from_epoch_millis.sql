{# Milliseconds since 1970 (bigint) to UTC timestamp; NULL outside the years 1970 to 2999. #}
{% macro from_epoch_millis(millis) -%}
    {{ return(adapter.dispatch('from_epoch_millis', 'lakehouse')(millis)) }}
{%- endmacro %}

{% macro default__from_epoch_millis(millis) %}{{ unsupported_adapter('from_epoch_millis') }}{% endmacro %}

{% macro duckdb__from_epoch_millis(millis) -%}
    case when {{ millis }} between 0 and 32503679999999 then make_timestamp({{ millis }} * 1000) end
{%- endmacro %}

{#
  from_unixtime_nanos takes a decimal beyond the year 2262, so the product is one. The limits stand inside, for Trino
  computes constants in a branch that is not taken, too.
#}
{% macro athena__from_epoch_millis(millis) -%}
    cast(
        from_unixtime_nanos(
            cast(case when {{ millis }} between 0 and 32503679999999 then {{ millis }} end as decimal(38, 0)) * 1000000
        ) at time zone 'UTC' as timestamp(6)
    )
{%- endmacro %}
