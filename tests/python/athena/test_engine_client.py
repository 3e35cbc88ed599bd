"""The Trino client against a server that answers from a script."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lake.athena.engine.client import Statistics, Trino, request_headers, statistics
from lake.athena.errors import AthenaFailure


class Scripted:
    """Answers each request with the next page of its script and keeps what it was asked."""

    def __init__(self, pages):
        self.pages = list(pages)
        self.seen = []
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                script.seen.append((self.command, self.path, body.decode(), dict(self.headers)))
                status, page = (204, {}) if self.command == "DELETE" else script.pages.pop(0)
                data = b"" if status == 204 else json.dumps(page).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_DELETE = answer

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def scripted():
    opened = []

    def start(*pages):
        opened.append(Scripted(pages))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def page(number, last=False, **more):
    following = {} if last else {"nextUri": f"http://elsewhere:1/v1/statement/q/{number + 1}"}
    return 200, {"id": "q", "stats": {"physicalInputBytes": 10 * number}} | following | more


def test_rows_of_all_pages_are_gathered(scripted):
    columns = [{"name": "a", "typeSignature": {"rawType": "double"}}]
    server = scripted(
        page(0),
        page(1, columns=columns, data=[[1.5]]),
        page(2, last=True, data=[["NaN"]], updateType="INSERT", updateCount=2),
    )
    result = Trino(server.url).run("select 'é'", schema="shop", session={"a.b": "c,d"})
    assert (result.columns, result.rows) == (columns, [["1.5"], ["NaN"]])
    assert result.update_count == 2
    assert result.statistics.scanned_bytes == 20
    method, path, body, headers = server.seen[0]
    assert (method, path, body) == ("POST", "/v1/statement", "select 'é'")
    assert headers["X-Trino-Schema"] == "shop"
    assert headers["X-Trino-Session"] == "task_max_writer_count=1,a.b=c%2Cd"
    assert headers["X-Trino-Client-Capabilities"] == "PARAMETRIC_DATETIME"
    assert [seen[1] for seen in server.seen[1:]] == ["/v1/statement/q/1", "/v1/statement/q/2"]


def test_an_error_keeps_its_name_and_blame(scripted):
    error = {"errorName": "TABLE_NOT_FOUND", "message": "no t", "errorType": "USER_ERROR"}
    server = scripted(page(0, last=True, error=error))
    with pytest.raises(AthenaFailure) as failed:
        Trino(server.url).run("select * from t")
    assert (failed.value.reason, failed.value.category) == ("TABLE_NOT_FOUND: no t", 2)


def test_a_busy_engine_is_asked_again(scripted):
    server = scripted((503, {}), page(0, last=True))
    assert Trino(server.url).run("select 1").rows == []


def test_cancelling_ends_the_statement_on_the_engine(scripted):
    server = scripted(page(0))
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(AthenaFailure, match="USER_CANCELED"):
        Trino(server.url).run("select 1", cancelled=cancelled)
    assert server.seen[-1][:2] == ("DELETE", "/v1/statement/q/1")


def test_what_a_page_watcher_raises_ends_the_statement(scripted):
    server = scripted(page(0), page(1))

    def watch(so_far, more):
        if so_far.scanned_bytes >= 10:
            raise AthenaFailure("LIMIT", "enough")

    with pytest.raises(AthenaFailure, match="enough"):
        Trino(server.url).run("select 1", on_page=watch)
    assert server.seen[-1][:2] == ("DELETE", "/v1/statement/q/2")


def test_no_engine_is_a_clear_failure():
    with pytest.raises(AthenaFailure, match="no engine answers on port 9") as failed:
        Trino("http://127.0.0.1:9").run("select 1")
    assert failed.value.category == 1


def test_statistics_fall_back_to_processed_bytes():
    assert statistics({"stats": {"processedBytes": 7, "physicalInputBytes": 0}}).scanned_bytes == 7
    assert statistics({}) == Statistics()
    assert (Statistics(1, 2) + Statistics(3, 4)).scanned_rows == 6


def test_session_values_are_quoted_in_their_header():
    headers = request_headers("c", "shop", {"a": "ä b"})
    assert headers["X-Trino-Session"].endswith(",a=%C3%A4%20b")
