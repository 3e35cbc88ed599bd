"""Statements with question marks: PREPARE, EXECUTE, DEALLOCATE and the values of an execution."""

from collections.abc import Sequence

from lake.athena.errors import AthenaFailure
from lake.athena.outcome import Outcome
from lake.athena.router import outcomes
from lake.athena.router.context import Context
from lake.athena.sql import kinds
from lake.athena.sql.cursor import Cursor
from lake.athena.sql.tokens import Kind, tokenize


def bind(sql: str, arguments: Sequence[str]) -> str:
    """Return a statement with its question marks replaced by SQL expressions, in order.

    Raises:
        AthenaFailure: their numbers differ, or an argument is not one expression.
    """
    tokens = tokenize(sql)
    marks = sum(token.text == "?" for token in tokens)
    if marks != len(arguments):
        raise AthenaFailure(
            "INVALID_PARAMETER_USAGE",
            f"line 1:1: Incorrect number of parameters: expected {marks} but found "
            f"{len(arguments)}",
        )
    values = iter([_expression(argument) for argument in arguments])
    return "".join(next(values) if token.text == "?" else token.text for token in tokens)


def _expression(argument: str) -> str:
    cursor = Cursor(argument)
    if cursor.at_end:
        raise cursor.unexpected("<expression>")
    cursor.expression(",", ";")
    cursor.finish()
    if len(cursor.tokens) == 1 and cursor.tokens[0].kind is not Kind.SYMBOL:
        return cursor.tokens[0].text
    text = argument[cursor.tokens[0].start : cursor.tokens[-1].end]
    return f"({text})"


def prepare(statement: kinds.Prepare, context: Context) -> Outcome:
    """Keep a statement in the work group."""
    context.prepared[statement.name] = statement.statement.strip()
    return outcomes.ddl("PREPARE")


def deallocate(statement: kinds.Deallocate, context: Context) -> Outcome:
    """Forget a statement of the work group."""
    _named(statement.name, context)
    del context.prepared[statement.name]
    return outcomes.ddl("DEALLOCATE_PREPARE")


def _named(name: str, context: Context) -> str:
    if name not in context.prepared:
        raise AthenaFailure("NOT_FOUND", f"Prepared statement not found: {name}")
    return context.prepared[name]


def bound(statement: kinds.Statement, context: Context) -> str | None:
    """Return the text that an EXECUTE, or a statement with values, stands for; else None."""
    if isinstance(statement, kinds.Execute):
        values = statement.arguments or context.parameters
        return bind(_named(statement.name, context), values)
    if isinstance(statement, kinds.ExecuteImmediate):
        return bind(statement.statement, statement.arguments or context.parameters)
    if context.parameters:
        return bind(statement.text, context.parameters)
    return None
