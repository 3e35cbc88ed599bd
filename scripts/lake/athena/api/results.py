"""Results: the files at the output location, and the pages of GetQueryResults."""

import json
import re
from typing import Any

from lake.athena.outcome import Column, Outcome

Row = list[str | None]

FIELD = re.compile(r'"((?:[^"]|"")*)"|', re.DOTALL)


def csv_line(row: Row) -> str:
    """One line of a result file: text in quotes, null as nothing between the commas."""
    return ",".join("" if value is None else quoted(value) for value in row) + "\n"


def quoted(value: str) -> str:
    """A value in quotes, each quote in it doubled."""
    return '"' + value.replace('"', '""') + '"'


def csv_file(outcome: Outcome) -> bytes:
    """The result file of a query: a header of column names, then the rows."""
    names: Row = [column.name for column in outcome.columns]
    lines = [csv_line(names), *map(csv_line, outcome.rows)]
    return "".join(lines).encode()


def rows_of_csv(data: bytes) -> list[Row]:
    """The rows of a result file without its header; `csv` would take null for empty text."""
    content, place, rows = data.decode(), 0, []
    while place < len(content):
        row: Row = []
        while True:
            found = FIELD.match(content, place)
            assert found is not None
            row.append(None if found[1] is None else found[1].replace('""', '"'))
            place = found.end() + 1
            if content[place - 1 : place] != ",":
                break
        rows.append(row)
    return rows[1:]


def text_file(outcome: Outcome) -> bytes:
    """The result file of DDL and UTILITY statements: values with tabs between, no header."""
    return "".join("\t".join(value or "" for value in row) + "\n" for row in outcome.rows).encode()


def result_file(outcome: Outcome) -> bytes | None:
    """The content of the file at the output location, None where the statement has none."""
    if outcome.extension == "csv":
        return csv_file(outcome)
    return text_file(outcome) if outcome.extension == "txt" else None


def metadata_file(outcome: Outcome) -> bytes:
    """The file beside the result: its columns, as JSON where AWS writes its own binary form."""
    return json.dumps([column_info(column) for column in outcome.columns]).encode()


def column_info(column: Column) -> dict[str, Any]:
    """A column as the API shows it."""
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": column.name,
        "Label": column.name,
        "Type": column.type,
        "Precision": column.precision,
        "Scale": column.scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": column.type in ("varchar", "char", "string"),
    }


def results_page(outcome: Outcome, rows: list[Row], start: int, size: int) -> dict[str, Any]:
    """Rows `start` up to `start + size`; row 0 holds the names where there is a header."""
    offset = 1 if outcome.has_header else 0
    total = len(rows) + offset
    shown = rows[max(start - offset, 0) : max(start + size - offset, 0)]
    if offset and start == 0:
        shown = [[column.name for column in outcome.columns], *shown]
    answer: dict[str, Any] = {
        "UpdateCount": outcome.update_count or 0,
        "ResultSet": {
            "Rows": [{"Data": list(map(datum, row))} for row in shown],
            "ResultSetMetadata": {"ColumnInfo": list(map(column_info, outcome.columns))},
        },
    }
    if start + size < total:
        answer["NextToken"] = str(start + size)
    return answer


def datum(value: str | None) -> dict[str, str]:
    """A value as the API shows it; null has no text."""
    return {} if value is None else {"VarCharValue": value}
