"""Pages of a list."""

from collections.abc import Sequence
from typing import Any, TypeVar

from lake.athena.api.errors import ApiError

T = TypeVar("T")


def start_of(token: str | None) -> int:
    """Where the page of a token starts; ApiError for a token that was never given out."""
    if token is None:
        return 0
    if not token.isdecimal():
        raise ApiError(f"Invalid NextToken: {token}")
    return int(token)


def size_of(asked: int | None, most: int) -> int:
    """How many items a page holds; ApiError where more are asked for than there may be."""
    if asked is None:
        return most
    if asked > most:
        raise ApiError(f"MaxResults is more than maximum allowed length {most}.")
    return asked


def page(
    items: Sequence[T], request: dict[str, Any], most: int = 50
) -> tuple[Sequence[T], dict[str, str]]:
    """The items that a request asks for, and NextToken where more follow."""
    start, size = start_of(request.get("NextToken")), size_of(request.get("MaxResults"), most)
    more = {"NextToken": str(start + size)} if start + size < len(items) else {}
    return items[start : start + size], more
