{#
  What a landed record is a copy of: for a valid one its entity and position in the source, so that a redelivery is a
  duplicate even where its text differs; for a broken one, and for a tombstone, its text.
#}
{% macro record_identity() -%}
    case
        when _errors is null and _source_order is not null then entity_id || ':' || cast(_source_order as varchar)
        else _row_hash
    end
{%- endmacro %}
