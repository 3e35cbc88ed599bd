-- Validity of every version of each order item. A late change splits an interval and removes none.
-- Grain: one row per order_item_id and position in the source. Late data: a touched order item is cut again as a whole.
{{ config(merge_config(unique_key=['order_item_id', '_source_order'])) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.order_item_id,
        chg._source_order,
        chg.operation,
        chg.order_id,
        chg.line_number,
        chg.product_id,
        chg.line_type,
        chg.description,
        chg.quantity,
        chg.unit_price,
        chg.line_amount,
        chg.discount_amount,
        chg.tax_amount,
        chg.shipping_amount,
        chg.currency_code,
        chg.created_at,
        chg.updated_at,
        {{ validity('chg', 'order_item_id') }}
    from {{ ref('int_order_item_changes') }} as chg
    where {{ touched_since(mark, 'chg.order_item_id', ref('int_order_item_changes'), 'order_item_id') }}
),

final as (
    select
        order_item_id,
        _source_order,
        version_number,
        order_id,
        line_number,
        product_id,
        line_type,
        description,
        quantity,
        unit_price,
        cast(line_amount as decimal(18, 2)) as line_amount,
        cast(discount_amount as decimal(18, 2)) as discount_amount,
        cast(tax_amount as decimal(18, 2)) as tax_amount,
        cast(shipping_amount as decimal(18, 2)) as shipping_amount,
        currency_code,
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
