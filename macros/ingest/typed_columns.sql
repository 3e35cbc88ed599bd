{#
  Select list that types text columns: `columns` maps a name to varchar, bigint, decimal (money), measure (up to 18
  decimals), boolean, date, month (yyyy-mm, a date), timestamp (ISO 8601 text) or epoch (seconds). Adds `_parse_errors`:
  the names of the fields that hold a text which is not of their type, separated by commas; NULL where all are sound.
#}
{% macro typed_columns(columns, alias) -%}
    {%- set broken = [] -%}
    {%- for name, type in columns.items() -%}
        {%- set text = alias ~ '.' ~ name -%}
        {%- if type == 'varchar' -%}
    {{ clean_text(text) }} as {{ name }},
    {% else -%}
            {%- set typed = {
                'bigint': to_integer(text),
                'decimal': to_decimal(text),
                'measure': to_decimal(text, 28, 18),
                'boolean': to_boolean(text),
                'date': to_date(text),
                'month': to_date('(' ~ text ~ " || '-01')"),
                'timestamp': to_utc_timestamp(text),
                'epoch': from_epoch_seconds(to_integer(text)),
            }[type] -%}
            {%- do broken.append("case when " ~ text ~ " is not null and " ~ typed ~ " is null then '" ~ name ~ "' end") -%}
    {{ typed }} as {{ name }},
    {% endif -%}
    {%- endfor -%}
    {%- if broken -%}
    nullif(concat_ws(',', {{ broken | join(', ') }}), '') as _parse_errors
    {%- else -%}
    cast(null as varchar) as _parse_errors
    {%- endif -%}
{%- endmacro %}
