{#
  Body of a CTE: the sessions (column `session_id`) that records at or after the mark can have changed: those that hold
  an event within 30 minutes of such a record. The duplicates count too: within an open batch a copy may take the place
  of the one that was kept.
#}
{% macro touched_sessions(mark) -%}
    select distinct ses.session_id
    from {{ ref('int_sessions') }} as ses
    inner join {{ ref('int_events_validated') }} as rec
        on
            ses.visitor_id = rec.visitor_id
            and ses.started_at <= rec.event_at + interval '30' minute
            and ses.ended_at >= rec.event_at - interval '30' minute
    where rec._batch_id >= {{ mark or 0 }}
{%- endmacro %}
