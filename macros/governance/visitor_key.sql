{#
  Key of a visitor: the device or browser where an event names one, else the user. The prefix keeps the two apart, for
  both are texts that others choose. NULL where the event names neither.
#}
{% macro visitor_key(anonymous_id, user_id) -%}
    coalesce('anonymous:' || {{ anonymous_id }}, 'user:' || {{ user_id }})
{%- endmacro %}
