{#
  Keyed pseudonym of a person's datum: HMAC-SHA-256 under LAKE_PII_KEY of the text in lower case without surrounding
  white space. The same datum has the same pseudonym in every table; without the key it cannot be guessed from a list.
#}
{% macro pseudonym(text) -%}
    {%- set secret = env_var('LAKE_PII_KEY', 'development-key-of-the-laptop') -%}
    {%- if target.name == 'athena' and secret == 'development-key-of-the-laptop' and execute -%}
        {{ exceptions.raise_compiler_error("LAKE_PII_KEY is not set; production needs a secret key of its own") }}
    {%- endif -%}
    {{ hmac_sha256('lower(' ~ clean_text(text) ~ ')', secret) }}
{%- endmacro %}
