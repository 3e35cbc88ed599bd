"""Executions from start to end, with statements that a function answers."""

import threading
import time

import pytest

from lake.athena.api import executions as module
from lake.athena.api import history as history_module
from lake.athena.api.errors import ApiError
from lake.athena.api.execution import OVER_CUTOFF
from lake.athena.api.executions import Executions
from lake.athena.api.history import History
from lake.athena.api.workgroups import WorkGroups
from lake.athena.engine.client import Statistics
from lake.athena.errors import AthenaFailure
from lake.athena.journal import Journal
from lake.athena.outcome import Column, Outcome
from lake.athena.storage import Storage

LOCATION = "s3://athena-results/"


def select(*values):
    columns = [Column("a", "varchar")]
    rows = [[value] for value in values]
    return Outcome("DML", "SELECT", columns, rows, 0, has_header=True, extension="csv")


class Statements:
    """What each statement does, and how often each was run."""

    def __init__(self):
        self.ran = []
        self.gate = threading.Event()

    def run(self, execution):
        self.ran.append(execution.query)
        execution.statistics = Statistics(scanned_bytes=70, scanned_rows=7)
        verb, _, argument = execution.query.partition(" ")
        if verb == "fail":
            raise AthenaFailure(argument, "because", 2)
        if verb == "crash":
            raise ZeroDivisionError("no")
        if verb == "wait":
            while not execution.cancelled.wait(0.01):
                if self.gate.is_set():
                    return select("done")
            raise AthenaFailure("USER_CANCELED", "Query was canceled")
        if verb == "ddl":
            return Outcome("DDL", "CREATE_TABLE", extension="txt")
        return select(*argument.split(","))

    def check(self, execution):
        if execution.query.startswith("bad"):
            raise AthenaFailure("SYNTAX_ERROR", "line 1:1: mismatched input 'bad'")


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setattr(history_module, "EVICTION_SECONDS", 0.0)
    statements = Statements()
    journal = Journal(None)
    storage = Storage(tmp_path, journal)
    storage.ensure_bucket("athena-results")
    made = []

    def make(workers=4, **limits):
        groups = WorkGroups(journal, LOCATION)
        kept = {"keep_queries": 100, "keep_hours": 1, "keep_rows": 100} | limits
        history = History(storage, **kept)
        made.append(Executions(statements.run, statements.check, groups, history, workers=workers))
        return made[-1], statements

    yield make
    statements.gate.set()
    for each in made:
        each.close()


def start(executions, query, **request):
    return executions.start({"QueryString": query} | request)["QueryExecutionId"]


def finished(executions, query, **request):
    name = start(executions, query, **request)
    return executions.show({"QueryExecutionId": name})["QueryExecution"]


def values(executions, name, **request):
    page = executions.results({"QueryExecutionId": name} | request)
    return [row["Data"][0].get("VarCharValue") for row in page["ResultSet"]["Rows"]]


