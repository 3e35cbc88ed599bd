{# True where a user agent says that it is a machine: crawlers, headless browsers, libraries of programs. #}
{% macro is_bot_agent(user_agent) -%}
    coalesce({{ matches(
        'lower(' ~ user_agent ~ ')',
        "'bot[/;)]|crawl|spider|slurp|headless|phantomjs|scrapy|^curl/|^wget/|python-|^go-http|^java/|okhttp-monitor'"
    ) }}, false)
{%- endmacro %}
