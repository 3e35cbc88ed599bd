{# One of seven levels, from the words that the known systems use; NULL for any other word. Failures of BGL are errors. #}
{% macro log_level(text) -%}
    {%- set words = {
        'trace': ['trace', 'trace1', 'trace2', 'trace3', 'trace4', 'trace5', 'trace6', 'trace7', 'trace8', 'verbose', 'v'],
        'debug': ['debug', 'd'],
        'info': ['info', 'information', 'i'],
        'notice': ['notice'],
        'warn': ['warn', 'warning', 'w'],
        'error': ['error', 'err', 'e', 'severe', 'failure'],
        'fatal': ['fatal', 'f', 'critical', 'crit', 'alert', 'emerg', 'emergency', 'panic'],
    } -%}
    case
        {%- for level, spellings in words.items() %}
        when lower({{ text }}) in ('{{ spellings | join("', '") }}') then '{{ level }}'
        {%- endfor %}
    end
{%- endmacro %}
