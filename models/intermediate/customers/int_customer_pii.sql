-- The one restricted relation of silver: who a customer is. Everything else in silver and gold holds pseudonyms.
-- Grain: one row per customer_id. Late data: a touched customer is read again from the landed changes.
{{ config(merge_config(unique_key='customer_id')) }}
{% set mark = mark() -%}

with newest as (
    select
        cus.customer_id,
        cus._source_order,
        cus.is_deleted,
        cus._batch_id
    from {{ ref('int_customers') }} as cus
    {% if mark %}where cus._batch_id >= {{ mark }}{% endif %}
),

changes as (
    select
        chg.customer_id,
        chg._source_order,
        chg._row_hash
    from {{ ref('int_customer_changes') }} as chg
),

landed as (
    select
        _row_hash,
        min(full_name) as full_name,
        min(email) as email,
        min(phone) as phone,
        min(street_address) as street_address,
        min(city) as city,
        min(postal_code) as postal_code
    from {{ ref('stg_postgresql__customers') }}
    group by _row_hash
),

final as (
    select
        cus.customer_id,
        case when not cus.is_deleted then lnd.full_name end as full_name,
        case when not cus.is_deleted then lnd.email end as email,
        case when not cus.is_deleted then lnd.phone end as phone,
        case when not cus.is_deleted then lnd.street_address end as street_address,
        case when not cus.is_deleted then lnd.city end as city,
        case when not cus.is_deleted then lnd.postal_code end as postal_code,
        cus.is_deleted,
        cus._batch_id
    from newest as cus
    inner join changes as chg
        on cus.customer_id = chg.customer_id and cus._source_order = chg._source_order
    inner join landed as lnd on chg._row_hash = lnd._row_hash
)

select * from final
