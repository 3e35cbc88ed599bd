"""Every generic test of the project passes what it must pass, and fails what it must fail."""

import pytest
from macros_in_dbt import MacroError, generic_tests, run_operation


def test_every_generic_test_tells_its_fixtures_apart(engine):
    names = generic_tests()
    assert names
    run_operation(engine, "check_generic_tests", names=names)


def test_a_generic_test_without_fixtures_is_found(engine):
    with pytest.raises(MacroError) as error:
        run_operation(engine, "check_generic_tests", names=["newcomer"])
    assert "newcomer has no fixture that must pass" in str(error.value)
    assert "newcomer has no fixture that must fail" in str(error.value)


def test_a_fixture_with_the_wrong_answer_is_found(engine):
    sound = {"model": "(select 1 as amount)", "expression": "amount = 1"}
    broken = {"model": "(select 1 as amount)", "expression": "amount = 2"}
    fixtures = {"holds": {"pass": {"it is broken": broken}, "fail": {"it is sound": sound}}}
    with pytest.raises(MacroError) as error:
        run_operation(engine, "check_generic_tests", names=["holds"], fixtures=fixtures)
    assert "holds must pass where it is broken" in str(error.value)
    assert "holds must fail where it is sound" in str(error.value)
