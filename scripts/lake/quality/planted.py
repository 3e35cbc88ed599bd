"""Planted defects of a generated lake against what the build made of them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from lake.database import as_user_error, literal, rows
from lake.landing.generate.truth import TRUTH
from lake.quality.judged import validated

EXAMPLES = 5


@dataclass(frozen=True)
class Defect:
    """One kind of defect of one source: how many were planted and how many found as expected.

    `examples` are a few of those missed, each with its file and what became of it.
    """

    source: str
    defect: str
    rule: str | None
    expected: str
    planted: int
    found: int
    examples: list[str] = field(default_factory=list)

    @property
    def missed(self) -> int:
        """Return how many were not found as expected."""
        return self.planted - self.found


@dataclass(frozen=True)
class FalseQuarantine:
    """Records of one source and set of rules that are quarantined and should not be."""

    source: str
    rules: str
    records: int
    example: str


def load_manifest(
    connection: duckdb.DuckDBPyConnection, root: Path, only: str | None = None
) -> bool:
    """Read the truth of the lake into the temporary table `planted`; return whether there is one.

    `only` limits it to one source.

    Raises:
        UserError: the manifest cannot be read.
    """
    path = root / TRUTH
    if not path.is_file():
        return False
    try:
        connection.execute(
            f"""
            create or replace temp table planted as
            select source, file, record_id, defect, rule, expected, count(*) as planted
            from read_json(
                {literal(str(path))}, format = 'newline_delimited', columns = {{
                    source: 'varchar', file: 'varchar', record_id: 'varchar',
                    defect: 'varchar', rule: 'varchar', expected: 'varchar'
                }}
            )
            where {f"source = {literal(only)}" if only else "true"}
            group by all
            """
        )
    except duckdb.Error as error:
        raise as_user_error(error, f"cannot read {path}") from error
    return True


def find_defects(
    connection: duckdb.DuckDBPyConnection, sources: Collection[str]
) -> tuple[list[Defect], list[FalseQuarantine]]:
    """Compare the temporary table `planted` with the validated tables of `sources`.

    A planted record is found where its file holds that record with the expected disposition and,
    where a rule is named, with that rule among its errors or warnings.
    """
    judged = " union all ".join(
        f"""
        select '{source}' as source, _source_file as file, _row_hash as record_id,
            _disposition as disposition, _errors as errors,
            string_split(concat_ws(',', _errors, _warnings), ',') as rules
        from {validated(source)}
        where _disposition = 'quarantined' or _row_hash in (
            select record_id from planted where source = '{source}'
        )
        """
        for source in sources
    )
    connection.execute(f"create or replace temp table suspects as {judged}")
    connection.execute(
        """
        create or replace temp table matched as
        select
            pla.source, pla.defect, pla.rule, pla.expected, pla.file, pla.record_id, pla.planted,
            least(any_value(pla.planted), count(*) filter (
                sus.disposition = pla.expected
                and (pla.rule is null or list_contains(sus.rules, pla.rule))
            )) as found,
            coalesce(
                string_agg(distinct concat_ws(' by ', sus.disposition, sus.errors), ' and '),
                'not in the table'
            ) as became
        from planted as pla
        left join suspects as sus
            on pla.source = sus.source and pla.file = sus.file and pla.record_id = sus.record_id
        group by
            pla.source, pla.defect, pla.rule, pla.expected, pla.file, pla.record_id, pla.planted
        """
    )
    defects = rows(
        connection,
        f"""
        select
            source, defect, rule, expected,
            cast(sum(planted) as bigint) as planted, cast(sum(found) as bigint) as found,
            coalesce(list(
                record_id || ' in ' || file || ': ' || became order by file, record_id
            ) filter (found < planted), [])[:{EXAMPLES}] as examples
        from matched
        group by all order by source, defect, rule
        """,
    )
    return [Defect(**row) for row in defects], _false_quarantine(connection)


def _false_quarantine(connection: duckdb.DuckDBPyConnection) -> list[FalseQuarantine]:
    found = rows(
        connection,
        """
        select source, errors as rules, count(*) as records,
            min(record_id || ' in ' || file) as example
        from suspects as sus
        where disposition = 'quarantined' and not exists (
            select 1 from planted as pla
            where pla.expected = 'quarantined' and pla.source = sus.source
                and pla.file = sus.file and pla.record_id = sus.record_id
        )
        group by source, errors order by source, records desc
        """,
    )
    return [FalseQuarantine(**row) for row in found]
