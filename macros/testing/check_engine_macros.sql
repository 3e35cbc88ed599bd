{#
  Compares every engine macro with the hand-worked values of `nasty_values` on the engine of the target, and stops with
  all that differ: `dbt run-operation check_engine_macros --target athena_local`.
  `checks` replaces the table of values, to show that a wrong expectation is found.
#}
{% macro check_engine_macros(checks=none) -%}
    {%- set differences = [] -%}
    {%- set counter = namespace(cases=0) -%}
    {%- for check in checks or nasty_values() -%}
        {%- do log("checking " ~ check.macro) -%}
        {%- set counter.cases = counter.cases + check.rows | length -%}
        {%- for row in run_query(engine_check_sql(check)).rows -%}
            {%- set case = check.rows[row[0] | int] -%}
            {%- do differences.append(
                check.macro ~ " of " ~ case[:-1] | tojson ~ " is " ~ row[1] | tojson ~ ", expected " ~ case[-1] | tojson
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if differences -%}
        {{ exceptions.raise_compiler_error(
            differences | length ~ " of " ~ counter.cases ~ " cases differ on " ~ target.type ~ ":\n"
            ~ differences | join('\n')
        ) }}
    {%- endif -%}
    {%- do log(counter.cases ~ " cases hold on " ~ target.type, info=true) -%}
{%- endmacro %}

{#
  The query of one check: the cases, by number, whose value is not the expected one. A check is a dictionary: `macro`,
  its `call` over the columns of `nasty`, the `inputs` (column -> type), the `type` of the result, and `rows`: the inputs and
  the expected value, as text or none, that are cast to their types. The inputs are columns, for constants would be folded.
#}
{% macro engine_check_sql(check) -%}
    select nasty.case_number, cast({{ check.call }} as varchar) as actual
    from (
        {%- for row in check.rows %}
        select
            {{ loop.index0 }} as case_number,
            {%- for column, type in check.inputs.items() %}
            cast({{ sql_text(row[loop.index0]) }} as {{ type }}) as {{ column }},
            {%- endfor %}
            cast({{ sql_text(row[-1]) }} as {{ check.type }}) as expected
        {%- if not loop.last %}
        union all
        {%- endif %}
        {%- endfor %}
    ) as nasty
    where {{ check.call }} is distinct from nasty.expected
    order by nasty.case_number
{%- endmacro %}

{# An SQL literal of a text; NULL for none. #}
{% macro sql_text(text) -%}
    {{ "null" if text is none else "'" ~ text | replace("'", "''") ~ "'" }}
{%- endmacro %}
