-- Sales regions. Grain: one row per region_id.
{{ config(materialized='table') }}

select
    region_id,
    region_name
from {{ ref('regions') }}
