"""The only clock. Services take `at` as an argument; pages and commands ask here what to pass.

A demo house lives in its own year: `data/clock.json` holds the moment it starts from, and time runs on from there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """This moment, aware, on the bureau's wall: its `date()` is the day people call today, in the small hours too."""
    fixed = _fixed.get()
    return timezone.localtime(fixed if fixed is not None else timezone.now() + _shift(settings.DATA))


def today() -> date:
    return now().date()


def day_of(moment: datetime) -> date:
    """The day of a moment on the bureau's wall. What comes from the database is in UTC, still yesterday until eight."""
    return timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Hold the clock still (tests, the demo's storyteller)."""
    token = _fixed.set(moment if timezone.is_aware(moment) else timezone.make_aware(moment))
    try:
        yield
    finally:
        _fixed.reset(token)


def start_from(moment: datetime, folder: Path) -> None:
    """Let the house in `folder` live from `moment` on (demo mode only)."""
    moment = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    content = {"house": moment.isoformat(), "world": timezone.now().isoformat()}
    (folder / "clock.json").write_text(json.dumps(content))
    _shift.cache_clear()


@lru_cache(maxsize=4)
def _shift(folder: Path) -> timedelta:
    try:
        saved = json.loads((folder / "clock.json").read_text())
    except FileNotFoundError:
        return timedelta()
    return datetime.fromisoformat(saved["house"]) - datetime.fromisoformat(saved["world"])
