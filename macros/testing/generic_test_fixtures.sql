{#
  For each generic test the cases that must pass and those that must fail: a description of the fixture, and the arguments
  of the test. The model of a case is a subquery of literal rows.
#}
{% macro generic_test_fixtures() -%}
    {%- set amounts = {'amount': 'integer', 'limit_amount': 'integer'} -%}
    {%- set keys = {'order_id': 'varchar', 'line_number': 'integer'} -%}
    {%- set batches = {'_batch_id': 'bigint'} -%}
    {%- set versions = {
        'customer_id': 'varchar', '_source_order': 'bigint', 'valid_from': 'timestamp', 'valid_to': 'timestamp',
        'is_current': 'boolean',
    } -%}
    {%- set nine, ten, eleven, noon = '2025-01-15 09:00:00', '2025-01-15 10:00:00', '2025-01-15 11:00:00', '2025-01-15 12:00:00' -%}
    {%- set fixtures = {
        'holds': {
            'pass': {
                'every row is true': [['1', '2'], ['2', '2']],
                'there is no row': [],
            },
            'fail': {
                'every row is false': [['3', '2']],
                'one row of many is false': [['1', '2'], ['3', '2'], ['2', '2']],
                'the expression is NULL': [['1', '2'], ['1', none]],
            },
        },
        'unique_combination': {
            'pass': {
                'each combination is there once': [['O1', '1'], ['O1', '2'], ['O2', '1']],
                'one part is NULL in one row': [['O1', none], ['O1', '1']],
                'there is no row': [],
            },
            'fail': {
                'a combination is there twice': [['O1', '1'], ['O2', '1'], ['O1', '1']],
                'a combination with a NULL is there twice': [['O1', none], ['O1', none]],
                'two rows are all NULL': [[none, none], [none, none]],
            },
        },
        'keeps_every_record_of': {
            'pass': {
                'each batch has as many on both sides': {'landed': [['1'], ['1'], ['2']], 'model': [['2'], ['1'], ['1']]},
                'there is no row on either side': {'landed': [], 'model': []},
            },
            'fail': {
                'a record is lost': {'landed': [['1'], ['1'], ['2']], 'model': [['1'], ['2']]},
                'a record is judged twice': {'landed': [['1']], 'model': [['1'], ['1']]},
                'a batch is lost': {'landed': [['1'], ['2']], 'model': [['1']]},
                'a batch appears': {'landed': [['1']], 'model': [['1'], ['2']]},
                'a record moves to another batch': {'landed': [['1'], ['1'], ['2']], 'model': [['1'], ['2'], ['2']]},
                'a record loses its batch': {'landed': [['1'], ['1']], 'model': [['1'], [none]]},
                'nothing is judged': {'landed': [['1']], 'model': []},
            },
        },
        'intervals_do_not_overlap': {
            'pass': {
                'one version is open': [['C1', '1', ten, none, 'true']],
                'each version ends where the next begins': [
                    ['C1', '2', eleven, none, 'true'], ['C1', '1', ten, eleven, 'false'],
                    ['C2', '1', nine, noon, 'false'], ['C2', '5', noon, none, 'true'],
                ],
                'an interval is empty': [['C1', '1', ten, ten, 'false'], ['C1', '2', ten, none, 'true']],
                'there is no version': [],
            },
            'fail': {
                'there is a gap': [['C1', '1', ten, eleven, 'false'], ['C1', '2', noon, none, 'true']],
                'two versions overlap': [['C1', '1', ten, noon, 'false'], ['C1', '2', eleven, none, 'true']],
                'two versions are open': [['C1', '1', ten, none, 'false'], ['C1', '2', eleven, none, 'true']],
                'two versions are current': [['C1', '1', ten, eleven, 'true'], ['C1', '2', eleven, none, 'true']],
                'none is current': [['C1', '1', ten, eleven, 'false'], ['C1', '2', eleven, none, 'false']],
                'an older version is current': [['C1', '1', ten, eleven, 'true'], ['C1', '2', eleven, none, 'false']],
                'the last version ends': [['C1', '1', ten, eleven, 'false'], ['C1', '2', eleven, noon, 'true']],
                'a version ends before it begins': [['C1', '1', ten, nine, 'false'], ['C1', '2', nine, none, 'true']],
                'current is not known': [['C1', '1', ten, none, none]],
                'a beginning is not known': [['C1', '1', none, none, 'true']],
                'the beginning of a later version is not known': [['C1', '1', ten, none, 'true'], ['C1', '2', none, none, 'true']],
                'one of two customers has a gap': [
                    ['C1', '1', ten, none, 'true'],
                    ['C2', '1', ten, eleven, 'false'], ['C2', '2', noon, none, 'true'],
                ],
            },
        },
    } -%}
    {%- for cases in fixtures.holds.values() -%}
        {%- for case, rows in cases.items() -%}
            {%- do cases.update({case: {'model': fixture_rows(amounts, rows), 'expression': 'amount <= limit_amount'}}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for cases in fixtures.unique_combination.values() -%}
        {%- for case, rows in cases.items() -%}
            {%- do cases.update({case: {'model': fixture_rows(keys, rows), 'columns': keys | list}}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for cases in fixtures.keeps_every_record_of.values() -%}
        {%- for case, rows in cases.items() -%}
            {%- do cases.update({case: {
                'model': fixture_rows(batches, rows.model), 'landed': fixture_rows(batches, rows.landed),
            }}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for cases in fixtures.intervals_do_not_overlap.values() -%}
        {%- for case, rows in cases.items() -%}
            {%- do cases.update({case: {'model': fixture_rows(versions, rows), 'key': 'customer_id'}}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(fixtures) }}
{%- endmacro %}
