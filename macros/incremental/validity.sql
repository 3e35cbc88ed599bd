{#
  Columns of a version of a changed entity: valid_from, valid_to (NULL for the newest), version_number and the
  _batch_id of the entity. `changes` is the alias of its changes, `key` the column that names the entity. Clocks of a
  source may step back; validity follows the source order, so that intervals never overlap: a version holds from the
  highest commit time so far. All of them share one partition and order, which the engine sorts once.
#}
{% macro validity(changes, key) -%}
    {%- set by_key = 'partition by ' ~ changes ~ '.' ~ key -%}
    {%- set in_order = by_key ~ ' order by ' ~ changes ~ '._source_order' -%}
    max({{ changes }}.changed_at) over (
            {{ in_order }} rows between unbounded preceding and current row
        ) as valid_from,
        case
            when lead({{ changes }}._source_order) over ({{ in_order }}) is not null
                then max({{ changes }}.changed_at) over (
                    {{ in_order }} rows between unbounded preceding and 1 following
                )
        end as valid_to,
        row_number() over ({{ in_order }}) as version_number,
        max({{ changes }}._batch_id) over ({{ by_key }}) as _batch_id
{%- endmacro %}
