{#
  True where a reading jumps away from both its neighbours, to the same side and by more than the step of its limits. A
  reading without a neighbour within an hour on each side, or without a step, is none.
#}
{% macro is_spike(alias) -%}
    {%- set value, before, after = alias ~ '.value', alias ~ '.previous_value', alias ~ '.next_value' -%}
    (
            {{ is_within_hour(alias ~ '.previous_at', alias ~ '.reading_at') }}
            and {{ is_within_hour(alias ~ '.reading_at', alias ~ '.next_at') }}
            and coalesce(
                least({{ value }} - {{ before }}, {{ value }} - {{ after }}) > {{ alias }}.spike_step
                or least({{ before }} - {{ value }}, {{ after }} - {{ value }}) > {{ alias }}.spike_step,
                false
            )
        )
{%- endmacro %}
