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
        -- Clocks of a source may step back; validity follows the source order, so that intervals never overlap.
        max(chg.changed_at) over (
            partition by chg.order_item_id order by chg._source_order
            rows between unbounded preceding and current row
        ) as valid_from,
        max(chg._batch_id) over (partition by chg.order_item_id) as _batch_id
    from {{ ref('int_order_item_changes') }} as chg
    where {{ touched_since(mark, 'chg.order_item_id', ref('int_order_item_changes'), 'order_item_id') }}
),

intervals as (
    select
        chg.*,
        lead(chg.valid_from) over (partition by chg.order_item_id order by chg._source_order) as valid_to,
        row_number() over (partition by chg.order_item_id order by chg._source_order) as version_number
    from changes as chg
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
    from intervals
)

select * from final
