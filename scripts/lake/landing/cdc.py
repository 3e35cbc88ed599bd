"""SQL that turns rows of DuckDB into Debezium changes, and values over time into changes."""

from pathlib import Path

import duckdb

from lake.contract import Table
from lake.errors import UserError
from lake.landing import tabular

# The position of a change: its milliseconds with three digits for its place among equal ones.
LSN_PER_MS = 1000


def change_line(
    table: str,
    keys: dict[str, str],
    after: dict[str, str],
    *,
    moment: str,
    lsn: str,
    operation: str,
) -> str:
    """Return the SQL of one JSON line: the change that made the row `after`.

    `keys` and `after` map a field to its SQL; `moment` (timestamp), `lsn` (bigint) and `operation`
    (c or u) are SQL too.
    """
    return (
        f"cast(to_json({{'key': {_struct(keys)}, 'value': {{'before': cast(null as json),"
        f" 'after': {_struct(after)},"
        f" 'source': {{'table': '{table}', 'lsn': {lsn}, 'ts_ms': epoch_ms({moment})}},"
        f" 'op': {operation}, 'ts_ms': epoch_ms({moment})}}}}) as varchar)"
    )


def iso(timestamp: str) -> str:
    """Return the SQL of the ISO 8601 text of a UTC timestamp, with Z."""
    return (
        f"case when epoch_us({timestamp}) % 1000000 = 0"
        f" then strftime({timestamp}, '%Y-%m-%dT%H:%M:%SZ')"
        f" else strftime({timestamp}, '%Y-%m-%dT%H:%M:%S.%fZ') end"
    )


def lsn_at(timestamp: str, place: str = "0") -> str:
    """Return the SQL of the position of the change of a key at a time; `place` is 0 to 999."""
    return f"epoch_ms({timestamp}) * {LSN_PER_MS} + {place}"


def number_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Define `exact(x)`: text to decimal(18, 4), NULL where four decimals cannot hold it;
    `plain(d)`: its shortest text; `cents(d)`: its text with two decimals."""
    con.execute(
        "create or replace macro exact(x) as case when abs(cast(try_cast(x as decimal(18, 4))"
        " as double) - try_cast(x as double)) < 1e-7 then try_cast(x as decimal(18, 4)) end"
    )
    con.execute(
        "create or replace macro plain(d) as"
        " rtrim(rtrim(cast(cast(d as decimal(18, 4)) as varchar), '0'), '.')"
    )
    con.execute("create or replace macro cents(d) as cast(cast(d as decimal(18, 2)) as varchar)")


def known_values(
    con: duckdb.DuckDBPyConnection, root: Path, table: Table, *, prefix: str, key: str, value: str
) -> None:
    """Make the table `known`: what earlier landings of `prefix` wrote of a table.

    Columns: key (varchar), lsn (bigint), value (varchar), created_at (timestamp).

    Raises:
        UserError: a file of theirs cannot be read.
    """
    nothing_known(con)
    folder = tabular.pattern(root / table.location).replace("'", "''")
    pattern = f"{folder}/arrival_date=*/{prefix}-*.json.gz"
    found = con.execute(f"select count(*) from glob('{pattern}')").fetchone()
    if not found or not found[0]:
        return
    known = f"""
        insert into known
        select distinct on (f[1], f[2])
            f[1], try_cast(f[2] as bigint), f[3], try_cast(replace(f[4], 'Z', '') as timestamp)
        from (
            select json_extract_string(line, [
                '$.value.after.{key}', '$.value.source.lsn', '$.value.after.{value}',
                '$.value.after.created_at'
            ]) as f
            from read_csv(
                '{pattern}', columns = {{line: 'varchar'}}, delim = '\U0010ffff', quote = '',
                escape = '', header = false, auto_detect = false, new_line = '\\n',
                strict_mode = false, max_line_size = 16777216
            )
            where json_valid(line)
        )
        where f[1] is not null and try_cast(f[2] as bigint) is not null
        order by all
        """
    try:
        con.execute(known)
    except duckdb.Error as error:
        raise UserError(
            f"{root / table.location}: a file of an earlier landing cannot be read"
            f" ({tabular.first_line(error)}); run `lake land check`, then this again"
        ) from error


def nothing_known(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table `known` empty."""
    con.execute(
        "create or replace temp table known"
        " (key varchar, lsn bigint, value varchar, created_at timestamp)"
    )


def value_changes(seen: str) -> str:
    """Return the query of the changes of one value over time, given what is `known`.

    `seen` is a relation of the observations, one per key and lsn: key, lsn, changed_at
    (timestamp), value (NULL: nothing new), fallback (for the first change, where value is NULL).
    The query gives key, lsn, changed_at, value, created_at (of the key) and operation (c or u),
    only for what `seen` holds and only where the value changed.
    """
    return f"""
        with everything as (
            select key, lsn, changed_at, value, fallback, cast(null as timestamp) as created_at,
                true as is_seen
            from {seen}
            union all
            select known.key, known.lsn, null, known.value, known.value, known.created_at, false
            from known
            anti join {seen} as seen on known.key = seen.key and known.lsn = seen.lsn
            semi join {seen} as same on known.key = same.key
        ),
        numbered as (
            select *, row_number() over (partition by key order by lsn) as number
            from everything
        ),
        told as (
            select *, case when number = 1 then coalesce(value, fallback) else value end as news
            from numbered
        ),
        filled as (
            select key, lsn, changed_at, news, number, is_seen,
                last_value(news ignore nulls) over (
                    partition by key order by lsn
                    rows between unbounded preceding and 1 preceding
                ) as before,
                first_value(coalesce(created_at, changed_at)) over (
                    partition by key order by lsn
                ) as first_at
            from told
        )
        select key, lsn, changed_at, news as value, first_at as created_at,
            case when number = 1 then 'c' else 'u' end as operation
        from filled
        where is_seen and (number = 1 or (news is not null and news is distinct from before))
    """


def _struct(fields: dict[str, str]) -> str:
    return "{" + ", ".join(f"'{name}': {sql}" for name, sql in fields.items()) + "}"
