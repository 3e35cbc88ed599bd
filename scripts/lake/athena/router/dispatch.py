"""Which part of the router executes which kind of statement."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lake.athena.outcome import Outcome
from lake.athena.router import (
    alter,
    create,
    databases,
    maintain,
    partitions,
    prepared,
    query,
    show,
    table_as,
    unload,
)
from lake.athena.router.context import Context
from lake.athena.sql import alterations, kinds
from lake.athena.sql.statements import parse

Handler = Callable[[Any, Context], Outcome]

_HANDLERS: dict[type[kinds.Statement], Handler] = {
    kinds.Literal: query.literal,
    kinds.Query: query.query,
    kinds.Modify: query.modify,
    kinds.Explain: query.explain,
    kinds.CreateDatabase: databases.create,
    kinds.AlterDatabase: databases.alter,
    kinds.DropDatabase: databases.drop,
    kinds.CreateTable: create.create_table,
    kinds.CreateTableAs: table_as.create,
    kinds.CreateView: create.create_view,
    kinds.Drop: create.drop,
    alterations.SetProperties: alter.set_properties,
    alterations.UnsetProperties: alter.unset_properties,
    alterations.SetLocation: partitions.set_location,
    alterations.RenameTable: alter.rename,
    alterations.AddColumns: alter.add_columns,
    alterations.ReplaceColumns: alter.replace_columns,
    alterations.DropColumn: alter.drop_column,
    alterations.ChangeColumn: alter.change_column,
    alterations.AddPartitions: partitions.add,
    alterations.DropPartitions: partitions.drop,
    alterations.RenamePartition: partitions.rename,
    kinds.ShowDatabases: show.databases,
    kinds.ShowTables: show.show_tables,
    kinds.ShowColumns: show.columns,
    kinds.ShowPartitions: show.partitions,
    kinds.ShowProperties: show.properties,
    kinds.ShowCreate: show.create,
    kinds.Describe: show.describe,
    kinds.Repair: partitions.repair,
    kinds.Optimize: maintain.optimize,
    kinds.Vacuum: maintain.vacuum,
    kinds.Unload: unload.unload,
    kinds.Prepare: prepared.prepare,
    kinds.Deallocate: prepared.deallocate,
}


def execute(text: str, context: Context) -> Outcome:
    """Execute a statement of Athena.

    Raises:
        AthenaFailure: it fails, as Athena would fail it.
    """
    statement = parse(text)
    bound = prepared.bound(statement, context)
    if bound is not None:
        statement, context = parse(bound), replace(context, parameters=())
    return _HANDLERS[type(statement)](statement, context)
