{#
  dbt asks for this relation in unit tests only, to learn the types of the model's columns, and drops it. dbt-athena would
  make it a Hive table, which has no timestamps in microseconds; a view has them, and costs no query.
#}
{% macro athena__get_create_table_as_sql(temporary, relation, sql) -%}
    create or replace view {{ relation }} as
    {{ sql }}
{%- endmacro %}
