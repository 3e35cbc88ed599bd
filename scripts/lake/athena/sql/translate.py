"""Athena's queries as Trino reads them.

Two things differ: Athena takes `1.5` as a double where Trino takes a decimal, and it allows names
in backticks. Strings, comments, quoted names and `DECIMAL '1.5'` stay untouched.
"""

from lake.athena.sql.quoting import name_of, trino_name
from lake.athena.sql.tokens import Kind, Mode, Token, place, significant, tokenize


def to_trino(sql: str) -> str:
    """Return a query in Trino's dialect. Lines stay lines; what is Trino's already stays so."""
    return "".join(_translated(token) for token in tokenize(sql))


def _translated(token: Token) -> str:
    if token.kind is Kind.DECIMAL:
        return token.text.replace("_", "") + "e0"
    if token.kind is Kind.BACKTICK:
        return trino_name(name_of(token))
    return token.text


def original_place(sql: str, line: int, column: int) -> tuple[int, int]:
    """Return where in `sql` stands what is at a line and column of its translation (from 1)."""
    written_line, written_column = 1, 1
    for token in tokenize(sql):
        text = _translated(token)
        lines = text.count("\n")
        end_column = len(text) - text.rfind("\n") if lines else written_column + len(text)
        if (written_line + lines, end_column) > (line, column):
            if text == token.text:
                inside = _offset(text, line - written_line, column, written_column)
            else:
                inside = min(column - written_column, len(token.text) - 1)
            return place(sql, token.start + inside)
        written_line, written_column = written_line + lines, end_column
    return place(sql, len(sql))


def _offset(text: str, lines: int, column: int, first_column: int) -> int:
    """Return how far into a text a place is, `lines` below its first character's."""
    if lines <= 0:
        return max(0, column - first_column)
    start = 0
    for _ in range(lines):
        start = text.index("\n", start) + 1
    return start + column - 1


def strip(sql: str, mode: Mode = Mode.TRINO) -> str:
    """Return a statement without its last semicolon, which Trino does not take.

    What stands before stays, so that lines and columns are the ones of the text given.
    """
    kept = list(significant(sql, mode))
    end = len(sql)
    while kept and kept[-1].text == ";":
        end = kept.pop().start
    return sql[:end]
