"""What dbt does again for each model though a proof of thousands of builds needs it once or never.

None of it touches the SQL that dbt makes or the order in which it runs.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch


@contextmanager
def quick_dbt() -> Iterator[None]:
    """Run dbt without messages, and with the templates and testers of types that it made before."""
    with ExitStack() as stack:
        for place, name, replacement in _replacements():
            stack.enter_context(patch.object(place, name, replacement, create=True))
        yield


@cache
def _replacements() -> list[tuple[type[Any] | Any, str, Callable[..., Any]]]:
    """Return what replaces which function of dbt; each is a twentieth to a quarter of a build."""
    from dbt_common.clients import agate_helper, jinja  # noqa: PLC0415  dbt takes two seconds
    from dbt_common.events.base_types import BaseEvent  # noqa: PLC0415  as above
    from dbt_common.events.event_manager import EventManager  # noqa: PLC0415  as above
    from jinja2 import Environment  # noqa: PLC0415  as above

    def nothing(*_: Any, **__: Any) -> None:
        """Make no message for a log that nobody reads."""

    code: dict[tuple[type[Environment], str], Any] = {}

    def compiled(environment: Environment, source: str) -> Any:
        """Return the code of a template; the same text was compiled in the build before."""
        key = (type(environment), source)
        if key not in code:
            code[key] = Environment.compile(environment, source)
        return code[key]

    make_tester = cache(agate_helper.build_type_tester)

    def type_tester(text_columns: Iterable[str], **options: Any) -> Any:
        """Return what guesses the types of a result; the same for the same columns."""
        return make_tester(tuple(text_columns), **options)

    return [
        (BaseEvent, "__init__", nothing),
        (EventManager, "fire_event", nothing),
        (jinja.MacroFuzzEnvironment, "compile", compiled),
        (agate_helper, "build_type_tester", type_tester),
    ]
