"""The JSON line of a log record: as a service writes it, or as landing cuts it out of a text."""

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from lake.landing.generate.events import Events
from lake.landing.generate.period import (
    DAY,
    DAYS,
    FIRST_DAY,
    SECOND,
    day_text,
    instant,
    milliseconds,
    words,
)
from lake.landing.generate.template import concat
from lake.landing.generate.world import World

TEXT_SERVICE = "web"  # writes an access log; the others write JSON
SERVICES = [TEXT_SERVICE, "accounts", "checkout", "payments", "search"]
ADDRESSES = 1 << 16


@dataclass(frozen=True)
class Endpoint:
    """What a service can be asked for, how often, and how many ms the answer usually takes."""

    service: str
    method: str
    path: str
    weight: float
    usual_ms: int


@dataclass(frozen=True)
class Answer:
    """An HTTP status, how often it comes, and the level of a record that tells of it."""

    status: int
    weight: float
    level: str


@dataclass(frozen=True)
class Message:
    """What a service writes besides its requests."""

    service: str
    level: str
    component: str
    text: str
    stack_trace: str | None = None


# By service, in the order of SERVICES.
ENDPOINTS = [
    Endpoint("web", "GET", "/", 14, 25),
    Endpoint("web", "GET", "/search?q=mug&page=2", 10, 60),
    Endpoint("web", "GET", "/product/P1007?list=new", 18, 40),
    Endpoint("web", "GET", "/static/shop.css", 8, 4),
    Endpoint("web", "POST", "/newsletter?email=someone%40example.com", 1, 70),
    Endpoint("accounts", "POST", "/login", 5, 120),
    Endpoint("accounts", "GET", "/reset/someone@example.com", 1, 45),
    Endpoint("accounts", "GET", "/me", 8, 15),
    Endpoint("checkout", "GET", "/cart", 9, 30),
    Endpoint("checkout", "PUT", "/cart/lines?keep=1", 6, 45),
    Endpoint("checkout", "POST", "/orders", 3, 150),
    Endpoint("payments", "POST", "/charges", 3, 260),
    Endpoint("payments", "POST", "/refunds", 1, 240),
    Endpoint("search", "GET", "/query?q=lamp", 10, 35),
    Endpoint("search", "GET", "/suggest?q=la", 9, 8),
]
# The last two are what a service in trouble answers.
ANSWERS = [
    Answer(200, 930, "info"),
    Answer(201, 20, "info"),
    Answer(304, 15, "info"),
    Answer(404, 22, "warn"),
    Answer(429, 6, "warn"),
    Answer(500, 5, "error"),
    Answer(503, 2, "error"),
]
# How often a message of a level comes, among all messages.
MESSAGE_WEIGHTS = {"debug": 10, "info": 10, "notice": 4, "warn": 4, "error": 5, "fatal": 0.3}
_JAVA = (
    "java.util.concurrent.TimeoutException: no answer to someone@example.com within 2000 ms\n"
    "\tat com.example.payments.Acquirer.charge(Acquirer.java:118)\n"
    "\tat com.example.payments.ChargeHandler.handle(ChargeHandler.java:44)\n"
    "Caused by: java.net.SocketTimeoutException: Read timed out\n"
    "\t... 12 more"
)
_PYTHON = (
    "Traceback (most recent call last):\n"
    '  File "/srv/search/query.py", line 71, in answer\n'
    "    return self.index.find(text)\n"
    "KeyError: 'lamp'"
)
MESSAGES = [
    Message("accounts", "info", "auth.login", "login of someone@example.com from 198.18.7.9"),
    Message("accounts", "warn", "auth.login", "third wrong password of someone@example.com"),
    Message("accounts", "debug", "auth.session", "session kept in cache"),
    Message("checkout", "info", "cart.store", "cart saved"),
    Message("checkout", "notice", "cart.price", "price list reloaded from 2001:db8::17"),
    Message("checkout", "warn", "stock.client", "stock of the warehouse is 3 minutes old"),
    Message("payments", "info", "acquirer", "batch settled"),
    Message("payments", "error", "acquirer", "charge gave up", _JAVA),
    Message("search", "info", "index.refresh", "index refreshed"),
    Message("search", "error", "query", "query failed", _PYTHON),
    Message("search", "fatal", "index.disk", "no space left for the index"),
]