def test_a_query_succeeds_with_its_files(world):
    executions, _ = world()
    shown = finished(executions, "select x,y")
    name = shown["QueryExecutionId"]
    assert shown["Status"]["State"] == "SUCCEEDED"
    assert (shown["StatementType"], shown["SubstatementType"]) == ("DML", "SELECT")
    assert shown["ResultConfiguration"]["OutputLocation"] == f"{LOCATION}{name}.csv"
    assert shown["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"
    assert shown["Statistics"]["DataScannedInBytes"] == 70
    assert shown["Statistics"]["TotalExecutionTimeInMillis"] >= 0
    assert executions.storage.get(f"{LOCATION}{name}.csv") == b'"a"\n"x"\n"y"\n'
    assert executions.storage.get(f"{LOCATION}{name}.csv.metadata").startswith(b"[{")
    assert values(executions, name) == ["a", "x", "y"]


def test_results_come_in_pages(world):
    executions, _ = world()
    name = finished(executions, "select x,y,z")["QueryExecutionId"]
    first = executions.results({"QueryExecutionId": name, "MaxResults": 2})
    assert len(first["ResultSet"]["Rows"]) == 2
    assert values(executions, name, MaxResults=2, NextToken=first["NextToken"]) == ["y", "z"]
    with pytest.raises(ApiError, match="maximum allowed length 1000"):
        executions.results({"QueryExecutionId": name, "MaxResults": 1001})


@pytest.mark.parametrize(
    ("query", "reason", "kind", "category"),
    [
        ("fail TABLE_NOT_FOUND", "TABLE_NOT_FOUND: because", 1006, 2),
        ("fail SYNTAX_ERROR", "because", 1000, 2),
        ("fail ICEBERG_COMMIT_ERROR", "ICEBERG_COMMIT_ERROR: because", 233, 2),
        ("crash", "GENERIC_INTERNAL_ERROR: ZeroDivisionError: no", 401, 1),
    ],
)
def test_a_failure_says_why(world, query, reason, kind, category):
    executions, _ = world()
    shown = finished(executions, query)
    assert shown["Status"]["State"] == "FAILED"
    assert shown["Status"]["StateChangeReason"] == reason
    assert shown["Status"]["AthenaError"] == {
        "ErrorCategory": category,
        "ErrorType": kind,
        "Retryable": kind == 233,
        "ErrorMessage": reason,
    }
    with pytest.raises(ApiError, match="Final query state: FAILED"):
        executions.results({"QueryExecutionId": shown["QueryExecutionId"]})


def test_over_the_cutoff_is_cancelled_with_the_reason(world):
    executions, _ = world()
    shown = finished(executions, f"fail {OVER_CUTOFF}")
    assert shown["Status"]["State"] == "CANCELLED"
    assert shown["Status"]["StateChangeReason"] == "because"


def test_a_syntax_error_is_known_at_the_start(world):
    executions, statements = world()
    with pytest.raises(ApiError) as refused:
        start(executions, "bad sql")
    assert refused.value.body() == {
        "__type": "InvalidRequestException",
        "Message": "line 1:1: mismatched input 'bad'",
        "AthenaErrorCode": "MALFORMED_QUERY",
    }
    assert (statements.ran, executions.status()["known"]) == ([], 0)


def test_what_is_no_query_is_refused(world):
    executions, _ = world()
    with pytest.raises(ApiError, match="empty"):
        start(executions, " \n")
    with pytest.raises(ApiError, match="262144"):
        start(executions, "é" * 131_073)
    with pytest.raises(ApiError, match="not found"):
        executions.show({"QueryExecutionId": "nothing"})
    with pytest.raises(ApiError, match="WorkGroup nowhere is not found"):
        start(executions, "select 1", WorkGroup="nowhere")


def test_stopping_cancels_a_running_query(world):
    executions, _ = world(workers=1)
    running, waiting = start(executions, "wait"), start(executions, "select x")
    with pytest.raises(ApiError, match="not yet finished"):
        executions.results({"QueryExecutionId": running})
    executions.stop({"QueryExecutionId": waiting})
    executions.stop({"QueryExecutionId": running})
    for name in (running, waiting):
        shown = executions.show({"QueryExecutionId": name})["QueryExecution"]
        assert shown["Status"]["State"] == "CANCELLED"
    executions.stop({"QueryExecutionId": running})


def test_a_token_starts_one_query_only(world):
    executions, statements = world()
    first = start(executions, "select x", ClientRequestToken="t" * 32)
    assert start(executions, "select x", ClientRequestToken="t" * 32) == first
    with pytest.raises(ApiError, match="Idempotent parameters"):
        start(executions, "select y", ClientRequestToken="t" * 32)
    executions.show({"QueryExecutionId": first})
    assert statements.ran == ["select x"]


REUSE = {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 10}}


def test_a_young_result_is_used_again(world):
    executions, statements = world()
    finished(executions, "select x")
    shown = finished(executions, "select x", ResultReuseConfiguration=REUSE)
    assert shown["Statistics"]["ResultReuseInformation"] == {"ReusedPreviousResult": True}
    assert shown["Statistics"]["DataScannedInBytes"] == 0
    assert values(executions, shown["QueryExecutionId"]) == ["a", "x"]
    assert statements.ran == ["select x"]


@pytest.mark.parametrize(
    "change",
    [
        {"QueryString": "select y"},
        {"QueryExecutionContext": {"Database": "other"}},
        {"ExecutionParameters": ["1"]},
        {"ResultReuseConfiguration": {}},
    ],
)
def test_another_question_is_asked_anew(world, change):
    executions, statements = world()
    finished(executions, "select x")
    request = {"QueryString": "select x", "ResultReuseConfiguration": REUSE} | change
    name = executions.start(request)["QueryExecutionId"]
    executions.show({"QueryExecutionId": name})
    assert len(statements.ran) == 2


