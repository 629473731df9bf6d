"""Remembering what was counted for as long as nobody has changed what it was counted from.

Nothing changes in this house without an entry in the log, and an entry that is more than a look marks every table
written for it. An answer is kept with the marks of the tables it was read from; it holds while they stand, in this
process as in every other, and is never a moment too old.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from keji.kernel.audit.log import is_writing, marks
from keji.kernel.audit.models import Ledger
from keji.kernel.audit.tables import EVERYTHING, noting_reads, read_by

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

_memories: list[Callable[[], None]] = []


@dataclass(frozen=True)
class _Work:
    """Remembered work being done: the marks it is counted under, and the tables of remembered work inside it."""

    marks: Mapping[str, str]
    tables: set[str] = field(default_factory=set)


_outer: ContextVar[_Work | None] = ContextVar("outer", default=None)


class _Place:
    """Where an answer is kept, with the marks it was counted under: one pair, so that threads never see half of two."""

    __slots__ = ("kept",)

    def __init__(self) -> None:
        self.kept: tuple[Mapping[str, str], Any] = ({EVERYTHING: "nothing kept yet"}, None)

    def holds(self, now: Mapping[str, str]) -> bool:
        return all(now.get(table, "") == mark for table, mark in self.kept[0].items())


def while_unchanged(most: int) -> Callable[[Callable[Asked, Answer]], Callable[Asked, Answer]]:
    """Remember the last `most` answers of a function of hashable arguments; callers must not change an answer."""

    def remembering(work: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
        @lru_cache(maxsize=most)
        def place(*args: Hashable, **kwargs: Hashable) -> _Place:
            return _Place()

        @wraps(work)
        def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
            # The marks are read first: a change in between is counted under old marks, which then no longer stand.
            outer = _outer.get()
            now = outer.marks if outer else {} if is_writing() else marks()
            if not now:
                return work(*args, **kwargs)
            found = place(*args, **kwargs)  # type: ignore[arg-type]
            tables, answer = found.kept if found.holds(now) else _work_out(lambda: work(*args, **kwargs), now)
            found.kept = tables, answer
            if outer:
                outer.tables.update(tables)
            return answer  # type: ignore[no-any-return]

        _memories.append(place.cache_clear)
        return asked

    return remembering


def _work_out(work: Callable[[], Any], now: Mapping[str, str]) -> tuple[Mapping[str, str], Any]:
    """The answer, and the marks of all it was read from."""
    mine = _Work(now)
    token = _outer.set(mine)
    try:
        with noting_reads() as statements:
            answer = work()
    finally:
        _outer.reset(token)
    # The marks themselves are read from the ledger, which moves with every entry.
    tables = (mine.tables | read_by(statements) | {EVERYTHING}) - {Ledger._meta.db_table}
    return {table: now.get(table, "") for table in tables}, answer


def forget() -> None:
    """Drop everything remembered, for tests: theirs are the only changes that are not logged."""
    for clear in _memories:
        clear()
