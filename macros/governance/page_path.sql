{#
  Path of a page, without its query and its fragment, which hold what people typed; `***` where an address stands in the
  path itself.
#}
{% macro page_path(page) -%}
    case
        when {{ page }} is null then null
        when {{ is_address("split_part(split_part(" ~ page ~ ", '?', 1), '#', 1)") }} then '***'
        else nullif(split_part(split_part({{ page }}, '?', 1), '#', 1), '')
    end
{%- endmacro %}
