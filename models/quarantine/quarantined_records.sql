-- Every quarantined record with its text and the rules it breaks. The text is read from bronze, where it landed: no
-- copy of personal data is made. Grain: one row per source and record_id (the hash of the text).

with quarantined as (
    {% for source_name in landed_sources() -%}
    select
        '{{ source_name }}' as source_name,
        _row_hash,
        _batch_id,
        _source_file,
        _errors
    from {{ ref('int_' ~ source_name ~ '_validated') }}
    where _disposition = 'quarantined'
    {% if not loop.last -%}
    union all
    {% endif -%}
    {%- endfor %}
),

landed as (
    {% for source_name, tables in landed_sources().items() -%}
    select
        '{{ source_name }}' as source_name,
        _source_file,
        _row_hash,
        min(raw_line) as raw_record
    from {{ ref(tables.staging) }}
    group by _source_file, _row_hash
    {% if not loop.last -%}
    union all
    {% endif -%}
    {%- endfor %}
),

releases as (
    select
        source_name,
        record_id,
        max(_batch_id) as release_batch_id
    from {{ ref('stg_control__quarantine_releases') }}
    group by source_name, record_id
),

final as (
    select
        qua.source_name,
        qua._row_hash as record_id,
        qua._batch_id,
        qua._source_file,
        qua._errors as broken_rules,
        lnd.raw_record,
        rel.record_id is not null as is_released,
        rel.release_batch_id
    from quarantined as qua
    inner join landed as lnd
        on
            qua.source_name = lnd.source_name
            and qua._source_file = lnd._source_file
            and qua._row_hash = lnd._row_hash
    left join releases as rel on qua.source_name = rel.source_name and qua._row_hash = rel.record_id
)

select * from final
