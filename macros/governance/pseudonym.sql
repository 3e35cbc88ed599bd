{#
  Keyed pseudonym of a person's datum: HMAC-SHA-256 under LAKE_PII_KEY of the text in lower case without surrounding
  white space. The same datum has the same pseudonym in every table; without the key it cannot be guessed from a list.
  Lower case is that of each character by itself, on both engines: the final sigma of a word is σ, and İ is i (Python's
  `lower` looks at the whole word, and makes two characters of İ). Accents stay, and so do the blanks within.
#}
{% macro pseudonym(text) -%}
    {%- set laptop = 'development-key-of-the-laptop' -%}
    {%- set secret = env_var('LAKE_PII_KEY', '') or laptop -%}
    {%- if target.name == 'athena' and secret == laptop and execute -%}
        {{ exceptions.raise_compiler_error("LAKE_PII_KEY is not set; production needs a secret key of its own") }}
    {%- endif -%}
    {{ hmac_sha256('lower(' ~ clean_text(text) ~ ')', secret) }}
{%- endmacro %}
