-- Each hour of each device: how many readings of how many expected, their range, the time out of range, and the flags.
-- Grain: one row per device_id and hour_at, UTC. Spikes, stuck values and suspected units are counted and take no part
-- in the figures of value and range.
-- Late data: the hours of the days beside those of what has arrived are counted again, for flags reach that far.
{{ config(merge_config(unique_key=['device_id', 'hour_at'])) }}
{% set mark = mark() -%}

with readings as (
    select
        rea.*,
        {{ dbt.date_trunc('hour', 'rea.reading_at') }} as hour_at,
        case when rea.is_sound then rea.value end as sound_value,
        row_number() over (
            partition by rea.device_id, {{ dbt.date_trunc('hour', 'rea.reading_at') }}
            order by rea.reading_at desc
        ) as newest_first
    from {{ ref('int_sensor_readings') }} as rea
    where {{ near_touched_days(mark, 1, 'rea') }}
),

hours as (
    select
        device_id,
        hour_at,
        -- Of the newest reading: a device that is carried elsewhere belongs where it went.
        max(case when newest_first = 1 then device_type end) as device_type,
        max(case when newest_first = 1 then location end) as location,
        max(case when newest_first = 1 then unit end) as unit,
        count(*) as reading_count,
        count(sound_value) as sound_count,
        sum(sound_value) as sound_sum,
        min(sound_value) as lowest_value,
        max(sound_value) as highest_value,
        sum(case when is_sound and is_out_of_range then 1 else 0 end) as out_of_range_count,
        count(is_out_of_range) as ranged_count,
        sum(case when is_excursion_start then 1 else 0 end) as excursion_count,
        sum(case when is_spike then 1 else 0 end) as spike_count,
        sum(case when is_stuck then 1 else 0 end) as stuck_count,
        sum(case when is_suspected_unit then 1 else 0 end) as suspected_unit_count,
        max(gap_before_seconds) as longest_gap_seconds,
        max(_batch_id) as _batch_id
    from readings
    group by device_id, hour_at
),

final as (
    select
        hou.device_id,
        hou.hour_at,
        hou.device_type,
        hou.location,
        hou.unit,
        hou.reading_count,
        cast(lim.readings_per_hour as bigint) as expected_count,
        hou.sound_count,
        hou.lowest_value,
        {{ ratio('hou.sound_sum', 'hou.sound_count') }} as average_value,
        hou.highest_value,
        case
            when hou.ranged_count > 0 and hou.out_of_range_count > lim.readings_per_hour
                then cast(60 as decimal(18, 2))
            when hou.ranged_count > 0
                then {{ ratio('60 * hou.out_of_range_count', 'lim.readings_per_hour') }}
        end as out_of_range_minutes,
        cast(hou.excursion_count as bigint) as excursion_count,
        cast(hou.spike_count as bigint) as spike_count,
        cast(hou.stuck_count as bigint) as stuck_count,
        cast(hou.suspected_unit_count as bigint) as suspected_unit_count,
        hou.longest_gap_seconds,
        hou._batch_id
    from hours as hou
    left join {{ ref('sensor_limits') }} as lim
        on hou.device_type = lim.device_type and hou.location = lim.location
)

select * from final
