-- Products by version: name, category and list price as they were. Grain: one row per product_sk.

with known as (
    select
        {{ version_key('ver', 'product_id') }} as product_sk,
        ver.product_id,
        ver.product_name,
        ver.category,
        ver.supplier_id,
        sup.supplier_name,
        ver.list_price,
        ver.currency_code,
        ver.is_service,
        ver.is_active,
        case
            when ver.version_number = 1 then timestamp '1900-01-01 00:00:00' else ver.valid_from
        end as valid_from,
        ver.valid_to,
        ver.is_current,
        ver.is_deleted
    from {{ ref('int_products_history') }} as ver
    left join {{ ref('int_suppliers') }} as sup on ver.supplier_id = sup.supplier_id
),

unknown_member as (
    select
        'unknown' as product_sk,
        'unknown' as product_id,
        'unknown' as product_name,
        'unknown' as category,
        cast(null as varchar) as supplier_id,
        cast(null as varchar) as supplier_name,
        cast(null as decimal(18, 4)) as list_price,
        cast(null as varchar) as currency_code,
        false as is_service,
        false as is_active,
        timestamp '1900-01-01 00:00:00' as valid_from,
        cast(null as timestamp) as valid_to,
        true as is_current,
        false as is_deleted
)

select * from known
union all
select * from unknown_member
