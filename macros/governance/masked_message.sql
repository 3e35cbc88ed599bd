{#
  A message for people to read, with `***` for each word that holds an e-mail address (or any other @, also written %40)
  and for each address of a machine, and without the queries of URLs. What only a reader knows to be a name stays.
#}
{% macro masked_message(text) -%}
    {%- set word = '[^ \\t\\r\\n"\'\'<>(),;=]*' -%}
    {%- set addresses = [
        word ~ '(?:@|%40)' ~ word,
        '[0-9]{1,3}(?:[.][0-9]{1,3}){3}',
        '[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){7}',
        '(?:[0-9a-fA-F]{1,4}:){1,7}(?::[0-9a-fA-F]{1,4}){1,7}',
    ] -%}
    {%- set query = "'[?][^ \\t\\r\\n\"''<>=?]*=[^ \\t\\r\\n\"''<>]*'" -%}
    {{ replace_all(replace_all(text, query, "'?***'"), "'" ~ addresses | join('|') ~ "'", "'***'") }}
{%- endmacro %}
