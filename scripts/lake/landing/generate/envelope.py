"""The Debezium envelope around a row image, as arguments of SQL `concat`."""

import numpy as np
import pyarrow as pa

from lake.landing.generate.draws import Column
from lake.landing.generate.events import Events
from lake.landing.generate.period import EPOCH_MS, words

_OPEN = ['"value":{"before":null,"after":{', '"value":{"before":{']
_CLOSE = ['},"source":', '},"after":null,"source":']
_OPS = ["c", "u", "d", "r", "d"]


def envelope_texts(events: Events) -> dict[str, pa.Array]:
    """Return the columns that `change_line` needs besides those of the image."""
    deleted = (events["op"] % 2 == 0) & (events["op"] > 0)
    ends = pa.array([f'}},"op":"{op}","ts_ms":' for op in _OPS])
    return {
        "image_open": words(deleted, pa.array(_OPEN)),
        "image_close": words(deleted, pa.array(_CLOSE)),
        "op_text": words(events["op"], ends),
        "lsn": pa.array(events["lsn"]),
        "committed": pa.array(events["at"] + EPOCH_MS),
        "seen": pa.array(events["at"] + EPOCH_MS + _delay(events["lsn"])),
    }


def change_line(table: str, key: str, image: str) -> str:
    """Return the SQL of one line of `table`; `key` and `image` are arguments of concat."""
    return f"""concat('{{"key":{{', {key}, '}},', image_open, {image}, image_close,
        '{{"table":"{table}","lsn":', lsn, ',"ts_ms":', committed, op_text, seen, '}}}}\n')"""


def tombstone(delete: bytes) -> bytes:
    """Return the line that follows the line of a delete: its key without a value."""
    return delete[: delete.index(b',"value":')] + b',"value":null}\n'


def _delay(lsn: Column) -> Column:
    """Return the ms between a commit and its capture, 80 to 591."""
    return 80 + ((lsn // 64 * 40_503) & 511).astype(np.int64)
