{# UTC timestamp to whole seconds since 1970, as bigint. #}
{% macro to_epoch_seconds(timestamp) -%}
    {{ return(adapter.dispatch('to_epoch_seconds', 'lakehouse')(timestamp)) }}
{%- endmacro %}

{% macro default__to_epoch_seconds(timestamp) %}{{ unsupported_adapter('to_epoch_seconds') }}{% endmacro %}

{% macro duckdb__to_epoch_seconds(timestamp) -%}
    cast(floor(epoch({{ timestamp }})) as bigint)
{%- endmacro %}

{% macro athena__to_epoch_seconds(timestamp) -%}
    cast(floor(to_unixtime({{ timestamp }})) as bigint)
{%- endmacro %}
