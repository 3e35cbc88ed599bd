"""The formats of text logs: where the records of a system begin, and what their fields are.

The formats of the loghub systems are those that its benchmark declares, with two differences: what
stands in the place of a level in `Linux` is the name of the machine, and times that loghub gives
twice are read where they are in UTC.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

_FIELD = re.compile(r"<(\w+)>")
EPOCH = "epoch"


@dataclass(frozen=True)
class LogFormat:
    """How one system writes.

    `line` names the fields in angle brackets, regular expressions between them, a blank for any
    number of blanks. `time` are the fields of the time, `clock` the form of their texts, joined by
    blanks, as `strptime` knows it, several forms separated by |, or EPOCH. `request` finds what a
    message says of an HTTP request (ip, method, path, status, took); what stands in fields of its
    own is called Ip, Status, Took. `shapes` are regular expressions of fields that are no word; two
    fields of any text in one line would take a hostile line the square of its length, or worse.
    """

    line: str
    time: tuple[str, ...]
    clock: str
    level: str | None = "Level"
    component: str | None = "Component"
    request_id: str | None = None
    request: re.Pattern[str] | None = None
    has_padded_fraction: bool = True
    shapes: dict[str, str] = field(default_factory=dict)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The regular expression of a line."""
        pieces = _FIELD.split(self.line)
        shapes = {"Content": ".*"} | self.shapes
        texts = [
            f"(?P<{piece}>{shapes.get(piece, _WORD)})" if place % 2 else re.sub(" +", " +", piece)
            for place, piece in enumerate(pieces)
        ]
        return re.compile("".join(texts), re.DOTALL)

    @property
    def has_year(self) -> bool:
        """Whether the time names its year."""
        return self.clock == EPOCH or "%Y" in self.clock or "%y" in self.clock

    def others(self, fields: dict[str, str | None]) -> dict[str, str]:
        """Return the fields that are neither time, level, component, message nor request."""
        used = {*self.time, self.level, self.component, "Content", "Ip", "Status", "Took"}
        return {name: text for name, text in fields.items() if text and name not in used}


