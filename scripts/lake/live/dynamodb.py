"""Reads a DynamoDB table through its API."""

import json
from collections.abc import Iterator
from typing import Any


def dynamodb_items(table: str) -> list[str]:
    """Return every item of a DynamoDB table as JSON text, numbers as text as DynamoDB keeps them.

    Where the table lives is the standard configuration of AWS clients (AWS_ENDPOINT_URL,
    AWS_REGION, credentials).

    Raises:
        botocore.exceptions.ClientError: no such table, or no right to read it.
    """
    import boto3  # noqa: PLC0415  only a build that reads DynamoDB loads it

    client = boto3.client("dynamodb")
    pages = client.get_paginator("scan").paginate(TableName=table)
    items: Iterator[Any] = (item for page in pages for item in page["Items"])
    return [json.dumps({name: plain(value) for name, value in item.items()}) for item in items]


def plain(value: dict[str, Any]) -> Any:
    """Return an attribute, `{"S": "text"}` and the like, as JSON takes it; NULL as None."""
    kind, content = next(iter(value.items()))
    if kind == "NULL":
        return None
    if kind == "M":
        return {name: plain(inner) for name, inner in content.items()}
    if kind == "L":
        return [plain(inner) for inner in content]
    return content
