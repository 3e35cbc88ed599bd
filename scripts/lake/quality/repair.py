"""A repaired copy of a quarantined record; the record itself is never edited."""

import difflib
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import fastavro

from lake.errors import UserError
from lake.quality.quarantined import (
    AVRO_FIELDS,
    Quarantined,
    avro_id,
    is_avro,
    landed_avro,
    landed_text,
)

# Where a field given by its name alone is looked for, in this order; "" is the record itself.
IMAGES = ("value.after", "value.before", "record", "")
NUMBER = "\x00number:"


@dataclass(frozen=True)
class Repaired:
    """A repaired record, ready to land: its id, its file's bytes and ending, the difference."""

    record_id: str
    content: bytes
    ending: str
    diff: list[str]


def repair(
    root: Path, record: Quarantined, changes: list[str], replacement: Path | None
) -> Repaired:
    """Return the repaired copy of a record, by changes or by a file that replaces it.

    Raises:
        UserError: the repair is not possible, or changes nothing.
    """
    given = _read_object(replacement) if replacement else None
    if is_avro(record):
        old, schema, codec = landed_avro(root, record)
        if given is not None:
            new = check_avro(record.source, given)
        else:
            new = repair_avro(record.source, old, schema, changes)
        content, ending = avro_file(record.source, schema, codec, new), ".avro"
        before, after = (json.dumps(fields, ensure_ascii=False) for fields in (old, new))
        new_id = avro_id(record.source, new)
    else:
        before = landed_text(root, record)
        after = dump(given) if given is not None else repair_line(before, changes)
        content, ending = after.encode() + b"\n", ".json"
        if record.file.endswith(".gz"):
            content, ending = gzip.compress(content, mtime=0), ".json.gz"
        new_id = hashlib.md5(after.encode()).hexdigest()
    if new_id == record.record_id or (parse(before) is not None and parse(before) == parse(after)):
        raise UserError("the repair changes nothing, so the record would be quarantined again")
    return Repaired(new_id, content, ending, diff(before, after))


def repair_line(text: str, changes: list[str]) -> str:
    """Return the line with each `PATH=VALUE` of `changes` set, as one line of JSON.

    A PATH is a JSON path below the record (`value.after.status`), or the name of a field. A name
    that is also part of the key of a change is set in both places. A field that holds text gets
    VALUE as text; any other takes `null`, `true`, `false`, whole numbers and quoted texts as JSON.

    Raises:
        UserError: the line is no JSON object, or a path is not in it.
    """
    record = parse(text)
    if record is None:
        raise UserError("the record is no JSON object, so no field can be set; use --file instead")
    for change in changes:
        path, value = split_change(change)
        for steps in resolve(record, path):
            holder = _holder(record, steps, path)
            holder[steps[-1]] = parse_value(value, holder.get(steps[-1]))
    return dump(record)


def repair_avro(
    source: str, fields: dict[str, Any], schema: dict[str, Any], changes: list[str]
) -> dict[str, Any]:
    """Return the fields of an Avro record with each `FIELD=VALUE` of `changes` set.

    Raises:
        UserError: a field is unknown, or a value is not of its type.
    """
    types = {field["name"]: field["type"] for field in schema["fields"]}
    repaired = dict(fields)
    for change in changes:
        name, value = split_change(change)
        repaired[name] = _typed(name, value, types.get(name, "string"))
    return check_avro(source, repaired)


def _typed(name: str, value: str, kind: Any) -> Any:
    """Return a value in the type of its Avro field; `kind` is a type, or a list of them."""
    kinds = set(kind if isinstance(kind, list) else [kind])
    if value == "null":
        return None
    if kinds & {"int", "long"}:
        if not re.fullmatch(r"[-+]?[0-9]+", value):
            raise UserError(f"{name} is a whole number, not '{value}'")
        return int(value)
    if "boolean" in kinds:
        if value not in ("true", "false"):
            raise UserError(f"{name} is true, false or null, not '{value}'")
        return value == "true"
    return value


