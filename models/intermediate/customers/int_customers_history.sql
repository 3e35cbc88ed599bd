-- Validity of every version of each customer. A late change splits an interval and removes none.
-- Grain: one row per customer_id and position in the source. Late data: a touched customer is cut again as a whole.
{{ config(merge_config(unique_key=['customer_id', '_source_order'])) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.customer_id,
        chg._source_order,
        chg.operation,
        chg.name_hash,
        chg.email_hash,
        chg.email_masked,
        chg.phone_hash,
        chg.phone_masked,
        chg.city,
        chg.country,
        chg.created_at,
        chg.updated_at,
        -- Clocks of a source may step back; validity follows the source order, so that intervals never overlap.
        max(chg.changed_at) over (
            partition by chg.customer_id order by chg._source_order
            rows between unbounded preceding and current row
        ) as valid_from,
        max(chg._batch_id) over (partition by chg.customer_id) as _batch_id
    from {{ ref('int_customer_changes') }} as chg
    where {{ touched_since(mark, 'chg.customer_id', ref('int_customer_changes'), 'customer_id') }}
),

intervals as (
    select
        chg.*,
        lead(chg.valid_from) over (partition by chg.customer_id order by chg._source_order) as valid_to,
        row_number() over (partition by chg.customer_id order by chg._source_order) as version_number
    from changes as chg
),

final as (
    select
        customer_id,
        _source_order,
        version_number,
        name_hash,
        email_hash,
        email_masked,
        phone_hash,
        phone_masked,
        city,
        country,
        created_at,
        updated_at,
        valid_from,
        valid_to,
        valid_to is null as is_current,
        operation = 'd' as is_deleted,
        _batch_id
    from intervals
)

select * from final
