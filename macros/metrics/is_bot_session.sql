{#
  True where a session is a machine's: one of its events says so, or it holds 50 events or more and most of them came
  less than a second after the one before, a pace that no person keeps.
#}
{% macro is_bot_session() -%}
    bot_event_count > 0 or (event_count >= 50 and 2 * rapid_event_count > event_count)
{%- endmacro %}
