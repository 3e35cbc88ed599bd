"""Reads a statement token by token."""

import re
from dataclasses import dataclass

from lake.athena.errors import AthenaFailure
from lake.athena.sql.quoting import name_of, value_of
from lake.athena.sql.tokens import (
    Kind,
    Mode,
    Token,
    check_closed,
    significant,
    syntax_error,
)

_BRACKETS = {"(": 1, "[": 1, ")": -1, "]": -1}
_TYPE_BRACKETS = {**_BRACKETS, "<": 1, ">": -1}


def blanked(sql: str, start: int) -> str:
    """Return a text with blanks for all before `start`, so that lines and columns stay."""
    return re.sub(r"[^\n]", " ", sql[:start]) + sql[start:]


@dataclass(frozen=True)
class Name:
    """The name of a table or view, in lower case; `schema` is None where none was given."""

    table: str
    schema: str | None = None
    catalog: str | None = None


class Cursor:
    """A place in a statement; every method that reads moves it on.

    Raises:
        AthenaFailure: SYNTAX_ERROR with line and column, where the text is not what it must be.
    """

    def __init__(self, sql: str, mode: Mode = Mode.TRINO, *, check: bool = True) -> None:
        self.sql = sql
        self.mode = mode
        self.tokens = significant(sql, mode)
        self.index = 0
        if check:
            check_closed(sql, self.tokens)

    def peek(self, ahead: int = 0) -> Token:
        """Return the token `ahead` of the next one, without moving."""
        index = self.index + ahead
        return (
            self.tokens[index] if index < len(self.tokens) else Token(Kind.END, "", len(self.sql))
        )

    def next(self) -> Token:
        """Return the next token and move behind it."""
        token = self.peek()
        self.index += 1
        return token

    @property
    def at_end(self) -> bool:
        """Return whether nothing is left."""
        return self.index >= len(self.tokens)

    def at(self, *words: str) -> bool:
        """Return whether the next tokens are these words or symbols (upper case)."""
        return all(self.peek(ahead).upper == word for ahead, word in enumerate(words))

    def accept(self, *words: str) -> bool:
        """Move behind these words if they are next; return whether they were."""
        if not self.at(*words):
            return False
        self.index += len(words)
        return True

    def expect(self, *words: str) -> None:
        """Move behind these words, which must be next."""
        for word in words:
            if not self.accept(word):
                raise self.unexpected(word)

    def unexpected(self, *expecting: str) -> AthenaFailure:
        """Return the syntax error for the next token, with what could have stood there."""
        token = self.peek()
        message = f"mismatched input '{token.text or '<EOF>'}'"
        if expecting:
            message += ". Expecting: " + ", ".join(
                word if word.startswith("<") else f"'{word}'" for word in expecting
            )
        return syntax_error(self.sql, token.start, message)

    def finish(self) -> None:
        """Raise unless nothing is left."""
        if not self.at_end:
            raise self.unexpected("<EOF>")

    def rest(self) -> str:
        """Return the text from the next token to the end of the statement, and move there.

        What stands before is blanked out, so that lines and columns stay.
        """
        text = blanked(self.sql, self.peek().start)
        self.index = len(self.tokens)
        return text

    def identifier(self) -> str:
        """Read one name; return it in lower case."""
        if not self.peek().is_name:
            raise self.unexpected("<identifier>")
        return name_of(self.next()).lower()

    def name(self) -> Name:
        """Read a name of one to three parts; Athena also takes `` `schema.table` ``."""
        whole = self.peek().kind is Kind.BACKTICK
        parts = [self.identifier()]
        while self.accept("."):
            parts.append(self.identifier())
        if whole and len(parts) == 1:
            parts = parts[0].split(".")
        if len(parts) > 3 or not all(parts):
            raise syntax_error(
                self.sql, self.peek(-1).start, f"Too many dots in table name: {parts}"
            )
        return Name(*reversed(parts))

    def string(self) -> str:
        """Read a string; return the text it stands for."""
        if not self.at_string():
            raise self.unexpected("<string>")
        return value_of(self.next(), self.mode)

    def at_string(self) -> bool:
        """Return whether a string is next; Hive writes strings in double quotes too."""
        kinds = (Kind.STRING, Kind.QUOTED) if self.mode is Mode.HIVE else (Kind.STRING,)
        return self.peek().kind in kinds

    def integer(self) -> int:
        """Read a whole number."""
        if self.peek().kind is not Kind.INTEGER:
            raise self.unexpected("<integer>")
        return int(self.next().text.replace("_", ""), 0)

    def identifiers(self) -> list[str]:
        """Read `(name, ...)`."""
        self.expect("(")
        names = [self.identifier()]
        while self.accept(","):
            names.append(self.identifier())
        self.expect(")")
        return names

    def properties(self) -> dict[str, str]:
        """Read `('key' = 'value', ...)`; keys and values may also be bare words or numbers."""
        self.expect("(")
        found: dict[str, str] = {}
        while not self.accept(")"):
            key = self.value()
            self.expect("=")
            found[key] = self.value()
            if not self.accept(",") and not self.at(")"):
                raise self.unexpected(",", ")")
        return found

    def value(self) -> str:
        """Read a string, a number or a bare word; return its text."""
        if self.at_string():
            return self.string()
        if self.peek().kind in (Kind.SYMBOL, Kind.END) and not self.at("-"):
            raise self.unexpected("<string>")
        sign = "-" if self.accept("-") else ""
        return sign + name_of(self.next())

    def expression(self, *stops: str, is_type: bool = False) -> str:
        """Read up to one of the symbols or words `stops` outside of brackets; return the text.

        In a type of Hive, `<` and `>` are brackets too.
        """
        brackets = _TYPE_BRACKETS if is_type else _BRACKETS
        start, end, depth = self.peek().start, self.peek().start, 0
        while not self.at_end and (depth or self.peek().upper not in stops):
            token = self.next()
            depth += brackets.get(token.text, 0)
            if depth < 0:
                self.index -= 1
                break
            end = token.end
        if end == start:
            raise self.unexpected("<expression>")
        return self.sql[start:end]

    def bracketed(self) -> str:
        """Read `( ... )`; return what stands between the brackets, at its line and column."""
        self.expect("(")
        start, depth = self.peek().start, 1
        while depth:
            token = self.next()
            if token.kind is Kind.END:
                raise self.unexpected(")")
            depth += (token.text == "(") - (token.text == ")")
        return blanked(self.sql[: token.start], start)
