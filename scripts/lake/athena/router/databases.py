"""CREATE, ALTER and DROP DATABASE."""

from lake.athena.outcome import Outcome
from lake.athena.router import outcomes, tables
from lake.athena.router.context import Context
from lake.athena.sql import kinds
from lake.athena.sql.refused import failed

_TASK = "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "


def create(statement: kinds.CreateDatabase, context: Context) -> Outcome:
    """Create a database."""
    if context.catalog.has_database(statement.name):
        if not statement.if_not_exists:
            raise failed(f"{_TASK}Database {statement.name} already exists")
    else:
        context.catalog.create_database(
            statement.name, statement.comment, statement.location, statement.properties
        )
    return outcomes.ddl("CREATE_DATABASE")


def alter(statement: kinds.AlterDatabase, context: Context) -> Outcome:
    """Add parameters to a database."""
    tables.check_database(context, statement.name)
    context.catalog.set_database_parameters(statement.name, statement.properties)
    return outcomes.ddl("ALTER_DATABASE")


def drop(statement: kinds.DropDatabase, context: Context) -> Outcome:
    """Delete a database; one that holds tables only with CASCADE."""
    if not context.catalog.has_database(statement.name):
        if not statement.if_exists:
            tables.check_database(context, statement.name)
        return outcomes.ddl("DROP_DATABASE")
    if not statement.cascade and context.catalog.tables(statement.name):
        raise failed(
            f"{_TASK}InvalidOperationException(message:Database {statement.name} is not empty. "
            "One or more tables exist.)"
        )
    context.catalog.drop_database(statement.name)
    return outcomes.ddl("DROP_DATABASE")
