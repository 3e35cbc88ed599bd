{# True where a text shows the marks of UTF-8 read as Latin-1, or the replacement character. #}
{% macro is_mojibake(text) -%}
    {{ matches(text, "'\\x{FFFD}|\\x{C3}[\\x{80}-\\x{BF}]|\\x{E2}\\x{20AC}'") }}
{%- endmacro %}
