-- Every quarantined record with its text and the rules it breaks. The text is read from bronze, where it landed: no copy
-- of personal data is made. Grain: one row per source and record_id (the hash of the text).

with releases as (
    select
        source_name,
        record_id,
        max(_batch_id) as release_batch_id
    from {{ ref('stg_control__quarantine_releases') }}
    group by source_name, record_id
)

{% for source_name, landed in landed_sources().items() %}
select
    '{{ source_name }}' as source_name,
    val._row_hash as record_id,
    val._batch_id,
    val._source_file,
    val._errors as broken_rules,
    lnd.raw_line as raw_record,
    rel.record_id is not null as is_released,
    rel.release_batch_id
from {{ ref('int_' ~ source_name ~ '_validated') }} as val
inner join (
    select
        _source_file,
        _row_hash,
        min(raw_line) as raw_line
    from {{ ref(landed.staging) }}
    group by _source_file, _row_hash
) as lnd
    on val._source_file = lnd._source_file and val._row_hash = lnd._row_hash
left join releases as rel on rel.source_name = '{{ source_name }}' and val._row_hash = rel.record_id
where val._disposition = 'quarantined'
{% if not loop.last %}union all{% endif %}
{% endfor %}
