{#
  Free text in which `***` stands for each word that holds an @, and for each number of seven digits or more, however they
  are grouped: addresses, phone numbers, cards. A name that somebody wrote stays.
#}
{% macro mask_free_text(text) -%}
    {{ replace_all(replace_all(text, "'[^ \\x{09}-\\x{0D}]*@[^ \\x{09}-\\x{0D}]*'", "'***'"), "'[+(]?[0-9]([-() ./]*[0-9]){6,}'", "'***'") }}
{%- endmacro %}
