-- Answers to the question whether a customer would recommend the shop, from 0 to 10. NPS of a set of rows: 100 times
-- (promoters - detractors) / answers. Grain: one row per response_id.

select
    res.response_id,
    res.customer_id,
    res.customer_id is not null and cus.customer_id is null as is_customer_pending,
    res.responded_at,
    cast(res.responded_at as date) as response_date,
    res.score,
    {{ nps_group('res.score') }} as nps_group,
    res.comment_masked,
    res._batch_id
from {{ ref('int_nps_responses_validated') }} as res
left join {{ ref('int_customers') }} as cus on res.customer_id = cus.customer_id
where res._disposition = 'kept'
