{# True where a later reading follows an earlier one within an hour, the most that neighbours may be apart. #}
{% macro is_within_hour(earlier, later) -%}
    coalesce({{ later }} <= {{ earlier }} + interval '1' hour, false)
{%- endmacro %}
