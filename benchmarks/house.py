"""Houses of the benchmarks' own: a data folder, SQLite or a temporary PostgreSQL, and a process that works in it.

Django reads its settings once a process, so every house is worked in by a process of its own that answers in JSON.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATABASES = ("SQLite", "PostgreSQL")


@contextmanager
def folder(*, may_keep: bool = False) -> Iterator[Path]:
    """Where the houses stand: a temporary folder, or the one KEJI_DATA names for houses worth keeping."""
    if may_keep and (kept := os.environ.get("KEJI_DATA")):
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept).resolve()
    else:
        with tempfile.TemporaryDirectory(prefix="keji-bench-") as made:
            yield Path(made)


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database of that kind; "" stands for SQLite in the data folder."""
    if kind == "SQLite":
        yield ""
        return
    from tests.postgres import server

    with server() as url:
        yield url


def environment(data: Path, url: str) -> dict[str, str]:
    data.mkdir(parents=True, exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if k != "KEJI_DATABASE_URL"}
    kept |= {"KEJI_DATA": str(data), "DJANGO_SETTINGS_MODULE": "keji.site.settings"}
    return kept | ({"KEJI_DATABASE_URL": url} if url else {})


def keji(*words: str, data: Path, url: str = "") -> None:
    """One `keji` command in that house."""
    subprocess.run(
        [sys.executable, "-m", "keji.cli", *words],
        env=environment(data, url), cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def ask(module: str, task: str, *, data: Path, url: str = "") -> Any:
    """Call `module.task()` in a process of that house, after its tables are up to date; returns what it returned."""
    command = [sys.executable, "-m", "benchmarks.house", module, task]
    done = subprocess.run(command, env=environment(data, url), cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def machine() -> str:
    """The machine in words, for the head of a table."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, Python {platform.python_version()}"


def main() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    name, task = sys.argv[1:]
    module = __import__(name, fromlist=[task])
    print(json.dumps(getattr(module, task)()))


if __name__ == "__main__":
    main()
