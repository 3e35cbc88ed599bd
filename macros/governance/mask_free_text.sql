{#
  Text that people or machines wrote, with `***` for
  - each word (what stands between white space) with an @, also written %40: quotes and brackets around it stay;
  - each address of a machine, and each number of seven digits or more, however blanks, dashes, dots and slashes group them: phones, cards;
  - the query of each URL.
  What only a reader knows to be a name stays. What stands behind 32,768 characters is cut off: a long word costs Trino
  its square.
#}
{% macro mask_free_text(text) -%}
    {%- set space, edge = ' \\t\\r\\n', '"\'\'<>()' -%}
    {%- set addresses = [
        '(?:[^%s%s][^%s]*)?(?:@|%%40)(?:[^%s]*[^%s%s])?' | format(space, edge, space, space, space, edge),
        '[0-9a-fA-F.]+(?::+[0-9a-fA-F.]+){5,}',
        '(?:[0-9a-fA-F.]+:)+(?::+[0-9a-fA-F.]+)+',
    ] -%}
    {%- set numbers = ['[+(]?[0-9](?:[-() ./\\x{A0}\\x{202F}\\x{2010}-\\x{2015}]*[0-9]){6,}', '[0-9]{1,3}(?:[.][0-9]{1,3}){3}'] -%}
    {%- set query = '[?][^%s"\'\'<>=?]*=[^%s"\'\'<>]*' | format(space, space) -%}
    {%- set masked = "substr(" ~ text ~ ", 1, 32768)" -%}
    {%- set masked = replace_all(masked, "'" ~ addresses | join('|') ~ "'", "'***'") -%}
    {%- set masked = replace_all(masked, "'" ~ numbers | join('|') ~ "'", "'***'") -%}
    {{ replace_all(masked, "'" ~ query ~ "'", "'?***'") }}
{%- endmacro %}
