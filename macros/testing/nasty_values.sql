{#
  The table of nasty values: for each engine macro the inputs and what it must give, worked out by hand, the same on every
  engine. See `engine_check_sql` for the form of a check.
#}
{% macro nasty_values() -%}
    {{ return(nasty_numbers() + nasty_times() + nasty_texts() + nasty_json() + nasty_persons()) }}
{%- endmacro %}
