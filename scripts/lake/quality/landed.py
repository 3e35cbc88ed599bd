"""What landed, counted from the files themselves and by no model of dbt."""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

import duckdb
import fastavro
from isal import igzip
from isal.igzip_lib import IsalError

from lake.contract import Table
from lake.database import as_user_error, literal
from lake.errors import UserError
from lake.quality.files import LandedFile

CHUNK = 1 << 22
UNREADABLE: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    ValueError,
    IndexError,
    cast(type[Exception], IsalError),
)
NO_CURRENCY = "-"
OPERATION = "$.value.op"
# The domain of money: what a plain decimal is. Anything else is no amount but a parse error.
MAJOR = r"[-+]?[0-9]{1,14}([.][0-9]{1,4})?"
MINOR = r"[-+]?[0-9]{1,18}"
TOO_LARGE = 10**14
# What Python's `str.strip` takes.
WHITE_SPACE = (
    r"[\x{09}-\x{0D}\x{1C}-\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}"
    r"\x{202F}\x{205F}\x{3000}]"
)
# DuckDB's parser takes a comma before a closing bracket, which is no JSON.
STRINGS = r'"(?:[^"\\]|\\.)*"'
HANGING_COMMA = r",[ \t\r\n]*[}\]]"


@dataclass(frozen=True)
class Money:
    """The sum of the amounts of one landed file in one currency (`-` where none is named)."""

    file: str
    currency: str
    amount: Decimal


def count_all(
    files: Iterable[LandedFile], done: Callable[[LandedFile], None] = lambda _: None
) -> dict[str, int]:
    """Return the number of records of each file by its name; `done` hears of each counted file.

    Raises:
        UserError: a file is no gzip, is cut off, or is no Avro.
    """

    def count(file: LandedFile) -> tuple[str, int]:
        records = count_records(file.path)
        done(file)
        return file.name, records

    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(pool.map(count, files))


def count_records(path: Path) -> int:
    """Count the Avro records, or the lines that are not empty, of one file, in bounded memory.

    A line ends with a line feed, a carriage return, or both.
    """
    try:
        if path.suffix == ".avro":
            with path.open("rb") as file:
                return sum(block.num_records for block in fastavro.block_reader(file))
        return _count_lines(path)
    except UNREADABLE as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> UserError:
    """Return the one line for a landed file that raises one of `UNREADABLE`."""
    return UserError(
        f"{path} cannot be read ({error or 'cut off'}); run `lake land check`, "
        "which moves unreadable files to _rejected/"
    )


def _count_lines(path: Path) -> int:
    records = 0
    inside = False  # whether the chunk before ended in the middle of a line
    opened: IO[bytes] = igzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[no-untyped-call]
    with opened as file:
        begins = True
        while chunk := file.read(CHUNK):
            if begins:
                chunk, begins = chunk.removeprefix(BOM_UTF8), False
            pieces = chunk.splitlines()
            records += len(pieces) - pieces.count(b"")
            if inside and pieces[0]:
                records -= 1
            inside = chunk[-1:] not in (b"", b"\n", b"\r")
    return records


def money(table: Table, files: list[LandedFile], digits: dict[str, int]) -> list[Money]:
    """Add up the amounts of each file of one table by currency.

    `digits` maps a currency to the number of its minor digits; it turns minor units into amounts.
    An amount in minor units of an unknown currency has no value, and is left out.

    Raises:
        UserError: a file cannot be read.
    """
    if not files or not table.money:
        return []
    names = {str(file.path): file.name for file in files}
    with (
        TemporaryDirectory() as spill,
        duckdb.connect(config={"temp_directory": spill}) as connection,
    ):
        connection.execute("create table digits (currency varchar, digits integer)")
        for currency, number in digits.items():
            connection.execute(f"insert into digits values ({literal(currency)}, {number})")
        try:
            found = connection.execute(_money_sql(table, names)).fetchall()
        except duckdb.Error as error:
            raise as_user_error(error, f"cannot read the files of {table.name}") from error
    return [Money(names[file], currency, amount) for file, currency, amount in found]


def _money_sql(table: Table, names: Iterable[str]) -> str:
    paths = table.money
    minor = paths.get("unit") == "minor"
    before = paths.get("before", paths["amount"])
    before_currency = paths.get("before_currency", paths["currency"])
    fields = [OPERATION, paths["amount"], before, paths["currency"], before_currency]
    # Where staging writes a currency in upper case, so does this.
    currency = "upper(chosen.currency)" if minor or table.csv_columns else "chosen.currency"
    if minor:
        amount = f"""
            case when regexp_full_match(amount, '{MINOR}') then case digits
                when 0 then cast(amount as decimal(34, 0)) * 1.000
                when 1 then cast(amount as decimal(34, 0)) * 0.100
                when 2 then cast(amount as decimal(34, 0)) * 0.010
                when 3 then cast(amount as decimal(34, 0)) * 0.001
            end end
        """
    else:
        amount = f"""
            case when regexp_full_match(amount, '{MAJOR}') then cast(amount as decimal(18, 4)) end
        """
    return f"""
        with lines as (
            select filename as file, line
            from read_csv(
                {_sql_list(names)}, columns = {{line: 'varchar'}},
                delim = chr(1114111), quote = '', escape = '',
                header = false, auto_detect = false, new_line = '\\n', strict_mode = false,
                max_line_size = 16777216, filename = true, hive_partitioning = false
            )
        ),
        found as (
            select file, try(json_extract_string(line, {_sql_list(fields)})) as field
            from lines
            where case
                when regexp_matches(line, '{HANGING_COMMA}') then not regexp_matches(
                    regexp_replace(line, '{STRINGS}', '""', 'g'), '{HANGING_COMMA}'
                )
                else true
            end
        ),
        chosen as (
            select
                file,
                case when field[1] = 'd' then field[3] else field[2] end as amount,
                nullif(regexp_replace(
                    case when field[1] = 'd' then field[5] else field[4] end,
                    '^{WHITE_SPACE}+|{WHITE_SPACE}+$', '', 'g'
                ), '') as currency
            from found
        ),
        priced as (
            select chosen.file, {currency} as currency, {amount} as amount
            from chosen left join digits on digits.currency = {currency}
        )
        select file, coalesce(currency, '{NO_CURRENCY}'), sum(amount)
        from priced where abs(amount) < {TOO_LARGE}
        group by file, currency
    """


def _sql_list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(literal, texts))}]"
