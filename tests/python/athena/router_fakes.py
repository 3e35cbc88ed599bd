"""Small fakes of what the router is given: a catalogue, an engine that listens, objects."""

from copy import deepcopy
from dataclasses import dataclass, field
from types import SimpleNamespace

from lake.athena.errors import AthenaFailure
from lake.athena.outcome import Column
from lake.athena.router import Context, execute
from lake.athena.sql.hive_table import table_input
from lake.athena.sql.statements import parse


class FakeCatalog:
    """Databases and tables in dictionaries."""

    def __init__(self):
        self.tables_by_database = {"d": {}}
        self.parameters = {}
        self.partition_rows = {}

    def databases(self):
        return list(self.tables_by_database)

    def has_database(self, name):
        return name in self.tables_by_database

    def create_database(self, name, comment=None, location=None, parameters=None):
        self.tables_by_database[name] = {}
        self.parameters[name] = (comment, location, dict(parameters or {}))

    def set_database_parameters(self, name, parameters):
        self.parameters[name] = (None, None, dict(parameters))

    def drop_database(self, name):
        del self.tables_by_database[name]

    def table(self, db, name):
        return deepcopy(self.tables_by_database[db].get(name))

    def tables(self, db):
        return deepcopy(list(self.tables_by_database[db].values()))

    def create_table(self, db, table_input):
        self.tables_by_database[db][table_input["Name"]] = table_input

    def update_table(self, db, name, change):
        self.tables_by_database[db][name] = change(self.table(db, name))

    def drop_table(self, db, name):
        del self.tables_by_database[db][name]

    def partitions(self, db, name):
        return [
            {"Values": list(values), "StorageDescriptor": {"Location": location}}
            for values, location in self.partition_rows.get((db, name), {}).items()
        ]

    def create_partition(self, db, name, values, location=None):
        self.partition_rows.setdefault((db, name), {})[tuple(values)] = location

    def drop_partition(self, db, name, values):
        del self.partition_rows[db, name][tuple(values)]


@dataclass
class FakeEngine:
    """Notes each statement; answers with what stands behind the first text found in it."""

    answers: dict = field(default_factory=dict)
    statements: list = field(default_factory=list)
    sessions: list = field(default_factory=list)
    catalogs: list = field(default_factory=list)

    def __call__(self, sql, *, catalog="awsdatacatalog", schema=None, session=None):
        self.statements.append(sql)
        self.sessions.append(dict(session or {}))
        self.catalogs.append(catalog)
        for text, answer in self.answers.items():
            if text in sql:
                if callable(answer):
                    answer = answer(sql)  # noqa: PLW2901  a function gives the answer
                if isinstance(answer, AthenaFailure):
                    raise answer
                return answer
        return rows_of()


def rows_of(*rows, names=("a",), count=None):
    """Return a result of the engine."""
    columns = [{"name": name} for name in names]
    return SimpleNamespace(columns=columns, rows=[list(row) for row in rows], update_count=count)


class FakeStorage:
    """Objects in a dictionary."""

    def __init__(self):
        self.objects = {}

    def put(self, uri, data):
        self.objects[uri] = data

    def keys(self, uri_prefix):
        return [uri for uri in self.objects if uri.startswith(uri_prefix)]


class FakeEncoding:
    """Every column is a varchar."""

    def columns(self, result):
        return [Column(column["name"], "varchar") for column in result.columns]

    def rows(self, result):
        return [[None if v is None else str(v) for v in row] for row in result.rows]


@dataclass
class World:
    """A router with its fakes."""

    catalog: FakeCatalog = field(default_factory=FakeCatalog)
    engine: FakeEngine = field(default_factory=FakeEngine)
    storage: FakeStorage = field(default_factory=FakeStorage)
    prepared: dict = field(default_factory=dict)

    def context(self, parameters=(), database="d"):
        return Context(
            database=database,
            output_location="s3://results/out/",
            query_id="q-1",
            catalog=self.catalog,
            engine=self.engine,
            storage=self.storage,
            encoding=FakeEncoding(),
            prepared=self.prepared,
            parameters=parameters,
        )

    def run(self, sql, parameters=()):
        return execute(sql, self.context(parameters))

    def reason(self, sql, parameters=()):
        """Return why a statement fails."""
        try:
            self.run(sql, parameters)
        except AthenaFailure as failure:
            return failure.reason
        raise AssertionError(f"did not fail: {sql}")

    def texts(self, sql):
        """Return the first column of a statement's rows."""
        return [row[0] for row in self.run(sql).rows]

    def add_hive(self, name, columns="id int, name string", keys="", more=""):
        partitioned = f"partitioned by ({keys})" if keys else ""
        statement = parse(
            f"create external table {name} ({columns}) {partitioned} {more} "
            f"location 's3://lake/{name}/'"
        )
        self.catalog.create_table("d", {**table_input(statement), "DatabaseName": "d"})

    def add_iceberg(self, name, columns="id int, name string", **parameters):
        self.add_hive(name, columns)
        table = self.catalog.tables_by_database["d"][name]
        table["Parameters"] = {"table_type": "ICEBERG", **parameters}

    def add_view(self, name, text="/* Presto View: e30= */"):
        self.add_hive(name)
        table = self.catalog.tables_by_database["d"][name]
        table.update(TableType="VIRTUAL_VIEW", ViewOriginalText=text)
