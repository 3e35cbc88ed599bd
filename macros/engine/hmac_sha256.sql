{#
  HMAC-SHA-256 (RFC 2104) of a text under the key `secret`, as 64 lower-case hex digits; NULL for NULL.
  DuckDB has SHA-256 only: the two padded keys are computed here, in the template.
#}
{% macro hmac_sha256(text, secret) -%}
    {{ return(adapter.dispatch('hmac_sha256', 'lakehouse')(text, secret)) }}
{%- endmacro %}

{% macro default__hmac_sha256(text, secret) %}{{ unsupported_adapter('hmac_sha256') }}{% endmacro %}

{% macro duckdb__hmac_sha256(text, secret) -%}
    sha256(
        unhex('{{ hmac_pad(secret, 92) }}')
        || unhex(sha256(unhex('{{ hmac_pad(secret, 54) }}') || encode({{ text }})))
    )
{%- endmacro %}

{% macro athena__hmac_sha256(text, secret) -%}
    lower(to_hex(hmac_sha256(to_utf8({{ text }}), to_utf8('{{ secret | replace("'", "''") }}'))))
{%- endmacro %}

{# The key filled to 64 bytes, each byte XOR `pad`, as hex. Jinja has no XOR: it goes bit by bit. #}
{% macro hmac_pad(secret, pad) -%}
    {%- set key = secret.encode('utf-8') -%}
    {%- if key | length > 64 -%}
        {{ exceptions.raise_compiler_error("LAKE_PII_KEY is longer than 64 bytes; use a shorter one") }}
    {%- endif -%}
    {%- for byte in key -%}
        {%- set mixed = namespace(value=0) -%}
        {%- for bit in [1, 2, 4, 8, 16, 32, 64, 128] -%}
            {%- set mixed.value = mixed.value + ((byte // bit + pad // bit) % 2) * bit -%}
        {%- endfor -%}
        {{- '%02x' % mixed.value -}}
    {%- endfor -%}
    {{- ('%02x' % pad) * (64 - key | length) -}}
{%- endmacro %}