_WORD = r"\S+"
_SYSLOG = "%b %d %H:%M:%S"
_UP_TO_COLON = {"Component": ".*?", "PID": "[^]]*"}
_OPENSTACK_REQUEST = re.compile(
    r'^(?P<ip>[^ ,"]+)[^ "]* "(?P<method>[A-Z]+) (?P<path>[^ "]+) HTTP/[0-9.]+"'
    r" status: (?P<status>[0-9]{3}) len: [0-9]+ time: (?P<took>[0-9]+[.][0-9]+)"
)
LOGHUB = {
    "Android": LogFormat(
        "<Date> <Time> <Pid> <Tid> <Level> <Component>: <Content>",
        ("Date", "Time"), "%m-%d %H:%M:%S.%f", shapes=_UP_TO_COLON,
    ),
    # Since 2.4 a module stands before the level, and the time has microseconds.
    "Apache": LogFormat(
        r"\[<Time>\] \[(?:<Component>:)?<Level>\] <Content>",
        ("Time",), "%a %b %d %H:%M:%S %Y|%a %b %d %H:%M:%S.%f %Y",
        request=re.compile(r"\[client (?P<ip>[^] ]+?)(?::[0-9]+)?\]"),
        shapes={"Time": r"[^]]+", "Component": r"\w+", "Level": r"\w+"},
    ),
    "BGL": LogFormat(
        "<Label> <Timestamp> <Date> <Node> <Time> <NodeRepeat> <Type> <Component> <Level> "
        "<Content>",
        ("Timestamp",), EPOCH,
    ),
    "Hadoop": LogFormat(
        r"<Date> <Time> <Level> \[<Process>\] <Component>: <Content>",
        ("Date", "Time"), "%Y-%m-%d %H:%M:%S,%f", shapes=_UP_TO_COLON | {"Process": "[^]]*"},
    ),
    "HDFS": LogFormat(
        "<Date> <Time> <Pid> <Level> <Component>: <Content>",
        ("Date", "Time"), "%y%m%d %H%M%S", shapes=_UP_TO_COLON,
    ),
    "HealthApp": LogFormat(
        r"<Time>\|<Component>\|<Pid>\|<Content>", ("Time",), "%Y%m%d-%H:%M:%S:%f",
        level=None, has_padded_fraction=False,
        shapes={"Time": "[^|]*", "Component": "[^|]*", "Pid": "[^|]*"},
    ),
    "HPC": LogFormat(
        "<LogId> <Node> <Component> <State> <Time> <Flag> <Content>", ("Time",), EPOCH, level=None
    ),
    "Linux": LogFormat(
        r"<Month> <Date> <Time> <Host> <Component>(?:\[<PID>\])?: <Content>",
        ("Month", "Date", "Time"), _SYSLOG, level=None, shapes=_UP_TO_COLON,
    ),
    "Mac": LogFormat(
        r"<Month> <Date> <Time> <User> <Component>\[<PID>\](?: \(<Address>\))?: <Content>",
        ("Month", "Date", "Time"), _SYSLOG, level=None,
        shapes=_UP_TO_COLON | {"Address": "[^)]*"},
    ),
    "OpenSSH": LogFormat(
        r"<Date> <Day> <Time> <Component> sshd\[<Pid>\]: <Content>",
        ("Date", "Day", "Time"), _SYSLOG, level=None,
    ),
    "OpenStack": LogFormat(
        r"<Logrecord> <Date> <Time> <Pid> <Level> <Component> \[<ADDR>\] <Content>",
        ("Date", "Time"), "%Y-%m-%d %H:%M:%S.%f", request_id="ADDR", request=_OPENSTACK_REQUEST,
        shapes={"ADDR": "[^]]*"},
    ),
    "Proxifier": LogFormat(
        r"\[<Time>\] <Program> - <Content>", ("Time",), "%m.%d %H:%M:%S",
        level=None, component="Program", shapes={"Time": "[^]]*", "Program": ".*?"},
    ),
    "Spark": LogFormat(
        "<Date> <Time> <Level> <Component>: <Content>",
        ("Date", "Time"), "%y/%m/%d %H:%M:%S", shapes=_UP_TO_COLON,
    ),
    "Thunderbird": LogFormat(
        r"<Label> <Timestamp> <Date> <User> <Month> <Day> <Time> <Location> "
        r"<Component>(?:\[<PID>\])?: <Content>",
        ("Timestamp",), EPOCH, level=None, shapes=_UP_TO_COLON,
    ),
    "Windows": LogFormat(
        "<Date> <Time>, <Level> <Component> <Content>", ("Date", "Time"), "%Y-%m-%d %H:%M:%S"
    ),
    "Zookeeper": LogFormat(
        r"<Date> <Time> - <Level> \[<Node>:<Component>@<Id>\] - <Content>",
        ("Date", "Time"), "%Y-%m-%d %H:%M:%S,%f",
        shapes={"Node": "[^:]*", "Component": "[^@]*", "Id": "[^]]*"},
    ),
}  # fmt: skip
# Names of published files and folders that are not the name of their system.
ALIASES = {"ssh": "OpenSSH", "andriod": "Android"}

_QUOTED = r'(?:[^"\\]|\\.)*'
# Common and combined log format; behind it may stand the time that the request took, as Apache
# (%D, microseconds) and nginx ($request_time, seconds with decimals) write it.
ACCESS = LogFormat(
    r'<Ip> \S+ <User> \[<Time>\] "<Content>" <Status> <Size>(?: "<Referrer>" "<Agent>")?'
    r"(?: <Took>)?",
    ("Time",), "%d/%b/%Y:%H:%M:%S %z",
    level=None, component=None,
    request=re.compile("^(?P<method>[A-Za-z]+) (?P<path>[^ ]+)(?: HTTP/[0-9.]+)?$"),
    shapes={
        "Ip": r"\S+", "Time": r"[^\]]+", "Content": _QUOTED, "Status": "[0-9]{3}|-",
        "Size": "[0-9]+|-", "Referrer": _QUOTED, "Agent": _QUOTED, "Took": "[0-9]+(?:[.][0-9]+)?",
    },
)  # fmt: skip
