"""OPTIMIZE and VACUUM of Iceberg tables."""

from lake.athena.outcome import Outcome
from lake.athena.router import outcomes, places, tables
from lake.athena.router.context import ICEBERG, Context, GlueTable
from lake.athena.sql import kinds

_FIVE_DAYS = 432_000


def optimize(statement: kinds.Optimize, context: Context) -> Outcome:
    """Rewrite small files into larger ones."""
    tables.iceberg_table(context, statement.name, "OPTIMIZE")
    command = f"ALTER TABLE {tables.iceberg_name(context, statement.name)} EXECUTE optimize"
    if statement.where is None:
        context.engine(command, catalog=ICEBERG)
    else:
        places.run_behind(context, f"{command} WHERE", statement.where)
    return Outcome("DML", "OPTIMIZE")


def vacuum(statement: kinds.Vacuum, context: Context) -> Outcome:
    """Expire snapshots by the table's own properties, and remove files that no snapshot has."""
    table = tables.iceberg_table(context, statement.name, "VACUUM")
    age = _age(table, "vacuum_max_snapshot_age_seconds", _FIVE_DAYS)
    kept = _age(table, "vacuum_min_snapshots_to_keep", 1)
    command = f"ALTER TABLE {tables.iceberg_name(context, statement.name)} EXECUTE "
    expiry = max(age, _age_of_snapshot(statement, context, kept)) if kept > 1 else age
    for procedure, seconds in (("expire_snapshots", expiry), ("remove_orphan_files", age)):
        context.engine(
            f"{command}{procedure}(retention_threshold => '{seconds}s')", catalog=ICEBERG
        )
    return outcomes.ddl("VACUUM")


def _age(table: GlueTable, key: str, default: int) -> int:
    return int((table.get("Parameters") or {}).get(key, default))


def _age_of_snapshot(statement: kinds.Vacuum, context: Context, kept: int) -> int:
    """Return the age in seconds, and one, of the oldest of the newest `kept` snapshots."""
    snapshots = tables.iceberg_name(context, statement.name, "$snapshots")
    result = context.engine(
        "SELECT date_diff('second', min(committed_at), current_timestamp) + 1 FROM ("
        f"SELECT committed_at FROM {snapshots} ORDER BY committed_at DESC LIMIT {kept})",
        catalog=ICEBERG,
    )
    return int(result.rows[0][0] or 0)
