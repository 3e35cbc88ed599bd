-- Landed records of files of survey answers, typed. Grain: one row per landed line; nothing is dropped.
{% set columns = {
    'response_id': 'varchar', 'customer_id': 'varchar', 'score': 'bigint', 'comment': 'varchar', 'responded_at': 'timestamp',
} -%}
{% set paths = {'csv_error': '$.error'} -%}
{% for name in columns -%}
{%- do paths.update({name: '$.record.' ~ name}) -%}
{%- endfor -%}

with landed as (
    {{ json_lines('uploads', 'nps_responses', paths) }}
),

typed as (
    select
        {{ landed_columns('landed') }},
        landed.csv_error,
        {{ typed_columns(columns, 'landed') }}
    from landed
),

final as (
    select
        _source_file,
        _batch_id,
        _row_hash,
        arrival_date,
        is_parsed,
        response_id,
        customer_id,
        score,
        comment,
        responded_at,
        csv_error,
        _parse_errors,
        raw_line
    from typed
)

select * from final