def check_avro(source: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return `fields` in the order of the source, if each is known.

    Raises:
        UserError: a field is unknown.
    """
    known = AVRO_FIELDS[source]
    unknown = sorted(set(fields) - set(known))
    if unknown:
        raise UserError(f"{source} has no field {unknown[0]}; its fields: {', '.join(known)}")
    return {name: fields.get(name) for name in known}


def avro_file(source: str, schema: dict[str, Any], codec: str, fields: dict[str, Any]) -> bytes:
    """Return an Avro file of one record, the same bytes for the same record.

    Raises:
        UserError: a value is not of its type.
    """
    content = BytesIO()
    marker = bytes.fromhex(avro_id(source, fields))
    try:
        fastavro.writer(content, schema, [fields], codec=codec, sync_marker=marker)
    except (ValueError, TypeError) as error:
        raise UserError(f"the repaired record does not fit its Avro schema: {error}") from error
    return content.getvalue()


def parse(text: str) -> dict[str, Any] | None:
    """Return a line as a JSON object, fractions kept as written; None if it is none."""
    try:
        record = json.loads(text, parse_float=lambda number: NUMBER + number)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def dump(record: dict[str, Any], indent: int | None = None) -> str:
    """Return a JSON object as text: the reverse of `parse`."""
    separators = None if indent else (",", ":")
    text = json.dumps(record, ensure_ascii=False, indent=indent, separators=separators)
    if any("\ud800" <= character <= "\udfff" for character in text):
        text = json.dumps(record, indent=indent, separators=separators)
    return re.sub(r'"\\u0000number:([^"]*)"', r"\1", text)


def split_change(change: str) -> tuple[str, str]:
    """Split `PATH=VALUE` at its first equals sign."""
    path, sign, value = change.partition("=")
    if not sign or not path.strip():
        raise UserError(f"'{change}' is no PATH=VALUE; e.g. --set value.after.status=paid")
    return path.strip().removeprefix("$."), value


def resolve(record: dict[str, Any], path: str) -> list[list[str]]:
    """Return the places that a path or a bare field name stands for.

    Raises:
        UserError: no part of the record has a field of that name.
    """
    if "." in path:
        return [path.split(".")]
    places = []
    if isinstance(record.get("key"), dict) and path in record["key"]:
        places.append(["key", path])
    for image in IMAGES:
        steps = [*image.split("."), path] if image else [path]
        holder = _below(record, steps[:-1])
        if isinstance(holder, dict) and path in holder:
            return [*places, steps]
    if places:
        return places
    raise UserError(
        f"the record has no field {path}; to add one, give its whole path, "
        f"e.g. --set value.after.{path}=…"
    )


def parse_value(value: str, old: Any) -> Any:
    """Return VALUE as JSON, or as text where the field holds text or the value is no JSON."""
    if value == "null":
        return None
    is_quoted = len(value) > 1 and value[0] == value[-1] == '"'
    is_text = isinstance(old, str) and not old.startswith(NUMBER)
    if is_text and not is_quoted:
        return value
    if isinstance(old, str) and not is_text and re.fullmatch(r"-?[0-9]+\.[0-9]+", value):
        return NUMBER + value
    if is_quoted or value in ("true", "false") or re.fullmatch(r"-?(0|[1-9][0-9]*)", value):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def diff(before: str, after: str) -> list[str]:
    """Return the lines that differ, with some around them; `-` is the old record, `+` the new."""
    old, new = (pretty(text).splitlines() for text in (before, after))
    return list(difflib.unified_diff(old, new, "quarantined", "repaired", lineterm="", n=2))


def pretty(text: str) -> str:
    """Return a line of JSON over several lines, any other text as it is."""
    record = parse(text)
    return text if record is None else dump(record, indent=2)


def _below(record: Any, steps: list[str]) -> Any:
    for step in steps:
        record = record.get(step) if isinstance(record, dict) else None
    return record


def _holder(record: dict[str, Any], steps: list[str], path: str) -> dict[str, Any]:
    holder = _below(record, steps[:-1])
    if not isinstance(holder, dict):
        raise UserError(f"the record has no {'.'.join(steps[:-1])}, so {path} cannot be set")
    return holder


def _read_object(path: Path) -> dict[str, Any]:
    try:
        record = parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read: {error}") from error
    if record is None:
        raise UserError(f"{path} holds no JSON object; it must hold the whole repaired record")
    return record
