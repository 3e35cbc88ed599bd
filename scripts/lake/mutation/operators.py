"""Small mistakes that a hand makes in SQL: another operator, join, function, order or literal.

The operators are those of the mutation testing of SQL (Tuya, Suárez-Cabal, de la Riva: "Mutating
database queries", 2007), as far as they apply to a text with Jinja in it. Jinja and comments stay,
but for the texts in double quotes that Jinja holds: those are SQL, as the predicates of the rules.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMMENT = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# Of Jinja's texts, those in double quotes are a group.
_JINJA_TEXT = re.compile(r"""'(?:[^'\\]|\\.)*'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
_STRING = re.compile(r"'((?:[^']|'')*)'")
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
# Types keep their size, and a frame its rows: both are written, not computed.
_SIZE = re.compile(r"\b(?:decimal|varchar)\(\s*\d+\s*(?:,\s*\d+\s*)?\)")
# The code of a character in a regular expression is no number.
_CHARACTER = re.compile(r"\\x\{[0-9A-Fa-f]+\}")
# `count(case when … then 1 end)` counts, whatever stands there.
_COUNTED = re.compile(r"\bthen 1 end\)")
_COALESCE = re.compile(r"\bcoalesce\(")

_REPLACEMENTS = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r">=", ">"),
        (r"<=", "<"),
        (r"(?<!<)>(?!=)", ">="),
        (r"<(?![=>])", "<="),
        (r"<>", "="),
        (r"(?<![<>=])=(?!=)", "<>"),
        (r"\bis not null\b", "is null"),
        (r"\bis null\b", "is not null"),
        (r"\bnot (?!null)", ""),
        (r"\band\b", "or"),
        (r"\bor\b", "and"),
        (r"\bleft join\b", "inner join"),
        (r"\binner join\b", "left join"),
        (r"\bunion all\b", "union"),
        (r"(?<!union )\bdistinct\b", ""),
        (r"\bdesc\b", "asc"),
        (r"\bmax\(", "min("),
        (r"\bmin\(", "max("),
        (r"\bsum\(", "max("),
        (r"\bavg\(", "max("),
        (r"\bgreatest\(", "least("),
        (r"\bleast\(", "greatest("),
        (r"\blead\(", "lag("),
        (r"\blag\(", "lead("),
        (r"(?<= )\+(?= )", "-"),
        (r"(?<= )-(?= )", "+"),
        (r"(?<= )\*(?= )", "/"),
        (r"(?<= )/(?= )", "*"),
        (r"\btrue\b", "false"),
        (r"\bfalse\b", "true"),
    )
)


@dataclass(frozen=True)
class Mutation:
    """One mistake: in `line` (from 1) `old` became `new`; `code` is the whole text with it."""

    line: int
    old: str
    new: str
    code: str


def mutations(code: str, line: int = 1) -> list[Mutation]:
    """Return every mutation of the text of a model or a macro that begins on `line`, in order."""
    found = sorted({*_replaced(code), *_literals(code), *_coalesced(code)})
    return [
        Mutation(
            line=line + code.count("\n", 0, start),
            old=" ".join(code[start:end].split()),
            new=new,
            code=code[:start] + new + code[end:],
        )
        for start, end, new in found
    ]


def _blank(code: str, *patterns: re.Pattern[str]) -> str:
    """Return the text with all that matches as blanks, so that places stay the same."""
    for pattern in patterns:
        code = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), code)
    return code


def _sql(code: str) -> str:
    """Return the text with blanks for comments and for Jinja, but for its texts of SQL."""

    def keep_sql(jinja: re.Match[str]) -> str:
        kept = _blank(jinja[0], re.compile(".", re.DOTALL))
        for text in _JINJA_TEXT.finditer(jinja[0]):
            if text[1] is not None:
                kept = kept[: text.start(1)] + text[1] + kept[text.end(1) :]
        return kept

    return _JINJA.sub(keep_sql, _blank(code, _COMMENT))


def _replaced(code: str) -> Iterator[tuple[int, int, str]]:
    text = _blank(_sql(code), _STRING)
    for pattern, new in _REPLACEMENTS:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), new


def _literals(code: str) -> Iterator[tuple[int, int, str]]:
    """A number grows by one, a text by one letter."""
    text = _sql(code)
    for match in _STRING.finditer(text):
        held = match[1]
        if match[0] != code[match.start() : match.end()]:  # Jinja writes the text
            continue
        yield match.start(1), match.end(1), str(int(held) + 1) if held.isdigit() else held + "x"
    for match in _NUMBER.finditer(_blank(text, _STRING, _SIZE, _CHARACTER, _COUNTED)):
        yield match.start(), match.end(), str(int(match[0]) + 1)


def _coalesced(code: str) -> Iterator[tuple[int, int, str]]:
    """Of a coalesce stays the first argument."""
    text = _blank(_sql(code), _STRING)
    for match in _COALESCE.finditer(text):
        depth, first = 1, None
        for place in range(match.end(), len(text)):
            depth += {"(": 1, ")": -1}.get(text[place], 0)
            if depth == 1 and text[place] == "," and first is None:
                first = code[match.end() : place]
            if depth == 0:
                if first is not None:
                    yield match.start(), place + 1, first
                break
