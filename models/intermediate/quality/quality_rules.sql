-- The quality rules as a table, from the one list that the validated models judge by.
-- Grain: one row per source and rule.
{{ config(materialized='table') }}
{% set rows = [] -%}
{% for rule in quality_rules() -%}
{% for source_name in rule.sources -%}
{% do rows.append([source_name, rule.id, rule.severity, rule.reason | replace("'", "''")]) -%}
{% endfor -%}
{% endfor -%}

select
    rules.source_name,
    rules.rule_id,
    rules.severity,
    rules.reason
from (
    values
    {% for row in rows -%}
    ('{{ row | join("', '") }}'){{ ',' if not loop.last }}
    {% endfor %}
) as rules (source_name, rule_id, severity, reason)
