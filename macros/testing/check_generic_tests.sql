{#
  Runs the generic tests named in `names` on their fixtures, and stops with every fixture that gives the wrong answer and
  every test that has none: `dbt run-operation check_generic_tests --args '{names: [holds]}'`.
  `fixtures` replaces those of `generic_test_fixtures`, to show that a wrong one is found.
#}
{% macro check_generic_tests(names, fixtures=none) -%}
    {%- set fixtures = fixtures or generic_test_fixtures() -%}
    {%- set wrong = [] -%}
    {%- for name in names -%}
        {%- for outcome in ['pass', 'fail'] -%}
            {%- set cases = fixtures.get(name, {}).get(outcome, {}) -%}
            {%- if not cases -%}
                {%- do wrong.append(name ~ " has no fixture that must " ~ outcome) -%}
            {%- endif -%}
            {%- for case, arguments in cases.items() -%}
                {%- set sql = "select count(*) from (" ~ context['test_' ~ name](**arguments) ~ ") as failures" -%}
                {%- set failures = run_query(sql).columns[0].values()[0] | int -%}
                {%- if (failures > 0) != (outcome == 'fail') -%}
                    {%- do wrong.append(name ~ " must " ~ outcome ~ " where " ~ case) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if wrong -%}
        {{ exceptions.raise_compiler_error(wrong | join('\n')) }}
    {%- endif -%}
    {%- do log("the fixtures of " ~ names | join(', ') ~ " hold", info=true) -%}
{%- endmacro %}

{# A subquery of literal rows: `types` maps a column to its type, a row holds a text or none for each. #}
{% macro fixture_rows(types, rows) -%}
    (
        {%- for row in rows or [[]] %}
        select
            {%- for column, type in types.items() %}
            cast({{ sql_text(row[loop.index0] if rows else none) }} as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        {%- if not rows %}
        where false
        {%- elif not loop.last %}
        union all
        {%- endif %}
        {%- endfor %}
    )
{%- endmacro %}
