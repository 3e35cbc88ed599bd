-- What each campaign cost and reached on each day, as last reported.
-- Grain: one row per campaign_id and spend_date.

select
    spd.campaign_id,
    spd.spend_date,
    spd.campaign_name,
    spd.marketing_channel,
    spd.spend_amount,
    spd.currency_code,
    {{ reporting_amount('spd.spend_amount', 'rat.reporting_rate') }} as spend_reporting_amount,
    spd.impressions,
    spd.clicks,
    {{ ratio('spd.spend_amount', 'spd.clicks') }} as cost_per_click,
    spd.version_count - 1 as revision_count,
    spd.reported_at,
    spd._batch_id
from {{ ref('int_marketing_spend') }} as spd
left join {{ ref('int_reporting_rates') }} as rat
    on
        spd.currency_code = rat.currency_code
        and spd.spend_date >= rat.valid_from
        and spd.spend_date < rat.valid_to
