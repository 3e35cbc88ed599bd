{# True where a text holds the sign of an e-mail address, as it is or as a URL writes it; NULL for NULL. #}
{% macro is_address(text) -%} {{ matches(text, "'@|%40'") }} {%- endmacro %}
