{#
  Body of a CTE that reads one Debezium table: the technical columns, op, lsn, committed_ms, and one text column for each
  other name in `types`, taken from `after`, on deletes from `before`.
  Keys come from the Kafka key, so that a tombstone names its row.
#}
{% macro cdc_changes(table_name, keys, types) -%}
    {%- set envelope = {
        'op': '$.value.op', 'lsn': '$.value.source.lsn', 'committed_ms': '$.value.source.ts_ms',
    } -%}
    {%- set after, before = envelope.copy(), envelope.copy() -%}
    {%- for key in keys -%}
        {%- do after.update({key: '$.key.' ~ key}) -%}
        {%- do before.update({key: '$.key.' ~ key}) -%}
    {%- endfor -%}
    {%- for column in types if column not in keys and column not in envelope -%}
        {%- do after.update({column: '$.value.after.' ~ column}) -%}
        {%- do before.update({column: '$.value.before.' ~ column}) -%}
    {%- endfor -%}
    {{ json_lines('postgresql', table_name, after, before) }}
{%- endmacro %}
