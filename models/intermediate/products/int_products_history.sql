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
        {{ validity('chg', 'product_id') }}
    from {{ ref('int_product_changes') }} as chg
    where {{ touched_since(mark, 'chg.product_id', ref('int_product_changes'), 'product_id') }}
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
    from changes
)

select * from final
