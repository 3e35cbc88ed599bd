-- The quality rules as a table, from the one list that the validated models judge by.
-- Grain: one row per source and rule.
{{ config(materialized='table') }}

{% for rule in quality_rules() -%}
{% set outer = loop -%}
{%- for source_name in rule.sources -%}
select
    '{{ source_name }}' as source_name,
    '{{ rule.id }}' as rule_id,
    '{{ rule.severity }}' as severity,
    '{{ rule.reason | replace("'", "''") }}' as reason
{% if not (outer.last and loop.last) %}union all
{% endif -%}
{%- endfor -%}
{%- endfor %}
