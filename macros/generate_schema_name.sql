{#
  Schema of a model: the layer that its folder configures (bronze, silver, gold, quarantine, reference), with the
  prefix LAKE_SCHEMA_PREFIX before it where several people or branches share one catalogue. A folder without a
  configured schema stops the build.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none and node.resource_type not in ['model', 'seed', 'snapshot'] -%}
        {{ return(target.schema) }}
    {%- elif custom_schema_name is none -%}
        {{ exceptions.raise_compiler_error(
            node.resource_type ~ " " ~ node.name ~ " has no schema; configure its folder in dbt_project.yml"
        ) }}
    {%- endif -%}
    {{ env_var('LAKE_SCHEMA_PREFIX', '') }}{{ custom_schema_name | trim }}
{%- endmacro %}
