{# What a session counts of its events. #}
{% macro session_measures() -%}
    count(*) as event_count,
        cast(sum(case when event_type = 'product_view' then 1 else 0 end) as bigint) as view_count,
        cast(sum(case when event_type = 'add_to_cart' then 1 else 0 end) as bigint) as cart_count,
        cast(sum(case when event_type = 'purchase' then 1 else 0 end) as bigint) as purchase_count,
        cast(sum(case when is_bot then 1 else 0 end) as bigint) as bot_event_count,
        cast(sum(case when is_rapid then 1 else 0 end) as bigint) as rapid_event_count
{%- endmacro %}
