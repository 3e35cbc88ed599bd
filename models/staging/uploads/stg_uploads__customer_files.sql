-- Landed records of customer files, typed. Grain: one row per landed line; nothing is dropped.
{% set columns = {
    'customer_id': 'varchar', 'full_name': 'varchar', 'email': 'varchar', 'phone': 'varchar', 'birth_date': 'date',
    'loyalty_tier': 'varchar', 'marketing_consent': 'boolean', 'notes': 'varchar', 'exported_at': 'timestamp',
} -%}
{% set paths = {'csv_error': '$.error'} -%}
{% for name in columns -%}
{%- do paths.update({name: '$.record.' ~ name}) -%}
{%- endfor -%}

with landed as (
    {{ json_lines('uploads', 'customer_files', paths) }}
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
        customer_id,
        {{ to_epoch_seconds('exported_at') }} as _source_order,
        full_name,
        email,
        phone,
        birth_date,
        lower(loyalty_tier) as loyalty_tier,
        marketing_consent as has_marketing_consent,
        notes,
        exported_at,
        csv_error,
        _parse_errors,
        raw_line
    from typed
)

select * from final