def log_table(world: World, events: Events) -> pa.Table:
    """Return the columns that LOG_LINE reads."""
    del world
    second = events["at"] // SECOND * SECOND
    day = events["at"] // DAY
    is_message = events["response"] < 0
    address = np.where(is_message, ADDRESSES, events["address"])
    return pa.table(
        {
            "id": pa.array(events["id"]),
            **instant("log", second),
            "milli": words(events["at"] - second, milliseconds()),
            **{name: words(events["what"], each) for name, each in _texts().items()},
            "line": pa.array(events["line"]),
            "response": pa.array(events["response"], mask=is_message),
            "request": pa.array(events["id"] ^ 0x5DEECE66D),
            "address": words(address, _address_texts()),
            "clf_day": words(day, _clf_days()),
            "file_day": words(day, _file_days()),
        }
    )


@cache
def _texts() -> dict[str, pa.Array]:
    """Return the pieces of a line that depend on what it tells of, by code."""
    pieces = []
    for endpoint in ENDPOINTS:
        write = _access if endpoint.service == TEXT_SERVICE else _request
        pieces += [write(endpoint, answer) for answer in ANSWERS]
    pieces += [_message(message) for message in MESSAGES]
    names = ("form", "before_response", "before_address", "ending")
    return dict(zip(names, map(pa.array, zip(*pieces, strict=True)), strict=True))


def _told(endpoint: Endpoint, answer: Answer) -> str:
    """Return the fields of a request, up to its response time."""
    return (
        f'"method":"{endpoint.method}","path":"{endpoint.path}","status":{answer.status},'
        '"response_ms":'
    )


def _access(endpoint: Endpoint, answer: Answer) -> tuple[str, str, str, str]:
    """Return the pieces of a line of the access log: what it says, and what is cut out of it."""
    said = f"{endpoint.method} {endpoint.path} HTTP/1.1"
    text = f'"{said}" {answer.status} {answer.status * 17} "-" "Mozilla/5.0"'
    return "text", text.replace('"', '\\"'), f'"message":"{said}",{_told(endpoint, answer)}', ""


def _request(endpoint: Endpoint, answer: Answer) -> tuple[str, str, str, str]:
    """Return the pieces of a request of a service that writes JSON."""
    before_response = (
        f'"service":"{endpoint.service}","level":"{answer.level}","component":"http",'
        f'"message":"{endpoint.method} {endpoint.path} HTTP/1.1 {answer.status}",'
        f"{_told(endpoint, answer)}"
    )
    return "json", before_response, ',"ip":"198.18.', '","stack_trace":null}'


def _message(message: Message) -> tuple[str, str, str, str]:
    """Return the pieces of a record that is no request."""
    before_response = (
        f'"service":"{message.service}","level":"{message.level}",'
        f'"component":"{message.component}","message":"{message.text}",'
        '"method":null,"path":null,"status":null,"response_ms":null'
    )
    ending = f',"stack_trace":{json.dumps(message.stack_trace)}}}'
    return "json", before_response, ',"ip":null', ending


@cache
def _address_texts() -> pa.Array:
    """Return the end of each address; nothing behind the last one, for records without."""
    return pa.array([*(f"{number >> 8}.{number & 255}" for number in range(ADDRESSES)), ""])


@cache
def _clf_days() -> pa.Array:
    """Return each day as access logs write it."""
    days = np.datetime64(FIRST_DAY) + np.arange(DAYS)
    return pa.array([day.item().strftime("%d/%b/%Y") for day in days])


@cache
def _file_days() -> pa.Array:
    return pa.array([day_text(day) for day in range(DAYS)])


_JSON_LINE = concat(
    '{"log_id":"L<id>","timestamp":"<log_day><left(log_time, 8)><milli>",<before_response>'
    '<response>,"request_id":"R<request>"<before_address><address><ending>\n'
)
_TEXT_LINE = concat(
    '{"log_id":"web-<id>","system":"web","file":"access-<file_day>.log","line":<line>,"text":"'
    "198.18.<address> - - [<clf_day>:<left(log_time, 8)> +0000] <before_response> <response * 1000>"
    '","timestamp":"<log_day><left(log_time, 8)>Z",<before_address><response>'
    ',"ip":"198.18.<address>"}\n'
)
LOG_LINE = f"case when form = 'text' then {_TEXT_LINE} else {_JSON_LINE} end"
