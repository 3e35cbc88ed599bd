{#
  The CTEs `earlier`, `copies` and `disposed`, which give each landed record of `relation` exactly one disposition.
  Copies of one identity (`_identity`) are numbered in order of arrival (batch, file, content): a valid record's first
  copy is kept, a broken one's is quarantined, every later copy is a duplicate, and a conflict where its content differs.
  `mark` is the first batch that is read again; what the table holds from before it counts as earlier copies.
#}
{% macro dispositions(relation, mark) -%}
earlier as (
    {% if mark -%}
    select
        _identity,
        count(*) as copies,
        min(case when _copy = 1 then _row_hash end) as first_row_hash
    from {{ this }}
    where
        _batch_id < {{ mark }}
        and _identity in (select rel._identity from {{ relation }} as rel)
    group by _identity
    {%- else -%}
    select
        cast(null as varchar) as _identity,
        cast(0 as bigint) as copies,
        cast(null as varchar) as first_row_hash
    where false
    {%- endif %}
),

copies as (
    select
        rel.*,
        coalesce(ear.copies, 0) + row_number() over (
            partition by rel._identity order by rel._batch_id, rel._source_file, rel._row_hash
        ) as _copy,
        coalesce(ear.first_row_hash, first_value(rel._row_hash) over (
            partition by rel._identity order by rel._batch_id, rel._source_file, rel._row_hash
        )) as first_row_hash
    from {{ relation }} as rel
    left join earlier as ear on rel._identity = ear._identity
),

disposed as (
    select
        copies.*,
        case
            when _copy > 1 then 'duplicate'
            when _errors is not null then 'quarantined'
            else 'kept'
        end as _disposition,
        _copy > 1 and _row_hash <> first_row_hash as is_conflict
    from copies
)
{%- endmacro %}
