{# Fails on each batch in which the landed records and the judged ones differ in number. #}
{% test keeps_every_record_of(model, landed) %}
with counted as (
    select _batch_id, count(*) as landed_count, 0 as judged_count
    from {{ landed }}
    group by _batch_id
    union all
    select _batch_id, 0 as landed_count, count(*) as judged_count
    from {{ model }}
    group by _batch_id
)

select
    _batch_id,
    sum(landed_count) as landed_count,
    sum(judged_count) as judged_count
from counted
group by _batch_id
having sum(landed_count) <> sum(judged_count)
{% endtest %}
