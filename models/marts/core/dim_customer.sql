-- Customers by version, without personal data. Grain: one row per customer_sk (customer_id and validity).

with known as (
    select
        {{ version_key('ver', 'customer_id') }} as customer_sk,
        ver.customer_id,
        ver.email_hash,
        ver.email_masked,
        ver.city,
        ver.country,
        coalesce(cou.region_id, 'UNKNOWN') as region_id,
        coalesce(loy.loyalty_tier, 'none') as loyalty_tier,
        coalesce(loy.has_marketing_consent, false) as has_marketing_consent,
        case
            when ver.version_number = 1 then timestamp '1900-01-01 00:00:00' else ver.valid_from
        end as valid_from,
        ver.valid_to,
        ver.is_current,
        ver.is_deleted
    from {{ ref('int_customers_history') }} as ver
    left join {{ ref('countries') }} as cou on ver.country = cou.country
    left join {{ ref('int_customer_loyalty') }} as loy on ver.customer_id = loy.customer_id
),

unknown_member as (
    select
        'unknown' as customer_sk,
        'unknown' as customer_id,
        cast(null as varchar) as email_hash,
        cast(null as varchar) as email_masked,
        cast(null as varchar) as city,
        'unknown' as country,
        'UNKNOWN' as region_id,
        'none' as loyalty_tier,
        false as has_marketing_consent,
        timestamp '1900-01-01 00:00:00' as valid_from,
        cast(null as timestamp) as valid_to,
        true as is_current,
        false as is_deleted
)

select * from known
union all
select * from unknown_member
