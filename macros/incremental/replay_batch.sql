{# Arrival key of the variable `replay_from`: a day as 2025-01-15, or the key itself as 2025011500. #}
{% macro replay_batch(replay_from) -%}
    {%- set digits = (replay_from | string).replace('-', '') -%}
    {%- if digits | length == 8 and digits.isdigit() -%} {{ return((digits ~ '00') | int) }}
    {%- elif digits | length == 10 and digits.isdigit() -%} {{ return(digits | int) }}
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            "replay_from is '" ~ replay_from ~ "'; give a day as 2025-01-15 or a batch as 2025011500"
        ) }}
    {%- endif -%}
{%- endmacro %}
