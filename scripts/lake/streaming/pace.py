"""At what rate a replay sends."""

import time

_TICK_SECONDS = 0.05
_CHUNK_RECORDS = 2_000


class Pace:
    """When the next records are due, at `rate` records a second; 0 is as fast as it goes."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._begun = time.monotonic()
        self._given = 0

    @property
    def chunk(self) -> int:
        """Return how many records to take at once: what is due in one tick, within reason."""
        if not self._rate:
            return _CHUNK_RECORDS
        return max(1, min(_CHUNK_RECORDS, int(self._rate * _TICK_SECONDS)))

    def due(self, records: int) -> list[float]:
        """Wait until the next `records` are due; return the moment (monotonic) each of them was.

        A latency counts from that moment, not from when the sender came to it: else a sender that
        falls behind would look fast.
        """
        if not self._rate:
            return [time.monotonic()] * records
        first = self._given + 1
        self._given += records
        moments = [self._begun + number / self._rate for number in range(first, self._given + 1)]
        wait = moments[-1] - time.monotonic() if moments else 0.0
        if wait > 0:
            time.sleep(wait)
        return moments
