-- Rate of each currency to the reporting currency. Grain: one row per currency and first day of validity.
{{ config(materialized='table') }}

with rates as (
    select
        currency_code,
        cast(valid_from as date) as valid_from,
        usd_per_unit
    from {{ ref('exchange_rates') }}
),

intervals as (
    select
        currency_code,
        valid_from,
        coalesce(
            lead(valid_from) over (partition by currency_code order by valid_from), date '9999-12-31'
        ) as valid_to,
        usd_per_unit
    from rates
),

final as (
    select
        own.currency_code,
        greatest(own.valid_from, rep.valid_from) as valid_from,
        least(own.valid_to, rep.valid_to) as valid_to,
        cast(cast(own.usd_per_unit as double) / cast(rep.usd_per_unit as double) as decimal(18, 8)) as reporting_rate
    from intervals as own
    inner join intervals as rep
        on
            rep.currency_code = '{{ var("reporting_currency") }}'
            and own.valid_from < rep.valid_to
            and own.valid_to > rep.valid_from
)

select * from final
