-- Every valid reading once, in one unit a type of device, with what its neighbours in time say about it.
-- Grain: one row per device_id and reading_at.
-- Late data: a flag looks at readings of the same device within a day. The days beside those of a late reading are
-- computed again, from the days beside them.
{{ config(merge_config(unique_key=['device_id', 'reading_at'], partitioned_by='month(reading_date)')) }}
{% set mark = mark() -%}

with readings as (
    select
        rec.device_id,
        rec.device_type,
        rec.location,
        rec.reading_at,
        cast(round(rec.reported_value, 4) as decimal(18, 4)) as reported_value,
        rec.reported_unit,
        rec._row_hash,
        rec._batch_id
    from {{ ref('int_sensor_readings_validated') }} as rec
    where rec._disposition = 'kept' and {{ near_touched_days(mark, 2, 'rec') }}
),

measured as (
    select
        rea.*,
        case rea.reported_unit
            when 'F' then {{ celsius('rea.reported_value') }}
            when 'K' then cast(rea.reported_value - cast(273.15 as decimal(5, 2)) as decimal(18, 4))
            else rea.reported_value
        end as value,
        case rea.reported_unit
            when 'C' then {{ celsius('rea.reported_value') }}
            when 'F' then rea.reported_value
        end as value_in_other_unit,
        lim.lowest_value,
        lim.highest_value,
        lim.spike_step
    from readings as rea
    left join {{ ref('sensor_limits') }} as lim
        on rea.device_type = lim.device_type and rea.location = lim.location
),

neighboured as (
    select
        mea.*,
        lag(mea.reading_at) over (partition by mea.device_id order by mea.reading_at) as previous_at,
        lag(mea.value) over (partition by mea.device_id order by mea.reading_at) as previous_value,
        lead(mea.reading_at) over (partition by mea.device_id order by mea.reading_at) as next_at,
        lead(mea.value) over (partition by mea.device_id order by mea.reading_at) as next_value
    from measured as mea
),

-- A run is a row of equal values without a pause of more than an hour.
numbered as (
    select
        nei.*,
        sum(
            case
                when nei.value = nei.previous_value and {{ is_within_hour('nei.previous_at', 'nei.reading_at') }} then 0
                else 1
            end
        ) over (
            partition by nei.device_id
            order by nei.reading_at
            rows between unbounded preceding and current row
        ) as run_number
    from neighboured as nei
),

flagged as (
    select
        num.*,
        {{ is_spike('num') }} as is_spike,
        num.device_type in ('temperature', 'humidity', 'co2')
        and min(num.reading_at) over (partition by num.device_id, num.run_number) + interval '2' hour
        <= max(num.reading_at) over (partition by num.device_id, num.run_number) as is_stuck,
        coalesce(
            num.value not between num.lowest_value and num.highest_value
            and num.value_in_other_unit between num.lowest_value and num.highest_value,
            false
        ) as is_suspected_unit,
        num.value not between num.lowest_value and num.highest_value as is_out_of_range
    from numbered as num
),

judged as (
    select
        fla.*,
        not fla.is_spike and not fla.is_stuck and not fla.is_suspected_unit as is_sound
    from flagged as fla
),

ranged as (
    select
        jud.*,
        lag(jud.reading_at) over (partition by jud.device_id, jud.is_sound order by jud.reading_at) as sound_at,
        lag(jud.is_out_of_range) over (partition by jud.device_id, jud.is_sound order by jud.reading_at)
            as was_out_of_range
    from judged as jud
),

final as (
    select
        device_id,
        reading_at,
        cast(reading_at as date) as reading_date,
        device_type,
        location,
        value,
        {{ sensor_unit() }} as unit,
        reported_value,
        reported_unit,
        case
            when reading_at <= previous_at + interval '1' day
                then {{ to_epoch_seconds('reading_at') }} - {{ to_epoch_seconds('previous_at') }}
        end as gap_before_seconds,
        is_spike,
        is_stuck,
        is_suspected_unit,
        is_sound,
        is_out_of_range,
        coalesce(
            is_sound
            and is_out_of_range
            and not (coalesce(was_out_of_range, false) and {{ is_within_hour('sound_at', 'reading_at') }}),
            false
        ) as is_excursion_start,
        _row_hash,
        _batch_id
    from ranged
    where {{ near_touched_days(mark, 1) }}
)

select * from final
