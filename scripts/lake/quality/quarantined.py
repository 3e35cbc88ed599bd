"""Quarantined records: found in the built tables, read from the file where they landed."""

import gzip
import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import fastavro

from lake.contract import Table
from lake.database import has_table, literal, rows, schema
from lake.errors import UserError
from lake.quality.files import landed_files
from lake.quality.judged import validated
from lake.quality.landed import UNREADABLE, unreadable

RELEASES = "quarantine_releases"
SHORTEST_ID = 8
# The order in which the staging model joins the fields of an Avro record to one text.
AVRO_FIELDS = {
    "suppliers": (
        "supplier_id",
        "supplier_name",
        "contact_name",
        "contact_email",
        "contact_phone",
        "country",
        "lead_time_days",
        "is_active",
        "updated_at",
    )
}


@dataclass(frozen=True)
class Quarantined:
    """One quarantined record: where it landed and the ids of the rules that it breaks."""

    source: str
    record_id: str
    batch: int
    file: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Release:
    """One line of the releases: which record was released by which repaired one."""

    source: str
    record_id: str
    repaired_record_id: str
    released_by: str
    reason: str


def built_sources(connection: duckdb.DuckDBPyConnection, tables: Collection[str]) -> list[str]:
    """Return the sources that have a validated table.

    Raises:
        UserError: none has.
    """
    found = [name for name in tables if has_table(connection, "silver", f"int_{name}_validated")]
    if not found:
        raise UserError("no validated table in the database; run `lake build` first")
    return found


def quarantined(
    connection: duckdb.DuckDBPyConnection,
    sources: Collection[str],
    rule: str | None = None,
    batch: int | None = None,
) -> list[Quarantined]:
    """Return the quarantined records of `sources`, newest batch first."""
    union = " union all ".join(
        f"""
        select '{source}' as source, _row_hash as record_id, _batch_id as batch,
            _source_file as file, string_split(_errors, ',') as rules
        from {validated(source)} where _disposition = 'quarantined'
        """
        for source in sources
    )
    found = rows(
        connection,
        f"""
        select * from ({union})
        where {f"list_contains(rules, {literal(rule)})" if rule else "true"}
            and {f"batch = {batch}" if batch else "true"}
        order by batch desc, source, file, record_id
        """,
    )
    return [Quarantined(**{**row, "rules": tuple(row["rules"])}) for row in found]


def find(
    connection: duckdb.DuckDBPyConnection, sources: Collection[str], record_id: str
) -> Quarantined:
    """Return the one quarantined record whose id begins with `record_id`.

    Raises:
        UserError: the id is too short, unknown, not unique, or of a record in no quarantine.
    """
    prefix = record_id.strip().lower()
    if len(prefix) < SHORTEST_ID or not set(prefix) <= set("0123456789abcdef"):
        raise UserError(
            f"'{record_id}' is no record id; give at least {SHORTEST_ID} hex digits, "
            "as `lake quarantine list` shows them"
        )
    found = disposed(connection, sources, prefix)
    here = [row for row in found if row["disposition"] == "quarantined"]
    if len(here) > 1:
        which = ", ".join(f"{row['record_id']} of {row['source']}" for row in here[:4])
        raise UserError(f"'{record_id}' fits several records ({which}); give more, or --source")
    if not here and found:
        row = found[0]
        raise UserError(
            f"{row['record_id']} of {row['source']} is not quarantined, it is {row['disposition']}"
        )
    if not here:
        raise UserError(
            f"no quarantined record {record_id}; `lake quarantine list` names those there are"
        )
    row = here[0]
    rules = tuple(row["errors"].split(","))
    return Quarantined(row["source"], row["record_id"], row["batch"], row["file"], rules)


def disposed(
    connection: duckdb.DuckDBPyConnection, sources: Collection[str], prefix: str
) -> list[dict[str, Any]]:
    """Return the judged records whose id begins with `prefix`, whatever became of them."""
    union = " union all ".join(
        f"""
        select '{source}' as source, _row_hash as record_id, _batch_id as batch,
            _source_file as file, _disposition as disposition, _errors as errors
        from {validated(source)} where starts_with(_row_hash, {literal(prefix)})
        """
        for source in sources
    )
    return rows(connection, f"{union} order by batch, file")


def reasons(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """Return the text of each rule by (source, rule id)."""
    if not has_table(connection, "silver", "quality_rules"):
        return {}
    found = rows(
        connection, f"select source_name, rule_id, reason from {schema('silver')}.quality_rules"
    )
    return {(row["source_name"], row["rule_id"]): row["reason"] for row in found}


def releases(root: Path, contract: dict[str, Table]) -> dict[tuple[str, str], Release]:
    """Return the releases that landed, by (source, record id); the newest counts.

    Raises:
        UserError: a file of releases holds a line that is none.
    """
    found: dict[tuple[str, str], Release] = {}
    for file in landed_files(root, [contract[RELEASES]]):
        for line in _lines(file.path):
            try:
                item = json.loads(line)
                release = Release(
                    item["source"],
                    item["record_id"],
                    item["repaired_record_id"],
                    item["released_by"],
                    item["reason"],
                )
            except (ValueError, KeyError, TypeError) as error:
                raise UserError(f"{file.path}: a line is no release ({error!r})") from error
            found[release.source, release.record_id] = release
    return found


def landed_text(root: Path, record: Quarantined) -> str:
    """Return the line of a quarantined record as it landed.

    Raises:
        UserError: the file is gone, or no longer holds that record.
    """
    for line in _lines(_file(root, record)):
        if hashlib.md5(line).hexdigest() == record.record_id:
            return line.decode("utf-8")
    raise _gone(record)


def landed_avro(root: Path, record: Quarantined) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Return a quarantined Avro record, the schema of its file, and the file's compression.

    Raises:
        UserError: the file is gone, or no longer holds that record.
    """
    with _file(root, record).open("rb") as file:
        reader = fastavro.reader(file)
        for fields in reader:
            if isinstance(fields, dict) and avro_id(record.source, fields) == record.record_id:
                return fields, dict(reader.writer_schema), reader.codec  # type: ignore[arg-type]
    raise _gone(record)


def landed_raw(root: Path, record: Quarantined) -> str:
    """Return a quarantined record as text: its line, or its Avro fields as JSON."""
    if is_avro(record):
        return json.dumps(landed_avro(root, record)[0], ensure_ascii=False)
    return landed_text(root, record)


def is_avro(record: Quarantined) -> bool:
    """Return whether the record landed as Avro."""
    return record.file.endswith(".avro")


def avro_id(source: str, fields: dict[str, Any]) -> str:
    """Return the id of an Avro record, as the staging model makes it."""
    return hashlib.md5("|".join(map(_text, _values(source, fields))).encode()).hexdigest()


def _values(source: str, fields: dict[str, Any]) -> list[Any]:
    return [fields.get(name) for name in AVRO_FIELDS[source]]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file that are not empty, without a byte order mark."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file):
                text = line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line
                yield from (piece for piece in text.splitlines() if piece)
    except UNREADABLE as error:
        raise unreadable(path, error) from error


def _file(root: Path, record: Quarantined) -> Path:
    path = root / record.file
    if not path.is_file():
        raise UserError(f"{path} is no longer in the lake; `lake reconcile` says what to do")
    return path


def _gone(record: Quarantined) -> UserError:
    return UserError(
        f"{record.file} no longer holds record {record.record_id}; `lake reconcile` says what to do"
    )
