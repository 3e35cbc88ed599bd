-- Releases of quarantined records. Grain: one row per landed line.
{% set paths = {
    'source': '$.source', 'record_id': '$.record_id', 'repaired_record_id': '$.repaired_record_id',
    'released_by': '$.released_by', 'reason': '$.reason',
} -%}

with landed as (
    {{ json_lines('control', 'quarantine_releases', paths) }}
),

final as (
    select
        _source_file,
        _batch_id,
        _row_hash,
        source as source_name,
        record_id,
        repaired_record_id,
        released_by,
        reason as release_reason
    from landed
)

select * from final
