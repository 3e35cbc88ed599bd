{# The ids of the rules of one severity that a record breaks, separated by commas; NULL where it breaks none. #}
{% macro broken_rules(source_name, severity) -%}
    {%- set tests = [] -%}
    {%- for rule in quality_rules() if source_name in rule.sources and rule.severity == severity -%}
        {%- do tests.append("case when " ~ rule.predicate ~ " then '" ~ rule.id ~ "' end") -%}
    {%- endfor -%}
    nullif(concat_ws(
        ',',
        {{ tests | join(',\n        ') if tests else "cast(null as varchar)" }}
    ), '')
{%- endmacro %}
