"""Objects of S3, or of a stand-in behind `AWS_ENDPOINT_URL`, by the client's standard settings."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lake.errors import UserError

THREADS = 8


@dataclass(frozen=True)
class Place:
    """A bucket and a prefix without a slash at its end; the prefix may be empty."""

    bucket: str
    prefix: str

    def key(self, relative: str) -> str:
        """Return the key of an object below the prefix."""
        return f"{self.prefix}/{relative}" if self.prefix else relative

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


@dataclass(frozen=True)
class Stored:
    """An object: its size in bytes and when it was written."""

    size: int
    modified: datetime


def parse_place(url: str) -> Place:
    """Return the place of `s3://bucket/prefix`.

    Raises:
        UserError: another form.
    """
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    if not url.startswith("s3://") or not bucket:
        raise UserError(f"{url!r} is no place in S3; write s3://bucket/prefix")
    return Place(bucket, prefix.strip("/"))


def client(service: str) -> Any:
    """Return a client of boto3; the region is `AWS_REGION`, else us-east-1."""
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    config = Config(
        max_pool_connections=4 * THREADS, retries={"mode": "standard", "max_attempts": 5}
    )
    session: Any = boto3.Session()
    return session.client(service, region_name=region, config=config)


@contextmanager
def clear_errors(what: str) -> Iterator[None]:
    """Turn what a client raises into one line.

    Raises:
        UserError: no credentials, no connection, no permission, no such bucket.
    """
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        hint = {
            "NoSuchBucket": "create the bucket first",
            "AccessDenied": "the credentials in use may not do that",
        }.get(code, "check the credentials and the region")
        raise UserError(f"{what}: {error}; {hint}") from error
    except Boto3Error as error:  # a file that could not be sent or fetched
        raise UserError(f"{what}: {error}; check the credentials and the bucket") from error
    except BotoCoreError as error:
        endpoint = os.environ.get("AWS_ENDPOINT_URL")
        hint = (
            f"is the local Athena of AWS_ENDPOINT_URL={endpoint} up?"
            if endpoint
            else "set the AWS credentials, or AWS_ENDPOINT_URL for a local Athena"
        )
        raise UserError(f"{what}: {error}; {hint}") from error


def ensure_bucket(s3: Any, bucket: str) -> None:
    """Create a missing bucket, but only in a stand-in: in AWS a bucket has an owner and rules."""
    if not os.environ.get("AWS_ENDPOINT_URL"):
        return
    if bucket not in {found["Name"] for found in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=bucket)


def stored_objects(s3: Any, place: Place) -> dict[str, Stored]:
    """Return every object below a place by its path relative to it."""
    found: dict[str, Stored] = {}
    start = place.key("")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=start):
        for item in page.get("Contents", []):
            found[item["Key"][len(start) :]] = Stored(item["Size"], item["LastModified"])
    return found


def fetch(s3: Any, place: Place, folder: Path) -> list[Path]:
    """Download every object below a place into a folder; return the files."""
    files = []
    for number, relative in enumerate(sorted(stored_objects(s3, place))):
        file = folder / f"{number:05d}-{Path(relative).name}"
        s3.download_file(place.bucket, place.key(relative), str(file))
        files.append(file)
    return files


def remove(s3: Any, place: Place, relatives: list[str]) -> None:
    """Delete objects below a place."""
    for first in range(0, len(relatives), 1000):
        keys = [{"Key": place.key(relative)} for relative in relatives[first : first + 1000]]
        s3.delete_objects(Bucket=place.bucket, Delete={"Objects": keys, "Quiet": True})
