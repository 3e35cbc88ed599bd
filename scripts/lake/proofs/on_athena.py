"""The engine of the proofs on Athena: a lake in S3, schemas of its own, a rebuild on DuckDB.

What the increments on Athena gave is compared with a rebuild on DuckDB, exactly as `lake parity`
compares: increments that equal it keep the promise, and the engines agree.
"""

import os
from pathlib import Path
from typing import Any, ClassVar

import duckdb

from lake.landing.report import steps
from lake.landing.upload import upload_lake
from lake.parity.athena import Athena
from lake.parity.profile import athena_target
from lake.parity.run import compare_all
from lake.proofs.compare import Comparison, Difference
from lake.proofs.engine import Build, Engine
from lake.proofs.schedule import FIRST_DAY
from lake.quality.screen import LAYERS
from lake.storage import Place, client, parse_place, remove, stored_objects

# The last day of the longest schedule; a wide projection would make each unfiltered scan slow.
LAST_DAY = "2025-04-30"


class AthenaEngine(Engine):
    """As Engine, with the schemas of one prefix in the place of a database."""

    threads = 4
    variables: ClassVar[dict[str, str]] = {
        "landing_start": FIRST_DAY.isoformat(),
        "landing_end": LAST_DAY,
    }

    def __init__(self, project: Path, home: Path, target: str) -> None:
        settings = athena_target(project, target)
        self._athena = Athena(settings)
        self._tables_place = parse_place(str(settings["s3_data_dir"]))
        super().__init__(project, home, target=target, prefix=f"prove_{os.getpid()}_")
        self.reference = Engine(project, home / "duckdb", prefix=self.prefix)

    def _seed(self) -> None:
        """Leave the seeds to each new database."""

    def new_database(self, folder: Path) -> Path:
        """Remove what the last schedule left in the schemas of this engine, and load the seeds."""
        self.clear()
        self._set(folder.parent / "lake", folder)
        self._invoke("seed")
        return folder

    def clear(self) -> None:
        """Drop the schemas of this engine and delete their files."""
        glue: Any = client("glue")
        s3: Any = client("s3")
        pages = glue.get_paginator("get_databases").paginate()
        found = {database["Name"] for page in pages for database in page["DatabaseList"]}
        places = [Place(self._tables_place.bucket, f"{self.prefix}lakes")]
        for name in (self.prefix + layer for layer in (*LAYERS, "landing")):
            if name in found:
                glue.delete_database(Name=name)
            places.append(Place(self._tables_place.bucket, self._tables_place.key(name)))
        for place in places:
            remove(s3, place, list(stored_objects(s3, place)))

    def build(
        self,
        lake: Path,
        database: Path,
        select: list[str] | None = None,
        replay_from: str | None = None,
        full_refresh: bool = False,
    ) -> Build:
        """Copy what is new in the lake to S3, and build from there."""
        if lake.is_dir():
            with steps(as_json=True) as quiet:
                upload_lake(lake, self._lake_place(lake), quiet)
        return super().build(lake, database, select, replay_from, full_refresh)

    def rebuild(self, lake: Path, database: Path, folder: Path) -> Path:
        """Build everything in the lake on DuckDB, in a new database."""
        rebuilt = self.reference.new_database(folder)
        self.reference.build(lake, rebuilt)
        return rebuilt

    def compare(self, database: Path, rebuilt: Path) -> Comparison:
        """Compare Athena's relations with those of a DuckDB database."""
        rows, differences = 0, []
        with duckdb.connect(str(rebuilt), read_only=True) as connection:
            connection.execute("load avro; set TimeZone = 'UTC'")
            found = [item for _, item in compare_all(self._athena, connection)]
        for item in found:
            rows += item.dev_rows
            if not item.holds:
                differences.append(
                    Difference(
                        item.relation,
                        item.only_athena,
                        item.only_dev,
                        tuple(item.sample_athena),
                        tuple(item.sample_dev),
                        "; ".join(item.notes),
                    )
                )
        return Comparison(len(found), rows, tuple(differences))

    def _lake_place(self, lake: Path) -> Place:
        return Place(self._tables_place.bucket, f"{self.prefix}lakes/{lake.parent.name}")

    def _set(self, lake: Path, database: Path) -> None:
        super()._set(lake, database)
        os.environ["LAKE_ROOT"] = str(self._lake_place(lake))
