-- Current state of each customer: its newest change in source order; a deleted one stays, flagged.
-- Grain: one row per customer_id. Late data: a touched customer is computed again from all its changes.
{{ config(merge_config(unique_key='customer_id')) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.customer_id,
        chg._source_order,
        chg.operation,
        chg.changed_at,
        chg.name_hash,
        chg.email_hash,
        chg.email_masked,
        chg.phone_hash,
        chg.phone_masked,
        chg.city,
        chg.country,
        chg.created_at,
        chg.updated_at,
        row_number() over (
            partition by chg.customer_id order by chg._source_order desc
        ) as recency,
        max(chg._batch_id) over (partition by chg.customer_id) as _batch_id
    from {{ ref('int_customer_changes') }} as chg
    where
        {{ touched_since(mark, 'chg.customer_id', ref('int_customer_changes'), 'customer_id') }}
),

final as (
    select
        chg.customer_id,
        chg.name_hash,
        chg.email_hash,
        chg.email_masked,
        chg.phone_hash,
        chg.phone_masked,
        chg.city,
        chg.country,
        chg.created_at,
        chg.updated_at,
        chg.operation = 'd' as is_deleted,
        chg.changed_at,
        chg._source_order,
        chg._batch_id
    from changes as chg
    where chg.recency = 1
)

select * from final
