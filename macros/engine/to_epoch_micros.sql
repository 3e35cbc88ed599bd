{# UTC timestamp to whole microseconds since 1970, as bigint. #}
{% macro to_epoch_micros(timestamp) -%}
    {{ return(adapter.dispatch('to_epoch_micros', 'lakehouse')(timestamp)) }}
{%- endmacro %}

{% macro default__to_epoch_micros(timestamp) %}{{ unsupported_adapter('to_epoch_micros') }}{% endmacro %}

{% macro duckdb__to_epoch_micros(timestamp) -%}
    epoch_us({{ timestamp }})
{%- endmacro %}

{# A double holds the seconds of this century to a quarter of a microsecond: rounded, the digits are right. #}
{% macro athena__to_epoch_micros(timestamp) -%}
    cast(round(to_unixtime({{ timestamp }}) * 1000000) as bigint)
{%- endmacro %}
