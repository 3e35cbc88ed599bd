"""What one local Athena is started with; handed from its control to its service as JSON."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACCOUNT = "123456789012"
ENGINE_KEY = "trino"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Ports, folders and limits of one local Athena.

    `home` holds what may be lost (spilled objects, logs, Trino's data), `persist` what must
    survive a restart; without it every start is empty. `keep_queries` and `keep_hours` bound how
    many finished statements stay known and for how long; `keep_rows` bounds the result rows held
    in memory over all of them. `heap` is Trino's largest heap as the JVM writes it (`3G`);
    `optimize` lets Java compile for long queries, which costs every start and short query.
    """

    port: int = 4566
    trino_port: int = 8481
    home: Path
    persist: Path | None = None
    region: str = "us-east-1"
    buckets: tuple[str, ...] = ("lake", "athena-results")
    heap: str = "3G"
    optimize: bool = False
    workers: int = 24
    keep_queries: int = 5000
    keep_hours: float = 24.0
    keep_rows: int = 2_000_000

    @property
    def url(self) -> str:
        """The address that clients put into AWS_ENDPOINT_URL."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def trino_url(self) -> str:
        """The address of the engine, for the service alone."""
        return f"http://127.0.0.1:{self.trino_port}"

    @property
    def spill(self) -> Path:
        """The folder of objects that are not kept over a restart."""
        return self.home / "objects"

    def to_json(self) -> str:
        """The settings as one JSON object."""
        fields = dict(vars(self))
        fields["home"] = str(self.home)
        fields["persist"] = None if self.persist is None else str(self.persist)
        fields["buckets"] = list(self.buckets)
        return json.dumps(fields, indent=2)

    @classmethod
    def from_json(cls, text: str) -> "Settings":
        """The settings that `to_json` wrote; TypeError when a key is unknown."""
        fields: dict[str, Any] = json.loads(text)
        persist = fields.get("persist")
        return cls(
            **fields
            | {
                "home": Path(fields["home"]),
                "persist": None if persist is None else Path(persist),
                "buckets": tuple(fields.get("buckets", ("lake", "athena-results"))),
            }
        )
