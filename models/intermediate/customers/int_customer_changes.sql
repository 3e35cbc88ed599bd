-- Every valid distinct change of customers. Grain: one row per customer_id and position in the source.
{{ config(materialized='view') }}

select
    customer_id,
    _source_order,
    operation,
    changed_at,
    name_hash,
    email_hash,
    email_masked,
    phone_hash,
    phone_masked,
    city,
    country,
    created_at,
    updated_at,
    _row_hash,
    _batch_id
from {{ ref('int_customers_validated') }}
where
    _disposition = 'kept'
    and operation <> 'tombstone'
