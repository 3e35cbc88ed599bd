"""What the built tables say became of every landed record."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from lake.contract import Table
from lake.database import has_table, rows, schema
from lake.errors import UserError
from lake.quality.landed import NO_CURRENCY

KEPT, DUPLICATE, QUARANTINED = "kept", "duplicate", "quarantined"
DISPOSITIONS = (KEPT, DUPLICATE, QUARANTINED)
# The column of the validated table that holds the money of a record.
AMOUNTS = {
    "orders": "total_amount",
    "order_items": "line_amount",
    "payments": "payment_amount",
    "refunds": "refund_amount",
    "sales_targets": "target_amount",
    "marketing_spend": "spend_amount",
}


@dataclass(frozen=True)
class Judged:
    """Records of one file in one currency with one disposition.

    `amount` is None for a source that carries no money. `unjustified` counts records whose
    disposition contradicts their own rules and copy number.
    """

    source: str
    file: str
    batch: int
    currency: str
    disposition: str
    records: int
    amount: Decimal | None
    conflicts: int
    warnings: int
    unjustified: int


def validated(source: str) -> str:
    """Return the validated table of a source, with its schema."""
    return f"{schema('silver')}.int_{source}_validated"


def judge(connection: duckdb.DuckDBPyConnection, table: Table) -> list[Judged]:
    """Count the validated table of one source by file, currency and disposition.

    Raises:
        UserError: the table was not built yet, or its money column is not known.
    """
    if not has_table(connection, "silver", f"int_{table.name}_validated"):
        raise UserError(f"{validated(table.name)} is not in the database; run `lake build` first")
    if table.money and table.name not in AMOUNTS:
        raise UserError(
            f"source {table.name} carries money by its contract; "
            "add its column to AMOUNTS in scripts/lake/quality/judged.py"
        )
    amount = AMOUNTS.get(table.name) if table.money else None
    found = rows(
        connection,
        f"""
        select
            _source_file as file,
            _batch_id as batch,
            {f"coalesce(currency_code, '{NO_CURRENCY}')" if amount else f"'{NO_CURRENCY}'"}
                as currency,
            _disposition as disposition,
            count(*) as records,
            {f"coalesce(sum({amount}), 0)" if amount else "null"} as amount,
            count(*) filter (is_conflict) as conflicts,
            count(*) filter (_warnings is not null) as warnings,
            count(*) filter (_disposition is distinct from case
                when _copy > 1 then '{DUPLICATE}'
                when _errors is not null then '{QUARANTINED}'
                else '{KEPT}'
            end) as unjustified
        from {validated(table.name)}
        group by all
        """,
    )
    return [Judged(source=table.name, **row) for row in found]


def published(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the rows of the published report `rpt_reconciliation`, empty if it is not built."""
    if not has_table(connection, "gold", "rpt_reconciliation"):
        return []
    return rows(
        connection,
        f"""
        select
            source_name as source, _batch_id as batch, currency_code as currency,
            kept_count as kept, duplicate_count as duplicate, quarantined_count as quarantined,
            kept_amount, duplicate_amount, quarantined_amount
        from {schema("gold")}.rpt_reconciliation
        """,
    )
