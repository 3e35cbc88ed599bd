{# Window expression: the value of the newest event of a group (`key`) that has one; NULL where none has. #}
{% macro latest_known(column, key) -%}
    {%- set alias = column.split('.')[0] -%}
    first_value({{ column }}) over (
            partition by {{ key }}
            order by
                case when {{ column }} is null then 1 else 0 end, {{ alias }}.event_at desc, {{ alias }}.event_id desc
        )
{%- endmacro %}
