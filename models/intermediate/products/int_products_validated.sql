-- Every landed record of products with its one disposition: kept, duplicate or quarantined.
-- Grain: one row per landed record. Late data: the batches from the mark on are judged again, never dropped.
{{ config(merge_config(unique_key=['_identity', '_copy'])) }}
{% set mark = mark() -%}

with landed as (
    select
        lnd._batch_id,
        lnd._source_file,
        lnd._row_hash,
        lnd.arrival_date,
        lnd.is_parsed,
        lnd.operation,
        lnd.product_id as entity_id,
        lnd._source_order,
        lnd._parse_errors,
        lnd.changed_at,
        lnd.product_name,
        lnd.category,
        lnd.supplier_id,
        lnd.list_price,
        lnd.currency_code,
        lnd.is_service,
        coalesce(lnd.is_active, true) as is_active,
        lnd.created_at,
        lnd.updated_at,
        cur.minor_unit_digits,
        cur.large_amount_limit
    from {{ ref('stg_postgresql__products') }} as lnd
    left join {{ ref('currencies') }} as cur on lnd.currency_code = cur.currency_code
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('products', mark) }},

final as (
    select
        _identity,
        _copy,
        _disposition,
        is_conflict,
        _errors,
        _warnings,
        _row_hash,
        _source_file,
        _batch_id,
        operation,
        entity_id as product_id,
        _source_order,
        changed_at,
        product_name,
        category,
        supplier_id,
        list_price,
        currency_code,
        is_service,
        is_active,
        created_at,
        updated_at
    from disposed
)

select * from final
