-- Validity of every version of each product. A late change splits an interval and removes none.
-- Grain: one row per product_id and position in the source. Late data: a touched product is cut again as a whole.
{{ config(merge_config(unique_key=['product_id', '_source_order'])) }}
{% set mark = mark() -%}

with changes as (
    select
        chg.product_id,
        chg._source_order,
        chg.operation,
        chg.product_name,
        chg.category,
        chg.supplier_id,
        chg.list_price,
        chg.currency_code,
        chg.is_service,
        chg.is_active,
        chg.created_at,
        chg.updated_at,
        -- Clocks of a source may step back; validity follows the source order, so that intervals never overlap.
        max(chg.changed_at) over (
            partition by chg.product_id order by chg._source_order
            rows between unbounded preceding and current row
        ) as valid_from,
        max(chg._batch_id) over (partition by chg.product_id) as _batch_id
    from {{ ref('int_product_changes') }} as chg
    where {{ touched_since(mark, 'chg.product_id', ref('int_product_changes'), 'product_id') }}
),

intervals as (
    select
        chg.*,
        lead(chg.valid_from) over (partition by chg.product_id order by chg._source_order) as valid_to,
        row_number() over (partition by chg.product_id order by chg._source_order) as version_number
    from changes as chg
),

final as (
    select
        product_id,
        _source_order,
        version_number,
        product_name,
        category,
        supplier_id,
        list_price,
        currency_code,
        is_service,
        is_active,
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
