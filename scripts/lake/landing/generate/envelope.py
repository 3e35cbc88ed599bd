"""The Debezium envelope around the image of a row."""

import numpy as np
import pyarrow as pa

from lake.landing.generate.draws import Column
from lake.landing.generate.events import Events
from lake.landing.generate.period import EPOCH_MS, words
from lake.landing.generate.template import concat

_OPEN = ['},"value":{"before":null,"after":{', '},"value":{"before":{']
_CLOSE = ["}", '},"after":null']
_OPS = ["c", "u", "d", "r", "d"]


def envelope_texts(table: str, events: Events) -> dict[str, pa.Array]:
    """Return the columns that `change_line` needs besides those of the image."""
    deleted = (events["op"] % 2 == 0) & (events["op"] > 0)
    closes = pa.array(f'{close},"source":{{"table":"{table}","lsn":' for close in _CLOSE)
    ends = pa.array(f'}},"op":"{op}","ts_ms":' for op in _OPS)
    return {
        "image_open": words(deleted, pa.array(_OPEN)),
        "image_close": words(deleted, closes),
        "op_text": words(events["op"], ends),
        "lsn": pa.array(events["lsn"]),
        "committed": pa.array(events["at"] + EPOCH_MS),
        "seen": pa.array(events["at"] + EPOCH_MS + _delay(events["lsn"])),
    }


def change_line(key: str, image: str) -> str:
    """Return the SQL of a change from the templates of its key and its row."""
    return concat(
        f'{{"key":{{{key}<image_open>{image}<image_close><lsn>,"ts_ms":<committed><op_text><seen>}}}}\n'
    )


def tombstone(delete: bytes) -> bytes:
    """Return the line that follows the line of a delete: its key without a value."""
    return delete[: delete.index(b',"value":')] + b',"value":null}\n'


def _delay(lsn: Column) -> Column:
    """Return the ms between a commit and its capture, 80 to 591."""
    return 80 + ((lsn // 64 * 40_503) & 511).astype(np.int64)
