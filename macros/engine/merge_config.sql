{#
  The config of a merging incremental model: `{{ '{{ config(merge_config(unique_key=...)) }}' }}`.
  With `vanishing=true` the model gives rows whose key no longer exists with `_is_vanished = true`;
  the merge deletes them on both engines and never inserts one. `partitioned_by` is a transform of Iceberg: `month(order_date)`, or
  `truncate(_batch_id, 10000)`, the month of arrival. Months, so that a first load of eight years stays below Athena's
  100 partitions a statement. DuckDB skips by the smallest and largest value of each row group and needs no partitions.
#}
{% macro merge_config(unique_key, vanishing=false, partitioned_by=none) -%}
    {{ return(adapter.dispatch('merge_config', 'lakehouse')(unique_key, vanishing, partitioned_by)) }}
{%- endmacro %}

{% macro default__merge_config(unique_key, vanishing, partitioned_by) %}{{ unsupported_adapter('merge_config') }}{% endmacro %}

{% macro duckdb__merge_config(unique_key, vanishing, partitioned_by) -%}
    {%- set settings = {
        'materialized': 'incremental', 'incremental_strategy': 'merge', 'unique_key': unique_key,
    } -%}
    {%- if vanishing -%}
        {%- do settings.update({'merge_clauses': {
            'when_matched': [
                {'action': 'delete', 'condition': 'DBT_INTERNAL_SOURCE._is_vanished'},
                {'action': 'update', 'mode': 'by_name'},
            ],
            'when_not_matched': [
                {'action': 'insert', 'mode': 'by_name', 'condition': 'not DBT_INTERNAL_SOURCE._is_vanished'},
            ],
        }}) -%}
    {%- endif -%}
    {{ return(settings) }}
{%- endmacro %}

{% macro athena__merge_config(unique_key, vanishing, partitioned_by) -%}
    {%- set settings = {
        'materialized': 'incremental', 'incremental_strategy': 'merge', 'unique_key': unique_key,
        'table_type': 'iceberg', 'format': 'parquet',
    } -%}
    {%- if partitioned_by -%}
        {%- do settings.update({'partitioned_by': [partitioned_by]}) -%}
    {%- endif -%}
    {%- if vanishing -%}
        {%- do settings.update({
            'delete_condition': 'src._is_vanished', 'insert_condition': 'not src._is_vanished',
        }) -%}
    {%- endif -%}
    {{ return(settings) }}
{%- endmacro %}
