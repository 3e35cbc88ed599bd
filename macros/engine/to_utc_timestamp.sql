{#
  ISO 8601 text with a zone to the UTC timestamp of that instant, in microseconds; NULL where the text
  has no zone, another form, or names a time that does not exist: 24:00:00, and offsets beyond 14 hours, too, which
  DuckDB would take and Trino not.
#}
{% macro to_utc_timestamp(text) -%}
    {{ return(adapter.dispatch('to_utc_timestamp', 'lakehouse')(text)) }}
{%- endmacro %}

{# ISO 8601 with a zone and up to six decimals of a second, as a regular expression in quotes. #}
{% macro iso_8601() -%}
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?(Z|[-+](0[0-9]|1[0-3]):[0-5][0-9]|[-+]14:00)$'
{%- endmacro %}

{% macro default__to_utc_timestamp(text) %}{{ unsupported_adapter('to_utc_timestamp') }}{% endmacro %}

{# The text with Z is by far the commonest, and a plain cast costs a quarter of the zoned one. #}
{% macro duckdb__to_utc_timestamp(text) -%}
    case
        when {{ matches(text, iso_8601()) }}
            then case
                when {{ text }} like '%Z' then try_cast(replace({{ text }}, 'Z', '') as timestamp)
                else try_cast({{ text }} as timestamptz) at time zone 'UTC'
            end
    end
{%- endmacro %}

{% macro athena__to_utc_timestamp(text) -%}
    case
        when {{ matches(text, iso_8601()) }}
            then cast(
                try(cast(replace(replace({{ text }}, 'T', ' '), 'Z', ' UTC') as timestamp(6) with time zone))
                at time zone 'UTC' as timestamp(6)
            )
    end
{%- endmacro %}
