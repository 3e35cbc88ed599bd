{#
  Aggregate: the percentile of a value by nearest rank, the smallest value that at least so many percent do not exceed.
  `rank` is the place of the row in the order of the value from 1, `number` how many values there are. Exact and the same
  on both engines, as their own approximations are not; in whole numbers, for Trino's division cuts off.
#}
{% macro nearest_rank(percent, value, rank, number) -%}
    min(case when 100 * {{ rank }} >= {{ percent }} * {{ number }} then {{ value }} end)
{%- endmacro %}
