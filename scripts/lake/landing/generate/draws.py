"""Random numbers without state: every draw is a hash of seed, purpose and the entity's number."""

from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Column = npt.NDArray[Any]

_BLOCK = 1 << 16


class Draws:
    """The draws of one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._salts: dict[str, np.uint64] = {}

    def bits(self, ids: Column, purpose: str) -> npt.NDArray[np.uint64]:
        """Return 32 random bits for each id: splitmix64 of the id under a salt for the purpose."""
        salt = self._salts.get(purpose)
        if salt is None:
            digest = blake2b(f"{self._seed}:{purpose}".encode(), digest_size=8).digest()
            salt = self._salts[purpose] = np.uint64(int.from_bytes(digest, "little"))
        mixed = np.empty(len(ids), dtype=np.uint64)
        for start in range(0, len(ids), _BLOCK):  # blocks that stay in the cache of a core
            part = ids[start : start + _BLOCK].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
            part += salt
            part ^= part >> np.uint64(30)
            part *= np.uint64(0xBF58476D1CE4E5B9)
            part ^= part >> np.uint64(27)
            part *= np.uint64(0x94D049BB133111EB)
            mixed[start : start + _BLOCK] = part >> np.uint64(32)
        return mixed

    def below(self, ids: Column, purpose: str, limit: int | Column) -> Ints:
        """Return a number in [0, limit) for each id; `limit` is at most 2^31, one or one per id."""
        wide = np.asarray(limit).astype(np.uint64)
        return ((self.bits(ids, purpose) * wide) >> np.uint64(32)).astype(np.int64)

    def between(self, ids: Column, purpose: str, low: int, high: int) -> Ints:
        """Return a number in [low, high) for each id."""
        return low + self.below(ids, purpose, high - low)

    def chance(self, ids: Column, purpose: str, per_million: int) -> Flags:
        """Return true for about `per_million` of a million ids."""
        return self.below(ids, purpose, 1_000_000) < per_million

    def pick(self, ids: Column, purpose: str, slots: Column) -> Ints:
        """Return one entry of `slots` for each id; entries that stand there often come often."""
        return slots[self.below(ids, purpose, len(slots))].astype(np.int64)


def slots(weights: list[float], size: int = 4096) -> Column:
    """Return `size` indices in which index i occurs in proportion to `weights[i]`."""
    total = sum(weights)
    bounds = [0]
    running = 0.0
    for weight in weights:
        running += weight
        bounds.append(round(size * running / total))
    return np.repeat(np.arange(len(weights), dtype=np.int32), np.diff(bounds))
