-- Landed versions of suppliers from the on-premises MySQL, typed.
-- Grain: one row per landed Avro record; nothing is dropped.
{% set fields = [
    'supplier_id', 'supplier_name', 'contact_name', 'contact_email', 'contact_phone', 'country',
    'lead_time_days', 'is_active', 'updated_at',
] -%}
{% set types = {
    'supplier_id': 'varchar', 'supplier_name': 'varchar', 'contact_name': 'varchar', 'contact_email': 'varchar',
    'contact_phone': 'varchar', 'country': 'varchar', 'updated_at': 'timestamp',
} -%}

with landed as (
    select
        {% for field in fields -%}
        {{ field }},
        {% endfor -%}
        arrival_date,
        {{ source_file(landed_location('mysql', 'suppliers')) }} as _source_file,
        {% for field in fields -%}
        coalesce(cast({{ field }} as varchar), ''){{ " || '|' || " if not loop.last }}
        {%- endfor %} as raw_line
    from {{ source('mysql', 'suppliers') }}
),

typed as (
    select
        landed.arrival_date,
        {{ batch_of('landed.arrival_date') }} as _batch_id,
        landed._source_file,
        {{ dbt.hash('landed.raw_line') }} as _row_hash,
        true as is_parsed,
        landed.raw_line,
        landed.lead_time_days,
        landed.is_active,
        {{ typed_columns(types, 'landed') }}
    from landed
),

final as (
    select
        _source_file,
        _batch_id,
        _row_hash,
        arrival_date,
        is_parsed,
        supplier_id,
        {{ to_epoch_seconds('updated_at') }} as _source_order,
        supplier_name,
        contact_name,
        contact_email,
        contact_phone,
        country,
        lead_time_days,
        is_active,
        updated_at,
        _parse_errors,
        raw_line
    from typed
)

select * from final
