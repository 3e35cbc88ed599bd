"""Splits SQL into tokens, with nothing lost: the texts of all tokens, joined, are the input.

Athena reads two languages. Queries are Trino's: a quote in a string is doubled, a backslash is a
letter, double quotes name things. Hive DDL has strings in single or double quotes, with backslash
escapes.
"""

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from lake.athena.errors import AthenaFailure


class Mode(Enum):
    """The language whose rules for strings hold."""

    TRINO = "trino"
    HIVE = "hive"


class Kind(Enum):
    """What a token is. BROKEN is a string, name or comment that has no end, up to the end."""

    SPACE = "space"
    COMMENT = "comment"
    STRING = "string"
    QUOTED = "quoted"
    BACKTICK = "backtick"
    DOUBLE = "double"
    DECIMAL = "decimal"
    INTEGER = "integer"
    WORD = "word"
    SYMBOL = "symbol"
    BROKEN = "broken"
    END = "end"


class Token(NamedTuple):
    """A piece of the text: its kind, itself, and where it starts (characters, from 0)."""

    kind: Kind
    text: str
    start: int

    @property
    def upper(self) -> str:
        """Return a word in upper case, anything else as it is."""
        return self.text.upper() if self.kind is Kind.WORD else self.text

    @property
    def end(self) -> int:
        """Return the place behind the token."""
        return self.start + len(self.text)

    @property
    def is_name(self) -> bool:
        """Return whether the token can be a name, quoted or not."""
        return self.kind in (Kind.WORD, Kind.QUOTED, Kind.BACKTICK)


_INTEGER = r"[0-9](?:_?[0-9])*"
_PATTERN = r"""
      (?P<space>\s+)
    | (?P<comment>--[^\r\n]*|/\*.*?\*/)
    | (?P<string>{string})
    | (?P<quoted>{quoted})
    | (?P<backtick>`(?:[^`]|``)*`)
    | (?P<broken>['"`].*|/\*.*)
    | (?P<double>(?:[0-9]+\.[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+
        |[0-9]+[eE][+-][0-9]+|[0-9]+[eE][0-9]+(?![A-Za-z0-9_]))
    | (?P<decimal>{integer}\.(?:{integer})?|\.{integer})
    | (?P<integer>(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|{integer})(?![A-Za-z0-9_]))
    | (?P<word>[A-Za-z0-9_][A-Za-z0-9_]*)
    | (?P<symbol><=|>=|<>|!=|\|\||=>|->|.)
"""
_TRINO = re.compile(
    _PATTERN.format(string=r"'(?:[^']|'')*'", quoted=r'"(?:[^"]|"")*"', integer=_INTEGER),
    re.VERBOSE | re.DOTALL,
)
_HIVE = re.compile(
    _PATTERN.format(
        string=r"'(?:[^'\\]|\\.|'')*'", quoted=r'"(?:[^"\\]|\\.|"")*"', integer=_INTEGER
    ),
    re.VERBOSE | re.DOTALL,
)
_KINDS = {kind.value: kind for kind in Kind}
_IGNORED = (Kind.SPACE, Kind.COMMENT)


@lru_cache(maxsize=8)
def tokenize(sql: str, mode: Mode = Mode.TRINO) -> tuple[Token, ...]:
    """Return all tokens of a text, blanks and comments too. Never fails: see Kind.BROKEN.

    A statement is looked at several times, by check, parse and translation: the last are kept.
    """
    pattern = _HIVE if mode is Mode.HIVE else _TRINO
    return tuple(
        Token(_KINDS[match.lastgroup or "symbol"], match.group(), match.start())
        for match in pattern.finditer(sql)
    )


@lru_cache(maxsize=8)
def significant(sql: str, mode: Mode = Mode.TRINO) -> tuple[Token, ...]:
    """Return the tokens of a text without blanks and comments."""
    return tuple(token for token in tokenize(sql, mode) if token.kind not in _IGNORED)


def place(sql: str, offset: int) -> tuple[int, int]:
    """Return line and column of a place in a text, both counted from 1."""
    line_start = sql.rfind("\n", 0, offset) + 1
    return sql.count("\n", 0, offset) + 1, offset - line_start + 1


def syntax_error(sql: str, offset: int, message: str) -> AthenaFailure:
    """Return the failure of a text at a place, as `line L:C: message`."""
    line, column = place(sql, offset)
    return AthenaFailure("SYNTAX_ERROR", f"line {line}:{column}: {message}")


def check_closed(sql: str, tokens: Sequence[Token]) -> None:
    """Raise a syntax error for a string, name or comment without end, or brackets that do not fit.

    Raises:
        AthenaFailure: SYNTAX_ERROR with the place of the first fault.
    """
    pairs = {")": "(", "]": "["}
    opened: list[Token] = []
    for token in tokens:
        if token.kind is Kind.BROKEN:
            raise syntax_error(sql, token.start, f"mismatched input '{token.text[:1]}'")
        if token.kind is not Kind.SYMBOL:
            continue
        if token.text in pairs.values():
            opened.append(token)
        elif token.text in pairs and (not opened or opened.pop().text != pairs[token.text]):
            raise syntax_error(sql, token.start, f"mismatched input '{token.text}'")
    if opened:
        raise syntax_error(sql, len(sql), "mismatched input '<EOF>'. Expecting: ')'")
