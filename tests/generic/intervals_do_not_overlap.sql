{#
  Fails on each version whose validity ends before it starts, does not end where the next begins, or is open although a
  later version exists; and where its start, or whether it is the current one, is not known.
#}
{% test intervals_do_not_overlap(model, key) %}
with versions as (
    select
        {{ key }},
        _source_order,
        valid_from,
        valid_to,
        is_current,
        lead(valid_from) over (partition by {{ key }} order by _source_order) as next_from
    from {{ model }}
)

select *
from versions
where
    valid_from is null
    or is_current is null
    or valid_to < valid_from
    or (next_from is null) <> is_current
    or (next_from is null) <> (valid_to is null)
    or valid_to <> next_from
{% endtest %}
