"""Worker processes, each with an engine of its own, and what they report while they work."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import cycle
from multiprocessing import get_context, parent_process
from pathlib import Path
from queue import Empty
from threading import Thread
from typing import Any, TypeVar

from lake.proofs.engine import Engine

Result = TypeVar("Result")
Task = tuple[Callable[..., Result], tuple[Any, ...]]

_engines: dict[tuple[Path, str], Engine] = {}
_state: dict[str, Any] = {}


def _start(home: Path, messages: Any, cores: Any) -> None:
    """Begin a worker, on one core: DuckDB's threads would only get into each other's way."""
    _state.update(home=home, messages=messages)
    Thread(target=_end_with_the_main_process, daemon=True).start()
    if cores is not None:
        os.sched_setaffinity(0, {cores.get()})
    os.environ["PYTHONUNBUFFERED"] = "1"


def _end_with_the_main_process() -> None:
    """End this worker when the process that started it is gone, however that one was ended."""
    main = parent_process()
    if main is not None:
        main.join()
        os._exit(1)


def engine(project: Path, target: str = "dev") -> Engine:
    """Return this worker's engine of a project and a target; it is made when first asked for."""
    if (project, target) not in _engines:
        say(f"{project.name}: dbt reads the project")
        _engines.clear()
        home = _state["home"] / f"worker-{os.getpid()}" / project.name
        if target == "dev":
            _engines[project, target] = Engine(project, home)
        else:
            from lake.proofs.on_athena import AthenaEngine  # noqa: PLC0415  it loads boto3

            _engines[project, target] = AthenaEngine(project, home, target)
    return _engines[project, target]


def say(message: str) -> None:
    """Tell the main process what this worker does."""
    if "messages" in _state:
        _state["messages"].put(message)


class Pool:
    """Runs tasks in worker processes; `run` gives each result as soon as it is there."""

    def __init__(self, executor: ProcessPoolExecutor, messages: Any) -> None:
        self._executor = executor
        self._messages = messages

    def run(
        self, tasks: list[Task[Result]], tell: Callable[[str], None] = lambda _: None
    ) -> Iterator[Result]:
        """Yield the results in the order in which they come; `tell` gets the workers' messages."""
        waiting: set[Future[Result]] = {
            self._executor.submit(function, *arguments) for function, arguments in tasks
        }
        while waiting:
            done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
            self._drain(tell)
            for future in done:
                yield future.result()

    def _drain(self, tell: Callable[[str], None]) -> None:
        while True:
            try:
                tell(self._messages.get_nowait())
            except Empty:
                return


@contextmanager
def worker_pool(home: Path, jobs: int) -> Iterator[Pool]:
    """Start up to `jobs` workers that write below `home`; they end with the block."""
    context = get_context("spawn")
    messages = context.Queue()
    cores = None
    if hasattr(os, "sched_getaffinity"):
        cores = context.Queue()
        for _, core in zip(range(jobs), cycle(os.sched_getaffinity(0)), strict=False):
            cores.put(core)
    executor = ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_start, initargs=(home, messages, cores)
    )
    try:
        yield Pool(executor, messages)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
