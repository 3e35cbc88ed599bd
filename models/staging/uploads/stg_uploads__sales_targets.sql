-- Landed records of files of monthly sales targets, typed. Grain: one row per landed line; nothing is dropped.
{% set columns = {
    'target_month': 'month', 'region_id': 'varchar', 'category': 'varchar', 'target_amount': 'decimal',
    'currency_code': 'varchar', 'issued_at': 'timestamp',
} -%}
{% set paths = {'csv_error': '$.error'} -%}
{% for name in columns -%}
{%- do paths.update({name: '$.record.' ~ name}) -%}
{%- endfor -%}

with landed as (
    {{ json_lines('uploads', 'sales_targets', paths) }}
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
        target_month,
        region_id,
        category,
        cast(target_month as varchar) || '|' || region_id || '|' || category as target_id,
        {{ to_epoch_seconds('issued_at') }} as _source_order,
        target_amount,
        upper(currency_code) as currency_code,
        issued_at,
        csv_error,
        _parse_errors,
        raw_line
    from typed
)

select * from final
