{#
  A message for people to read, with `***` for each word that holds an e-mail address (or any other @, also written %40)
  and for each address of a machine, and without the queries of URLs. What only a reader knows to be a name stays.
  What stands behind 32,768 characters, which is no message any more, is cut off: a long word costs Trino its square.
#}
{% macro masked_message(text) -%}
    {%- set word = '[^ \\t\\r\\n"\'\'<>(),;=]*' -%}
    {%- set addresses = [
        word ~ '(?:@|%40)' ~ word,
        '[0-9]{1,3}(?:[.][0-9]{1,3}){3}',
        '[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){5,7}',
        '(?:[0-9a-fA-F]{1,4}:){1,7}(?::[0-9a-fA-F]{1,4}){1,7}',
    ] -%}
    {%- set query = "'[?][^ \\t\\r\\n\"''<>=?]*=[^ \\t\\r\\n\"''<>]*'" -%}
    {{ replace_all(replace_all("substr(" ~ text ~ ", 1, 32768)", query, "'?***'"), "'" ~ addresses | join('|') ~ "'", "'***'") }}
{%- endmacro %}
