{#
  Text without the white space around it; NULL where nothing is left. White space is what Python's `str.strip` takes, on
  both engines: their own trim functions take different characters. On DuckDB the regular expressions run only where the text does
  not begin and end with a visible character of ASCII.
#}
{% macro clean_text(text) -%}
    {{ return(adapter.dispatch('clean_text', 'lakehouse')(text)) }}
{%- endmacro %}

{% macro default__clean_text(text) %}{{ unsupported_adapter('clean_text') }}{% endmacro %}

{% macro duckdb__clean_text(text) -%}
    case
        when unicode({{ text }}) between 33 and 126 and unicode({{ text }}[-1]) between 33 and 126 then {{ text }}
        else nullif(
            regexp_replace(regexp_replace({{ text }}, '^{{ white_space() }}+', ''), '{{ white_space() }}+$', ''), ''
        )
    end
{%- endmacro %}

{% macro athena__clean_text(text) -%}
    nullif(regexp_replace({{ text }}, '^{{ white_space() }}+|{{ white_space() }}+\z', ''), '')
{%- endmacro %}

{# The characters of white space, as a class of a regular expression. #}
{% macro white_space() -%}
    [\x{09}-\x{0D}\x{1C}-\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]
{%- endmacro %}
