-- The one restricted relation of silver: who a customer is. Everything else in silver and gold holds pseudonyms.
-- Grain: one row per customer_id. Late data: what has arrived since the mark competes with the stored row by
-- source order.
{{ config(merge_config(unique_key='customer_id')) }}
{% set mark = mark() -%}

with states as (
    select
        customer_id,
        is_deleted,
        _batch_id
    from {{ ref('int_customers') }}
    where _batch_id >= {{ mark or 0 }}
),

arrived as (
    select
        chg.customer_id,
        chg._source_order,
        1 as is_arrived,
        lnd.full_name,
        lnd.email,
        lnd.phone,
        lnd.street_address,
        lnd.city,
        lnd.postal_code
    from {{ ref('stg_postgresql__customers') }} as lnd
    inner join {{ ref('int_customer_changes') }} as chg
        on
            lnd.customer_id = chg.customer_id
            and lnd._source_order = chg._source_order
            and lnd._row_hash = chg._row_hash
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
    {% if mark -%}
    union all
    select
        customer_id,
        _source_order,
        0 as is_arrived,
        full_name,
        email,
        phone,
        street_address,
        city,
        postal_code
    from {{ this }}
    {%- endif %}
),

newest as (
    select
        arrived.*,
        row_number() over (
            partition by arrived.customer_id order by arrived._source_order desc, arrived.is_arrived desc
        ) as recency
    from arrived
    where arrived.customer_id in (select states.customer_id from states)
),

final as (
    select
        cus.customer_id,
        case when not cus.is_deleted then lat.full_name end as full_name,
        case when not cus.is_deleted then lat.email end as email,
        case when not cus.is_deleted then lat.phone end as phone,
        case when not cus.is_deleted then lat.street_address end as street_address,
        case when not cus.is_deleted then lat.city end as city,
        case when not cus.is_deleted then lat.postal_code end as postal_code,
        cus.is_deleted,
        lat._source_order,
        cus._batch_id
    from states as cus
    inner join newest as lat on cus.customer_id = lat.customer_id and lat.recency = 1
)

select * from final
