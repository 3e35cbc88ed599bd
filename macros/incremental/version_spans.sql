{#
  Body of a CTE: a history with closed spans for joining at a time. The first version holds from the beginning, for a sale
  may be older than the first that the platform saw of its product; the newest holds to the end of time.
#}
{% macro version_spans(history) -%}
    select
        his.*,
        case
            when his.version_number = 1 then timestamp '1900-01-01 00:00:00' else his.valid_from
        end as holds_from,
        coalesce(his.valid_to, timestamp '9999-12-31 00:00:00') as holds_to
    from {{ history }} as his
{%- endmacro %}
