"""Executes a statement on Glue or on Trino."""

from lake.athena.router.check import check
from lake.athena.router.context import Context
from lake.athena.router.dispatch import execute

__all__ = ["Context", "check", "execute"]
