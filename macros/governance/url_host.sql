{# Host of a URL in lower case; NULL where the text has no scheme, `***` where it holds the name of a user. #}
{% macro url_host(url) -%}
    {%- set host = "split_part(split_part(split_part(" ~ url ~ ", '://', 2), '/', 1), '?', 1)" -%}
    case
        when {{ host }} like '%@%' then '***'
        else nullif(lower({{ host }}), '')
    end
{%- endmacro %}
