-- The account of every batch: records and money by disposition. What landed is counted in bronze, the rest in silver.
-- Grain: one row per source, batch and currency ('-' where a record names none, or carries no money).
-- Late data: the batches from the mark of each source on are counted again.
{{ config(merge_config(unique_key=['source_name', '_batch_id', 'currency_code'])) }}
{% set marks = marks_by('source_name') -%}

with counted as (
    {% for source_name, landed in landed_sources().items() %}
    select
        '{{ source_name }}' as source_name,
        _batch_id,
        {{ "coalesce(currency_code, '-')" if landed.amount else "'-'" }} as currency_code,
        _disposition,
        is_conflict,
        _warnings,
        {{ landed.amount or 'cast(0 as decimal(18, 4))' }} as amount
    from {{ ref('int_' ~ source_name ~ '_validated') }}
    {% if marks.get(source_name) %}where _batch_id >= {{ marks[source_name] }}{% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    source_name,
    _batch_id,
    currency_code,
    count(*) as judged_count,
    cast(sum(case when _disposition = 'kept' then 1 else 0 end) as bigint) as kept_count,
    cast(sum(case when _disposition = 'duplicate' then 1 else 0 end) as bigint) as duplicate_count,
    cast(sum(case when _disposition = 'quarantined' then 1 else 0 end) as bigint) as quarantined_count,
    cast(sum(case when is_conflict then 1 else 0 end) as bigint) as conflict_count,
    cast(sum(case when _warnings is not null then 1 else 0 end) as bigint) as warning_count,
    cast(coalesce(sum(amount), 0) as decimal(24, 4)) as judged_amount,
    cast(coalesce(sum(case when _disposition = 'kept' then amount end), 0) as decimal(24, 4)) as kept_amount,
    cast(coalesce(sum(case when _disposition = 'duplicate' then amount end), 0) as decimal(24, 4)) as duplicate_amount,
    cast(coalesce(sum(case when _disposition = 'quarantined' then amount end), 0) as decimal(24, 4))
        as quarantined_amount
from counted
group by source_name, _batch_id, currency_code
