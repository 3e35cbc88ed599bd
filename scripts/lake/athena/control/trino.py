"""Trino's configuration and command line, from the settings of one local Athena."""

from pathlib import Path

from lake.athena.control.install import PLUGINS
from lake.athena.settings import ENGINE_KEY, Settings

HIVE = "awsdatacatalog"
ICEBERG = "awsdatacatalog_iceberg"

CONFIG = """\
coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port={trino_port}
http-server.log.enabled=false
discovery.uri={trino_url}
catalog.management=static
web-ui.enabled=false
query.max-memory={query_memory}MB
query.max-memory-per-node={query_memory}MB
memory.heap-headroom-per-node={headroom}MB
query.max-length=4000000
query.max-history=50
query.min-expire-age=10s
"""

GLUE_AND_S3 = """\
hive.metastore.glue.region={region}
hive.metastore.glue.endpoint-url={url}
hive.metastore.glue.aws-access-key={key}
hive.metastore.glue.aws-secret-key={key}
hive.metastore.glue.default-warehouse-dir=s3://{bucket}/warehouse
fs.native-s3.enabled=true
s3.endpoint={url}
s3.region={region}
s3.path-style-access=true
s3.aws-access-key={key}
s3.aws-secret-key={key}
"""

# One segment: the emulated Glue ignores segments and would give every partition once for each.
# No statistics: the emulated Glue keeps none. Few threads list folders: with Trino's thousand, a
# scan of thousands of projected days waits for a connection until it fails.
HIVE_CATALOG = f"""\
connector.name=hive
hive.metastore=glue
hive.metastore.glue.partitions-segments=1
hive.non-managed-table-writes-enabled=true
hive.partition-projection-enabled=true
hive.iceberg-catalog-name={ICEBERG}
hive.collect-column-statistics-on-write=false
hive.table-statistics-enabled=false
hive.recursive-directories=true
hive.split-loader-concurrency=8
hive.max-split-iterator-threads=32
"""

# The cache writes columns and location into the Glue table; without it `dbt docs generate` fails.
# Extended statistics would cost a second commit at every write.
ICEBERG_CATALOG = f"""\
connector.name=iceberg
iceberg.catalog.type=glue
iceberg.hive-catalog-name={HIVE}
iceberg.file-format=PARQUET
iceberg.glue.cache-table-metadata=true
iceberg.extended-statistics.enabled=false
iceberg.expire-snapshots.min-retention=0s
iceberg.remove-orphan-files.min-retention=0s
"""

LOG_LEVELS = """\
io.trino=WARN
io.trino.memory=ERROR
io.airlift=WARN
Bootstrap=WARN
org.apache.iceberg=WARN
org.eclipse.jetty=WARN
org.hibernate=WARN
"""

JVM = (
    "-server",
    "-XX:+UseSerialGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:ReservedCodeCacheSize=256M",
    "-XX:+EnableDynamicAgentLoading",
    "-Djdk.attach.allowAttachSelf=true",
    "-Dfile.encoding=UTF-8",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
)


# Measured with the project: the start takes 26 instead of 47 CPU seconds, a build of 60 models on
# little data 119 instead of 140.
QUICK = ("-XX:TieredStopAtLevel=1",)


def write_configuration(settings: Settings) -> Path:
    """Write Trino's files below the home of the settings; return their folder."""
    folder = settings.home / "trino"
    catalogs = folder / "catalog"
    catalogs.mkdir(parents=True, exist_ok=True)
    heap = megabytes(settings.heap)
    config = CONFIG.format(
        trino_port=settings.trino_port,
        trino_url=settings.trino_url,
        query_memory=heap * 6 // 10,
        headroom=heap * 3 // 10,
    )
    shared = GLUE_AND_S3.format(
        region=settings.region, url=settings.url, key=ENGINE_KEY, bucket=settings.buckets[0]
    )
    (folder / "config.properties").write_text(config, encoding="utf-8")
    (folder / "log.properties").write_text(LOG_LEVELS, encoding="utf-8")
    for name, own in ((HIVE, HIVE_CATALOG), (ICEBERG, ICEBERG_CATALOG)):
        (catalogs / f"{name}.properties").write_text(own + shared, encoding="utf-8")
    return folder


def command(settings: Settings, java: Path, trino: Path) -> list[str]:
    """Return the command line that starts Trino with the files of `write_configuration`.

    `java` is the executable, `trino` the folder of the unpacked server.
    """
    folder = settings.home / "trino"
    properties = {
        "node.environment": "local",
        "node.id": "local",
        "node.bind-ip": "127.0.0.1",
        "node.internal-address": "127.0.0.1",
        "node.data-dir": folder / "data",
        "config": folder / "config.properties",
        "log.levels-file": folder / "log.properties",
        "catalog.config-dir": folder / "catalog",
        "plugin.dir": folder / "plugin",
    }
    return [
        str(java),
        *JVM,
        *(() if settings.optimize else QUICK),
        f"-Xmx{settings.heap}",
        *(f"-D{name}={value}" for name, value in properties.items()),
        "-cp",
        f"{trino / 'lib'}/*",
        "io.trino.server.TrinoServer",
    ]


def link_plugins(settings: Settings, trino: Path) -> None:
    """Make the folder of plugins: the two that are needed, whatever else the server holds."""
    folder = settings.home / "trino" / "plugin"
    folder.mkdir(parents=True, exist_ok=True)
    for name in PLUGINS:
        link = folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(trino / "plugin" / name)


def megabytes(heap: str) -> int:
    """Return a heap size of the JVM (`3G`, `2500M`) in megabytes; 0 for anything else."""
    number, unit = heap[:-1], heap[-1:].upper()
    if not number.isdecimal() or unit not in ("G", "M"):
        return 0
    return int(number) * (1024 if unit == "G" else 1)