def test_an_old_result_is_not_used_again(world):
    executions, statements = world()
    earlier = finished(executions, "select x")["QueryExecutionId"]
    executions.history.executions[earlier].completed -= 601
    finished(executions, "select x", ResultReuseConfiguration=REUSE)
    assert len(statements.ran) == 2


def test_old_executions_are_forgotten(world):
    executions, _ = world(keep_queries=2, keep_hours=1)
    names = [finished(executions, f"select {number}")["QueryExecutionId"] for number in range(3)]
    start(executions, "select last")
    assert (
        executions.batch({"QueryExecutionIds": names})["UnprocessedQueryExecutionIds"][0][
            "QueryExecutionId"
        ]
        == (names[0])
    )
    executions.history.executions[names[2]].completed = time.time() - 3601
    start(executions, "select once more")
    with pytest.raises(ApiError, match="was not found"):
        executions.show({"QueryExecutionId": names[2]})


def test_rows_over_the_limit_are_read_from_their_file(world):
    executions, _ = world(keep_rows=3)
    first = finished(executions, 'select x,"y"')["QueryExecutionId"]
    finished(executions, "select 1,2,3")
    start(executions, "select 4")
    assert executions.history.executions[first].outcome.rows == []
    assert values(executions, first) == ["a", "x", '"y"']
    executions.storage.delete([f"{LOCATION}{first}.csv"])
    with pytest.raises(ApiError, match="Could not find results"):
        executions.results({"QueryExecutionId": first})


def test_executions_are_listed_newest_first_and_by_group(world):
    executions, _ = world()
    executions.groups.create({"Name": "team", "Configuration": {}})
    location = {"OutputLocation": LOCATION}
    names = [finished(executions, f"select {number}")["QueryExecutionId"] for number in range(3)]
    other = finished(executions, "select 1", WorkGroup="team", ResultConfiguration=location)[
        "QueryExecutionId"
    ]
    first = executions.list({"MaxResults": 2})
    assert first["QueryExecutionIds"] == [names[2], names[1]]
    second = executions.list({"MaxResults": 2, "NextToken": first["NextToken"]})
    assert second == {"QueryExecutionIds": [names[0]]}
    assert executions.list({"WorkGroup": "team"})["QueryExecutionIds"] == [other]


def test_an_enforcing_group_decides_where_results_go(world):
    executions, _ = world()
    own = {"OutputLocation": "s3://athena-results/own"}
    team = {"OutputLocation": "s3://athena-results/team"}
    executions.groups.create({"Name": "team", "Configuration": {"ResultConfiguration": team}})
    shown = finished(executions, "ddl", WorkGroup="team", ResultConfiguration=own)
    location = shown["ResultConfiguration"]["OutputLocation"]
    assert location == f"s3://athena-results/team/{shown['QueryExecutionId']}.txt"
    shown = finished(executions, "select x", ResultConfiguration=own)
    assert shown["ResultConfiguration"]["OutputLocation"].startswith("s3://athena-results/own/")


def test_a_group_without_a_location_needs_one_from_the_client(world):
    executions, _ = world()
    executions.groups.create({"Name": "bare"})
    with pytest.raises(ApiError, match="No output location provided"):
        start(executions, "select 1", WorkGroup="bare")


def test_a_disabled_group_takes_nothing(world):
    executions, _ = world()
    executions.groups.update({"WorkGroup": "primary", "State": "DISABLED"})
    with pytest.raises(ApiError, match="WorkGroup primary is disabled"):
        start(executions, "select 1")


def test_another_catalog_is_not_found(world):
    executions, _ = world()
    context = {"Catalog": "lambda:mine"}
    shown = finished(executions, "select 1", QueryExecutionContext=context)
    assert shown["Status"]["StateChangeReason"].startswith("CATALOG_NOT_FOUND")


def test_a_running_query_is_shown_after_the_long_wait(world, monkeypatch):
    monkeypatch.setattr(module, "LONG_WAIT_SECONDS", 0.01)
    executions, _ = world()
    shown = finished(executions, "wait")
    assert shown["Status"]["State"] in ("QUEUED", "RUNNING")
    assert "CompletionDateTime" not in shown["Status"]


def test_runtime_statistics_count_rows(world):
    executions, _ = world()
    name = finished(executions, "select x,y")["QueryExecutionId"]
    figures = executions.runtime({"QueryExecutionId": name})["QueryRuntimeStatistics"]
    assert figures["Rows"] == {
        "InputRows": 7,
        "InputBytes": 70,
        "OutputRows": 2,
        "OutputBytes": 0,
    }
