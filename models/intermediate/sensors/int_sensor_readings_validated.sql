-- Every landed sensor reading with its one disposition: kept, duplicate or quarantined.
-- Grain: one row per landed record. Late data: the batches from the mark on are judged again, never dropped.
{{ config(merge_config(unique_key=['_identity', '_copy'], partitioned_by='truncate(_batch_id, 10000)')) }}
{% set mark = mark() -%}

with landed as (
    select
        lnd._batch_id,
        lnd._source_file,
        lnd._row_hash,
        lnd.arrival_date,
        lnd.is_parsed,
        lnd.device_id as entity_id,
        -- A device measures one value at a time: whatever else it says of the same moment is a copy.
        {{ to_epoch_micros('lnd.reading_at') }} as _source_order,
        lnd._parse_errors,
        lnd.device_type,
        lnd.location,
        lnd.reading_at,
        lnd.reported_value,
        lnd.reported_unit
    from {{ ref('stg_iot__sensor_readings') }} as lnd
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('sensor_readings', mark) }},

final as (
    select
        _identity,
        _copy,
        _disposition,
        is_conflict,
        _errors,
        _warnings,
        _row_hash,
        _source_file,
        _batch_id,
        entity_id as device_id,
        device_type,
        location,
        reading_at,
        reported_value,
        reported_unit
    from disposed
)

select * from final
