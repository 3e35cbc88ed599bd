-- Loyalty and consent of each customer as the newest customer file says.
-- Grain: one row per customer_id. Late data: a touched customer file is computed again from all its changes.
{{ config(merge_config(unique_key='customer_id')) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.customer_id,
        chg._source_order,
        chg.email_hash,
        chg.birth_year,
        chg.loyalty_tier,
        chg.has_marketing_consent,
        chg.exported_at,
        row_number() over (
            partition by chg.customer_id order by chg._source_order desc
        ) as recency,
        max(chg._batch_id) over (partition by chg.customer_id) as _batch_id
    from {{ ref('int_customer_files_validated') }} as chg
    where
        {{ touched_since(mark, 'chg.customer_id', ref('int_customer_files_validated'), 'customer_id') }}
        and chg._disposition = 'kept'
),

final as (
    select
        chg.customer_id,
        chg.email_hash,
        chg.birth_year,
        chg.loyalty_tier,
        chg.has_marketing_consent,
        chg.exported_at,
        chg._source_order,
        chg._batch_id
    from changes as chg
    where chg.recency = 1
)

select * from final
