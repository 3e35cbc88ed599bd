-- The text of every quarantined record and the rules it breaks. Holds raw records, and is as restricted as bronze.
-- Grain: one row per source and record_id (the hash of the text). Late data: the batches from the mark of each source
-- on are read again.
{{ config(merge_config(unique_key=['source_name', 'record_id'])) }}
{% set marks = marks_by('source_name') -%}

{% for source_name, tables in landed_sources().items() -%}
select
    '{{ source_name }}' as source_name,
    val._row_hash as record_id,
    min(val._source_file) as _source_file,
    min(val._errors) as broken_rules,
    min(lnd.raw_line) as raw_record,
    min(val._batch_id) as _batch_id
from {{ ref('int_' ~ source_name ~ '_validated') }} as val
inner join {{ ref(tables.staging) }} as lnd
    on val._source_file = lnd._source_file and val._row_hash = lnd._row_hash
where
    val._disposition = 'quarantined'
    and val._batch_id >= {{ marks.get(source_name) or 0 }}
    and {{ arrived_since(marks.get(source_name), 'lnd.arrival_date') }}
group by val._row_hash
{% if not loop.last -%}
union all
{% endif -%}
{%- endfor %}
