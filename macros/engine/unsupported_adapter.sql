{# Stops the build: an engine difference has no form for this adapter. #}
{% macro unsupported_adapter(macro_name) -%}
    {{ exceptions.raise_compiler_error(
        "macro " ~ macro_name ~ " has no form for adapter " ~ target.type
        ~ "; write " ~ target.type ~ "__" ~ macro_name ~ " in macros/engine"
    ) }}
{%- endmacro %}
