{#
  True where a session is a machine's: one of its events says so, or it holds 50 events or more and more of them than
  seconds, a pace that no person keeps.
#}
{% macro is_bot_session(event_count, duration_seconds, bot_event_count) -%}
    {{ bot_event_count }} > 0 or ({{ event_count }} >= 50 and {{ event_count }} > {{ duration_seconds }})
{%- endmacro %}
