{#
  The CTEs from `judged` to `disposed`, which give each record of the CTE `landed` exactly one disposition.
  The rules of the source say what is wrong with a record. Its identity (`_identity`) says what it is a copy of: a valid
  record, of its entity and position in the source, so that a redelivery is a duplicate even where its text differs; a
  broken one, and a tombstone, of its text. Copies are numbered in order of arrival (batch, file, content): a valid
  record's first copy is kept, a broken one's is quarantined, every later copy is a duplicate, and a conflict where its
  content differs.
  `mark` is the first batch that is read again; what the table holds from before it counts as earlier copies.
#}
{% macro dispositions(source_name, mark) -%}
judged as (
    select
        landed.*,
        {{ broken_rules(source_name, 'error') }} as _errors,
        {{ broken_rules(source_name, 'warn') }} as _warnings
    from landed
),

identified as (
    select
        judged.*,
        case
            when _errors is null and _source_order is not null
                then entity_id || ':' || cast(_source_order as varchar)
            else _row_hash
        end as _identity
    from judged
),

earlier as (
    {% if mark -%}
    select
        _identity,
        count(*) as copies,
        min(case when _copy = 1 then _row_hash end) as first_row_hash
    from {{ this }}
    where
        _batch_id < {{ mark }}
        and _identity in (select idf._identity from identified as idf)
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
        idf.*,
        coalesce(ear.copies, 0) + row_number() over (
            partition by idf._identity order by idf._batch_id, idf._source_file, idf._row_hash
        ) as _copy,
        coalesce(ear.first_row_hash, first_value(idf._row_hash) over (
            partition by idf._identity order by idf._batch_id, idf._source_file, idf._row_hash
        )) as first_row_hash
    from identified as idf
    left join earlier as ear on idf._identity = ear._identity
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
