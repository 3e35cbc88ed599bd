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
        {{ validity('chg', 'customer_id') }}
    from {{ ref('int_customer_changes') }} as chg
    where {{ touched_since(mark, 'chg.customer_id', ref('int_customer_changes'), 'customer_id') }}
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
    from changes
)

select * from final
