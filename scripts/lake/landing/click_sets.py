"""The published clickstreams: the forms of their files, and the SQL of an event from a row.

None of them names its events. The key of an event is the hash of its row, with a number behind it
where equal rows come again in one file: shops do see the same click twice in a second.
"""

from dataclasses import dataclass

from lake.landing.cdc import iso
from lake.landing.tabular import Form

_KINDS = {
    "view": "product_view",
    "cart": "add_to_cart",
    "addtocart": "add_to_cart",
    "remove_from_cart": "remove_from_cart",
    "purchase": "purchase",
    "transaction": "purchase",
}
_FIELDS = (
    "event_id", "event_time", "event_type", "user_id", "anonymous_id", "user_session", "channel",
    "page", "product_id", "order_id", "device", "country", "referrer", "user_agent", "ip",
)  # fmt: skip


@dataclass(frozen=True)
class ClickForm:
    """A kind of file: its columns, the SQL of the time, and the SQL of fields of the event.

    `time` is a UTC timestamp, NULL where `time_text` cannot be read. `headless` are the columns of
    a file that is published without a header line.
    """

    form: Form
    time_text: str
    time: str
    fields: dict[str, str]
    headless: tuple[str, ...] = ()

    def stamped(self) -> str:
        """Return the query of all rows with time, day of arrival, hash and number among equals.

        A row without a time arrives on the first day of its file.
        """
        columns = ", ".join(f"coalesce({name}, '')" for name in self.form.columns)
        return f"""
            select
                timed.*,
                cast(coalesce(
                    happened_at, (select min({self.time}) from {self.form.name})
                ) as date) as arrival_date,
                row_number() over (partition by row_hash order by position) as copy
            from (
                select *, {self.time} as happened_at, md5(concat_ws('|', {columns})) as row_hash
                from {self.form.name}
            ) as timed
        """

    def clicks(self, prefix: str) -> str:
        """Return the query of arrival_date, position and line over the table `stamped`."""
        values = {
            "event_id": f"'{prefix}-' || row_hash || if(copy > 1, '-' || copy, '')",
            "event_time": f"coalesce({iso('happened_at')}, {self.time_text})",
            "channel": "'web'",
            **self.fields,
        }
        struct = ", ".join(
            f"'{name}': {values.get(name, 'cast(null as varchar)')}" for name in _FIELDS
        )
        return f"""
            select arrival_date, position, cast(to_json({{{struct}}}) as varchar) as line
            from stamped
            union all
            select (select min(arrival_date) from stamped), position,
                cast(to_json({{'error': error, 'raw': raw}}) as varchar)
            from {self.form.name}_broken
        """


def _kind(column: str) -> str:
    cases = " ".join(f"when '{theirs}' then '{ours}'" for theirs, ours in _KINDS.items())
    return f"case lower({column}) {cases} else {column} end"


def _columns(name: str, **columns: tuple[str, ...] | str) -> Form:
    return Form(name, {key: (each,) if isinstance(each, str) else each
                       for key, each in columns.items()})  # fmt: skip


_REES46 = ClickForm(
    _columns(
        "rees46", event_time="event_time", event_type="event_type", product_id="product_id",
        category_id="category_id", category_code="category_code", brand="brand", price="price",
        user_id="user_id", user_session="user_session",
    ),
    time_text="event_time",
    time="try_strptime(cell(event_time), ['%Y-%m-%d %H:%M:%S UTC', '%Y-%m-%d %H:%M:%S'])",
    fields={
        "event_type": _kind("cell(event_type)"),
        "user_id": "cell(user_id)",
        "user_session": "cell(user_session)",
        "product_id": "cell(product_id)",
    },
)  # fmt: skip
_RETAILROCKET = ClickForm(
    _columns(
        "retailrocket", time="timestamp", visitor="visitorid", event="event", item="itemid",
        transaction="transactionid",
    ),
    time_text="time",
    time="make_timestamp(try_cast(cell(time) as bigint) * 1000)",
    fields={
        "event_type": _kind("cell(event)"),
        "anonymous_id": "cell(visitor)",
        "product_id": "cell(item)",
        # Read from Parquet, a number with gaps has become a fraction.
        "order_id": "regexp_replace(cell(transaction), '[.]0$', '')",
    },
)  # fmt: skip
_ITEM = {
    "anonymous_id": "cell(session)",
    "user_session": "cell(session)",
    "product_id": "cell(item)",
}
_ISO_TIME = "try_strptime(cell(time), ['%Y-%m-%dT%H:%M:%S.%gZ', '%Y-%m-%dT%H:%M:%SZ'])"
_SESSION = ("session_id", "sessionid", "session id")
_CLICKS = ClickForm(
    _columns(
        "viewed", session=_SESSION, time="timestamp", item=("item_id", "itemid", "item id"),
        category="category",
    ),
    time_text="time",
    time=_ISO_TIME,
    fields={"event_type": "'product_view'", **_ITEM},
    headless=("session_id", "timestamp", "item_id", "category"),
)  # fmt: skip
_BUYS = ClickForm(
    _columns(
        "bought", session=_SESSION, time="timestamp", item=("item_id", "itemid", "item id"),
        price="price", quantity="quantity",
    ),
    time_text="time",
    time=_ISO_TIME,
    fields={"event_type": "'purchase'", **_ITEM},
    headless=("session_id", "timestamp", "item_id", "price", "quantity"),
)  # fmt: skip
# The form that papers on recommendations pass on: seconds since 1970, with decimals.
_PREPARED = ClickForm(
    _columns("prepared", session="sessionid", item="itemid", time="time"),
    time_text="time",
    time="make_timestamp(cast(round(try_cast(cell(time) as double) * 1000) as bigint) * 1000)",
    fields={"event_type": "'product_view'", **_ITEM},
)

# The forms of each set; the first whose columns a file has is its own.
SETS: dict[str, tuple[ClickForm, ...]] = {
    "rees46": (_REES46,),
    "retailrocket": (_RETAILROCKET,),
    "yoochoose": (_BUYS, _CLICKS, _PREPARED),
}
