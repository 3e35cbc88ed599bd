{# The statement that makes one landed table readable, from its contract; `contract` is a mark that the catalogue keeps. #}
{% macro external_table_sql(table, contract='') -%}
    {{ return(adapter.dispatch('external_table_sql', 'lakehouse')(table, contract)) }}
{%- endmacro %}

{% macro default__external_table_sql(table, contract) %}{{ unsupported_adapter('external_table_sql') }}{% endmacro %}

{#
  Below the prefix lie the places, if the contract has any, and in each the days of arrival.
  Lines are read as one column: U+10FFFF, which is no character, is the delimiter, and there is no quote. A prefix
  without a file gives an empty view of the same columns. Hidden files, and those of other endings, are not opened: what
  an editor or a copy leaves behind for a while is no record.
#}
{% macro duckdb__external_table_sql(table, contract) -%}
    {%- set root = var('lake_root') | replace("'", "''") | replace('[', '[[]') -%}
    {%- set folders = [root, table.external.location] -%}
    {%- for partition in table.external.partitions -%}
        {%- set is_place = partition.projection.type == 'enum' -%}
        {%- do folders.extend(['*'] * (partition.projection['values'][0].split('/') | length) if is_place else [partition.name ~ '=*']) -%}
    {%- endfor -%}
    {%- set pattern = folders | join('/') ~ '/*' ~ ('.avro' if table.external.file_format == 'avro' else '.json*') -%}
    {%- set files = run_query("select count(*) from glob('" ~ pattern ~ "')").columns[0].values()[0] -%}
    create or replace view {{ table.schema }}.{{ table.name }} as
    select
        {%- for column in table.columns.values() %}
        {{ column.name if files else 'null' }}::{{ column.data_type }} as {{ column.name }},
        {%- endfor %}
        {{ 'filename' if files else 'null::varchar' }} as filename
    {%- if not files %}
    where false
    {%- elif table.external.file_format == 'avro' %}
    from read_avro('{{ pattern }}', filename = true, hive_partitioning = true)
    where regexp_matches(filename, '/[^._/][^/]*[.]avro$')
    {%- elif table.external.file_format == 'json_lines' %}
    from read_csv(
        '{{ pattern }}', columns = {raw_line: 'varchar'}, delim = '{{ "\U0010FFFF" }}', quote = '', escape = '',
        header = false, auto_detect = false, nullstr = '{{ "\U0010FFFE" }}', new_line = '\n', strict_mode = false,
        max_line_size = 16777216, filename = true, hive_partitioning = true, hive_types_autocast = false
    )
    where regexp_matches(filename, '/[^._/][^/]*[.]json([.]gz)?$')
    {%- else %}
        {{ exceptions.raise_compiler_error(
            "source " ~ table.name ~ ": file_format '" ~ table.external.file_format ~ "' is not known; use json_lines or avro"
        ) }}
    {%- endif %}
{%- endmacro %}

{#
  The regular expression takes the whole line; a delimited table would cut it at its delimiter, and read \N as NULL.
  The values of a partition with `projection: {type: enum}` are the places: whole paths of folders, so that only those
  which exist are listed.
#}
{% macro athena__external_table_sql(table, contract) -%}
    {%- set location = var('lake_root') ~ '/' ~ table.external.location ~ '/' -%}
    create external table `{{ table.schema }}`.`{{ table.name }}` (
        {%- for column in table.columns.values() if column.name not in table.external.partitions | map(attribute='name') %}
        `{{ column.name }}` {{ {'varchar': 'string', 'integer': 'int'}.get(column.data_type, column.data_type) }}{{ ',' if not loop.last }}
        {%- endfor %}
    )
    partitioned by (
        {%- for partition in table.external.partitions %}
        `{{ partition.name }}` string{{ ',' if not loop.last }}
        {%- endfor %}
    )
    {%- if table.external.file_format == 'avro' %}
    stored as avro
    {%- else %}
    row format serde 'org.apache.hadoop.hive.serde2.RegexSerDe' with serdeproperties ('input.regex' = '(?s)(.*)')
    stored as textfile
    {%- endif %}
    location '{{ location }}'
    tblproperties (
        'contract' = '{{ contract }}',
        'projection.enabled' = 'true'
        {%- for partition in table.external.partitions %},
        'projection.{{ partition.name }}.type' = '{{ partition.projection.type }}',
        {%- if partition.projection.type == 'enum' %}
        'projection.{{ partition.name }}.values' = '{{ partition.projection['values'] | join(',') }}'
        {%- else %}
        'projection.{{ partition.name }}.format' = '{{ partition.projection.format }}',
        'projection.{{ partition.name }}.range' = '{{ partition.projection.range }}'
        {%- endif %}
        {%- endfor %},
        'storage.location.template' = '{{ location }}
        {%- for partition in table.external.partitions -%}
            {{ partition.name ~ '=' if partition.projection.type != 'enum' }}${{ '{' ~ partition.name ~ '}' }}{{ '/' if not loop.last }}
        {%- endfor %}'
    )
{%- endmacro %}
