"""Quotes and escapes of names and strings, both ways, in Trino's and in Hive's fashion."""

import re

from lake.athena.sql.tokens import Kind, Mode, Token

_HIVE_ESCAPE = re.compile(r"\\([0-3][0-7]{2}|u[0-9a-fA-F]{4}|.)|''|\"\"", re.DOTALL)
_HIVE_LETTERS = {
    "0": "\0",
    "b": "\b",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "Z": "\x1a",
    "%": "\\%",
    "_": "\\_",
}
_HIVE_WRITTEN = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b"}


def name_of(token: Token) -> str:
    """Return the name that a token stands for, without its quotes; case is kept."""
    if token.kind is Kind.QUOTED:
        return token.text[1:-1].replace('""', '"')
    if token.kind is Kind.BACKTICK:
        return token.text[1:-1].replace("``", "`")
    return token.text


def value_of(token: Token, mode: Mode) -> str:
    """Return the text that a string token stands for."""
    body, quote = token.text[1:-1], token.text[0]
    if mode is Mode.HIVE:
        return hive_unescape(body, quote)
    return body.replace(quote * 2, quote)


def hive_unescape(body: str, quote: str = "'") -> str:
    r"""Return what stands between the quotes of a Hive string: `\t`, `\\S`, `\001`, `\u0041`.

    A backslash before any other character stands for that character; `\%` and `\_` stay as they
    are, for LIKE.
    """
    return _HIVE_ESCAPE.sub(lambda match: _hive_character(match, quote), body)


def _hive_character(match: re.Match[str], quote: str) -> str:
    code = match.group(1)
    if code is None:
        return quote if match.group() == quote * 2 else match.group()
    if len(code) == 3:
        return chr(int(code, 8))
    if len(code) == 5:
        return chr(int(code[1:], 16))
    return _HIVE_LETTERS.get(code, code)


def hive_string(value: str) -> str:
    """Return a text as a Hive string that reads back as the same text."""
    return "'" + "".join(_hive_written(character) for character in value) + "'"


def _hive_written(character: str) -> str:
    if character in _HIVE_WRITTEN:
        return _HIVE_WRITTEN[character]
    if ord(character) < 32 or ord(character) == 127:
        return f"\\{ord(character):03o}"
    return character


def hive_name(name: str) -> str:
    """Return a name in backticks."""
    return "`" + name.replace("`", "``") + "`"


def trino_name(name: str) -> str:
    """Return a name in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def trino_string(value: str) -> str:
    """Return a text as a Trino string."""
    return "'" + value.replace("'", "''") + "'"
