{#
  dbt asks for this table in unit tests only, to learn the types of the model's columns. dbt-athena would make it a Hive
  table, which has no timestamps in microseconds; here it is an Iceberg table, as the models are.
#}
{% macro athena__get_create_table_as_sql(temporary, relation, sql) -%}
    create table {{ relation }}
    with (
        table_type = 'iceberg', is_external = false, format = 'parquet',
        location = '{{ adapter.generate_s3_location(
            relation, target.s3_data_dir, target.s3_data_naming, target.s3_tmp_table_dir, is_temporary_table=temporary
        ) }}'
    )
    as
    {{ sql }}
{%- endmacro %}
