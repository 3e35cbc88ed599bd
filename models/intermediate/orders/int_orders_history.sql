-- Validity of every version of each order. A late change splits an interval and removes none.
-- Grain: one row per order_id and position in the source. Late data: a touched order is cut again as a whole.
{{ config(merge_config(unique_key=['order_id', '_source_order'])) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.order_id,
        chg._source_order,
        chg.operation,
        chg.customer_id,
        chg.order_type,
        chg.order_status,
        chg.channel,
        chg.country,
        chg.currency_code,
        chg.lines_amount,
        chg.discount_amount,
        chg.tax_amount,
        chg.shipping_amount,
        chg.total_amount,
        chg.email_hash,
        chg.email_masked,
        chg.phone_hash,
        chg.phone_masked,
        chg.created_at,
        chg.updated_at,
        {{ validity('chg', 'order_id') }}
    from {{ ref('int_order_changes') }} as chg
    where {{ touched_since(mark, 'chg.order_id', ref('int_order_changes'), 'order_id') }}
),

final as (
    select
        order_id,
        _source_order,
        version_number,
        customer_id,
        order_type,
        order_status,
        channel,
        country,
        currency_code,
        cast(lines_amount as decimal(18, 2)) as lines_amount,
        cast(discount_amount as decimal(18, 2)) as discount_amount,
        cast(tax_amount as decimal(18, 2)) as tax_amount,
        cast(shipping_amount as decimal(18, 2)) as shipping_amount,
        cast(total_amount as decimal(18, 2)) as total_amount,
        email_hash,
        email_masked,
        phone_hash,
        phone_masked,
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
