"""Tables as Glue keeps them: made from CREATE EXTERNAL TABLE, and written as Hive DDL again."""

from typing import Any, NamedTuple

from lake.athena.sql.kinds import ColumnDefinition, CreateTable
from lake.athena.sql.quoting import hive_name, hive_string
from lake.athena.sql.refused import failed

GlueTable = dict[str, Any]


class Classes(NamedTuple):
    """The Java classes of a file format."""

    input_format: str
    output_format: str
    serde: str


_HADOOP, _QL, _SERDE2 = (
    "org.apache.hadoop.mapred.",
    "org.apache.hadoop.hive.ql.io.",
    "org.apache.hadoop.hive.serde2.",
)
_TEXT = Classes(
    f"{_HADOOP}TextInputFormat",
    f"{_QL}HiveIgnoreKeyTextOutputFormat",
    f"{_SERDE2}lazy.LazySimpleSerDe",
)
_FORMATS = {
    "TEXTFILE": _TEXT,
    "JSONFILE": _TEXT._replace(serde="org.apache.hive.hcatalog.data.JsonSerDe"),
    "SEQUENCEFILE": Classes(
        f"{_HADOOP}SequenceFileInputFormat", f"{_QL}HiveSequenceFileOutputFormat", _TEXT.serde
    ),
    "RCFILE": Classes(
        f"{_QL}RCFileInputFormat",
        f"{_QL}RCFileOutputFormat",
        f"{_SERDE2}columnar.LazyBinaryColumnarSerDe",
    ),
    "ORC": Classes(f"{_QL}orc.OrcInputFormat", f"{_QL}orc.OrcOutputFormat", f"{_QL}orc.OrcSerde"),
    "PARQUET": Classes(
        f"{_QL}parquet.MapredParquetInputFormat",
        f"{_QL}parquet.MapredParquetOutputFormat",
        f"{_QL}parquet.serde.ParquetHiveSerDe",
    ),
    "AVRO": Classes(
        f"{_QL}avro.AvroContainerInputFormat",
        f"{_QL}avro.AvroContainerOutputFormat",
        f"{_SERDE2}avro.AvroSerDe",
    ),
}
_NOT_SHOWN = ("EXTERNAL", "comment")


def table_input(table: CreateTable) -> GlueTable:
    """Return the TableInput of a Hive table, as glue:CreateTable takes it.

    Raises:
        AthenaFailure: the format is unknown.
    """
    parameters = {"EXTERNAL": "TRUE", **table.properties}
    made: GlueTable = {
        "Name": table.name.table,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": parameters,
        "PartitionKeys": [glue_column(column) for column in table.partitioned_by],
        "StorageDescriptor": _storage(table),
    }
    if table.comment is not None:
        made["Description"] = parameters["comment"] = table.comment
    return made


def glue_column(column: ColumnDefinition) -> dict[str, str]:
    """Return a column as Glue has it."""
    made = {"Name": column.name, "Type": column.type}
    return made if column.comment is None else {**made, "Comment": column.comment}


def _storage(table: CreateTable) -> dict[str, Any]:
    classes = _classes(table)
    buckets = table.buckets
    properties = dict(table.row_format.properties)
    if table.row_format.serde is None and classes.serde == _TEXT.serde:
        properties.setdefault("serialization.format", properties.get("field.delim", "1"))
    elif not properties:
        properties["serialization.format"] = "1"
    return {
        "Columns": [glue_column(column) for column in table.columns],
        "Location": table.location,
        "InputFormat": classes.input_format,
        "OutputFormat": classes.output_format,
        "Compressed": False,
        "NumberOfBuckets": buckets.count if buckets else -1,
        "SerdeInfo": {"SerializationLibrary": classes.serde, "Parameters": properties},
        "BucketColumns": list(buckets.columns) if buckets else [],
        "SortColumns": [
            {"Column": column, "SortOrder": int(order == "ASC")}
            for column, order in (buckets.sorted_by if buckets else ())
        ],
        "Parameters": {},
        "StoredAsSubDirectories": False,
    }


def _classes(table: CreateTable) -> Classes:
    stored, serde = table.file_format, table.row_format.serde
    if stored.input_format and stored.output_format:
        return Classes(stored.input_format, stored.output_format, serde or _TEXT.serde)
    if stored.name not in _FORMATS:
        raise failed(
            f"SemanticException Unrecognized file format in STORED AS clause: {stored.name}"
        )
    classes = _FORMATS[stored.name]
    return classes._replace(serde=serde) if serde else classes


def create_statement(table: GlueTable) -> str:
    """Return SHOW CREATE TABLE of a Hive table: several lines of Hive DDL, as Athena writes it."""
    storage = table.get("StorageDescriptor") or {}
    serde = storage.get("SerdeInfo") or {}
    parameters = table.get("Parameters") or {}
    comment = table.get("Description") or parameters.get("comment")
    shown = {key: parameters[key] for key in sorted(parameters) if key not in _NOT_SHOWN}
    return "".join(
        (
            f"CREATE EXTERNAL TABLE {hive_name(table['Name'])}(\n",
            _columns(storage.get("Columns") or []),
            f"COMMENT {hive_string(comment)}\n" if comment else "",
            _partitions(table.get("PartitionKeys") or []),
            _buckets(storage),
            f"ROW FORMAT SERDE \n  {hive_string(serde.get('SerializationLibrary', ''))} \n",
            _properties("WITH SERDEPROPERTIES", serde.get("Parameters") or {}),
            f"STORED AS INPUTFORMAT \n  {hive_string(storage.get('InputFormat', ''))} \n",
            f"OUTPUTFORMAT \n  {hive_string(storage.get('OutputFormat', ''))}\n",
            f"LOCATION\n  {hive_string(storage.get('Location', ''))}\n",
            _properties("TBLPROPERTIES", shown),
        )
    ).rstrip("\n")


def _column(column: dict[str, str]) -> str:
    comment = column.get("Comment")
    tail = f" COMMENT {hive_string(comment)}" if comment else ""
    return f"  {hive_name(column['Name'])} {column['Type']}{tail}"


def _columns(columns: list[dict[str, str]]) -> str:
    return ", \n".join(_column(column) for column in columns) + ")\n"


def _partitions(keys: list[dict[str, str]]) -> str:
    return f"PARTITIONED BY ( \n{_columns(keys)}" if keys else ""


def _buckets(storage: dict[str, Any]) -> str:
    names = storage.get("BucketColumns") or []
    if not names:
        return ""
    ordered = [
        f"{hive_name(column['Column'])} {'ASC' if column.get('SortOrder', 1) else 'DESC'}"
        for column in storage.get("SortColumns") or []
    ]
    lines = ["CLUSTERED BY ( ", "  " + ", ".join(hive_name(name) for name in names) + ") "]
    if ordered:
        lines += ["SORTED BY ( ", "  " + ", ".join(ordered) + ") "]
    return "\n".join((*lines, f"INTO {storage['NumberOfBuckets']} BUCKETS", ""))


def _properties(clause: str, properties: dict[str, str]) -> str:
    if not properties:
        return ""
    lines = ", \n".join(
        f"  {hive_string(key)}={hive_string(value)}" for key, value in properties.items()
    )
    return f"{clause} (\n{lines})\n" if clause == "TBLPROPERTIES" else f"{clause} ( \n{lines}) \n"
