-- Every quarantined record with its text, the rules it breaks, and whether a repaired record has been released for it.
-- Grain: one row per source and record_id (the hash of the text).

with releases as (
    select
        source_name,
        record_id,
        max(_batch_id) as release_batch_id
    from {{ ref('stg_control__quarantine_releases') }}
    group by source_name, record_id
)

select
    txt.source_name,
    txt.record_id,
    txt._batch_id,
    txt._source_file,
    txt.broken_rules,
    txt.raw_record,
    rel.record_id is not null as is_released,
    rel.release_batch_id
from {{ ref('quarantined_texts') }} as txt
left join releases as rel on txt.source_name = rel.source_name and txt.record_id = rel.record_id
