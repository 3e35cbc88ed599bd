{#
  dbt casts the values of unit test fixtures with this, to the types of the columns as Athena's catalogue names them. That
  says `timestamp` of a view's column, which would mean milliseconds, while every timestamp of the project has microseconds;
  and it gives a text the length of the longest constant, which would cut a wrong expectation until it is right.
#}
{% macro athena__safe_cast(field, type) -%}
    {%- set exact = {'timestamp': 'timestamp(6)', 'varchar': 'varchar'}.get((type | lower).split('(')[0], type) -%}
    try_cast({{ field }} as {{ exact }})
{%- endmacro %}
