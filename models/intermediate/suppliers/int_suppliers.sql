-- Current state of each supplier: its newest change in source order.
-- Grain: one row per supplier_id. Late data: a touched supplier is computed again from all its changes.
{{ config(merge_config(unique_key='supplier_id')) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.supplier_id,
        chg._source_order,
        chg.supplier_name,
        chg.contact_email_hash,
        chg.contact_email_masked,
        chg.country,
        chg.lead_time_days,
        chg.is_active,
        chg.updated_at,
        row_number() over (
            partition by chg.supplier_id order by chg._source_order desc
        ) as recency,
        max(chg._batch_id) over (partition by chg.supplier_id) as _batch_id
    from {{ ref('int_suppliers_validated') }} as chg
    where
        {{ touched_since(mark, 'chg.supplier_id', ref('int_suppliers_validated'), 'supplier_id') }}
        and chg._disposition = 'kept'
),

final as (
    select
        chg.supplier_id,
        chg.supplier_name,
        chg.contact_email_hash,
        chg.contact_email_masked,
        chg.country,
        chg.lead_time_days,
        chg.is_active,
        chg.updated_at,
        chg._source_order,
        chg._batch_id
    from changes as chg
    where chg.recency = 1
)

select * from final
