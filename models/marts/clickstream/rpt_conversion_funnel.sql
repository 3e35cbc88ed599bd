-- Sessions of people by the day they began, and how many came how far: product view, cart, checkout, purchase.
-- Grain: one row per session_date.
-- Late data: every day on which a session that has changed begins, or began, is counted again; days that are gone
-- vanish.
{{ config(merge_config(unique_key='session_date', vanishing=true)) }}
{% set mark = mark() -%}
{% set measures = [
    'session_count', 'bot_session_count', 'view_session_count', 'cart_session_count', 'checkout_session_count',
    'purchase_session_count', 'view_to_cart_percent', 'cart_to_checkout_percent', 'checkout_to_purchase_percent',
    'conversion_percent', '_batch_id',
] -%}

with changed as (
    {{ touched_sessions(mark) }}
),

-- A session that has been joined to another, or cut, began at most 30 minutes after a record that did it.
touched as (
    select session_date
    from {{ ref('int_sessions') }}
    where session_id in (select changed.session_id from changed)
    union distinct
    select cast(event_at as date) as session_date
    from {{ ref('int_events_validated') }}
    where _batch_id >= {{ mark or 0 }}
    union distinct
    select cast(event_at + interval '30' minute as date) as session_date
    from {{ ref('int_events_validated') }}
    where _batch_id >= {{ mark or 0 }}
),

sessions as (
    select
        session_date,
        count(case when not is_bot then 1 end) as session_count,
        count(case when is_bot then 1 end) as bot_session_count,
        {% for name in ['view', 'cart', 'checkout', 'purchase'] -%}
        count(case when not is_bot and funnel_step >= {{ loop.index }} then 1 end) as {{ name }}_session_count,
        {% endfor -%}
        max(_event_batch_id) as _batch_id
    from {{ ref('int_sessions') }}
    {% if mark -%}
    where session_date in (select touched.session_date from touched)
    {%- endif %}
    group by session_date
),

final as (
    select
        sessions.*,
        {{ ratio_of_counts('100 * cart_session_count', 'view_session_count') }} as view_to_cart_percent,
        {{ ratio_of_counts('100 * checkout_session_count', 'cart_session_count') }} as cart_to_checkout_percent,
        {{ ratio_of_counts('100 * purchase_session_count', 'checkout_session_count') }} as checkout_to_purchase_percent,
        {{ ratio_of_counts('100 * purchase_session_count', 'session_count') }} as conversion_percent
    from sessions
)

{{ with_vanished(['session_date'], measures, mark, 'prv.session_date in (select touched.session_date from touched)') }}
