{#
  True where a text shows the marks of UTF-8 read as Latin-1 or as Windows-1252, or the replacement character. The usual
  accented letters begin with C3, which is Ã; what follows is a continuation byte, or what Windows-1252 makes of it.
#}
{% macro is_mojibake(text) -%}
    {%- set windows_1252 -%}
        \x{0152}\x{0153}\x{0160}\x{0161}\x{0178}\x{017D}\x{017E}\x{0192}\x{02C6}\x{02DC}\x{2013}\x{2014}\x{2018}-\x{201A}\x{201C}-\x{201E}\x{2020}-\x{2022}\x{2026}\x{2030}\x{2039}\x{203A}\x{20AC}\x{2122}
    {%- endset -%}
    {{ matches(
        text,
        "'\\x{FFFD}|\\x{C3}[\\x{80}-\\x{BF}" ~ windows_1252 ~ "]|[\\x{C2}-\\x{C5}][\\x{80}-\\x{9F}]|\\x{E2}\\x{20AC}'"
    ) }}
{%- endmacro %}
