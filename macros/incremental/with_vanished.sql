{#
  The last select of a model with `vanishing=true`: the rows of its CTE `final` and, on a later run, its stored rows that
  are touched and no longer among them, for the merge to delete. `touched` is a condition on the stored row `prv`. The
  unique key (`key`) and `measures` are the columns of the model; what else `final` holds stays behind.
#}
{% macro with_vanished(key, measures, mark, touched) -%}
select
    {%- for column in key + measures %}
    fin.{{ column }},
    {%- endfor %}
    false as _is_vanished
from final as fin
    {%- if mark %}
union all
select
    {%- for column in key + measures %}
    prv.{{ column }},
    {%- endfor %}
    true as _is_vanished
from {{ this }} as prv
left join final as fin
    on
        {%- for column in key %}
        {{ 'and ' if not loop.first }}prv.{{ column }} = fin.{{ column }}
        {%- endfor %}
where
    fin.{{ key[0] }} is null
    and {{ touched }}
    {%- endif %}
{%- endmacro %}
