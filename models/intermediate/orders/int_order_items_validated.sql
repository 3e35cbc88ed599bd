-- Every landed record of order items with its one disposition: kept, duplicate or quarantined.
-- Grain: one row per landed record. Late data: the batches from the mark on are judged again, never dropped.
{{ config(merge_config(unique_key=['_identity', '_copy'], partitioned_by='truncate(_batch_id, 10000)')) }}
{% set mark = mark() -%}

with landed as (
    select
        lnd._batch_id,
        lnd._source_file,
        lnd._row_hash,
        lnd.arrival_date,
        lnd.is_parsed,
        lnd.operation,
        lnd.order_id || '-' || cast(lnd.line_number as varchar) as entity_id,
        lnd._source_order,
        lnd._parse_errors,
        lnd.changed_at,
        lnd.order_id,
        lnd.line_number,
        lnd.product_id,
        lnd.line_type,
        lnd.description,
        lnd.quantity,
        lnd.unit_price,
        lnd.line_amount,
        coalesce(lnd.discount_amount, 0) as discount_amount,
        coalesce(lnd.tax_amount, 0) as tax_amount,
        coalesce(lnd.shipping_amount, 0) as shipping_amount,
        lnd.currency_code,
        lnd.created_at,
        lnd.updated_at,
        cur.minor_unit_digits,
        cur.large_amount_limit
    from {{ ref('stg_postgresql__order_items') }} as lnd
    left join {{ ref('currencies') }} as cur on lnd.currency_code = cur.currency_code
    where {{ arrived_since(mark, 'lnd.arrival_date') }}
),

{{ dispositions('order_items', mark) }},

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
        entity_id as order_item_id,
        _source_order,
        changed_at,
        order_id,
        line_number,
        product_id,
        line_type,
        description,
        quantity,
        unit_price,
        line_amount,
        discount_amount,
        tax_amount,
        shipping_amount,
        currency_code,
        created_at,
        updated_at
    from disposed
)

select * from final
