"""Which tables the statements on their way to the database read and write.

Every connection of the house reports here, so what was touched is known from the statements themselves and nobody has
to declare it. Where a statement cannot be understood it counts as touching everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import local
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

EVERYTHING = "*"
_WRITING_NOTHING = (
    "SELECT",
    "EXPLAIN",
    "PRAGMA",
    "SHOW ",
    "BEGIN",
    "COMMIT",
    "SAVEPOINT",
    "RELEASE",
    "ROLLBACK",
    "SET ",
)
_TARGET = re.compile(r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.I)
_WORD = re.compile(r"\w{3,}")


class _Notes(local):
    """What one thread touched: a connection belongs to a thread, and a change is made on one connection."""

    def __init__(self) -> None:
        self.written: set[str] = set()
        self.readers: list[set[str]] = []


_notes = _Notes()


def report(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Have a new connection report its statements."""
    if _noting not in connection.execute_wrappers:
        connection.execute_wrappers.append(_noting)


def _noting(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    sql = str(sql)
    if table := written_by(sql):
        _notes.written.add(table)
    elif _notes.readers:
        _notes.readers[-1].add(sql)
    return execute(sql, params, many, context)


def written_by(sql: str) -> str:
    """The table a statement writes; "" for one that writes none, EVERYTHING where that cannot be told."""
    if sql.startswith(_WRITING_NOTHING):
        return ""
    found = _TARGET.match(sql)
    return found[1] if found else EVERYTHING


def read_by(statements: set[str]) -> frozenset[str]:
    """The tables named in these statements: possibly more than were read, never fewer."""
    return _names().intersection(word for sql in statements for word in _WORD.findall(sql))


@cache
def _names() -> frozenset[str]:
    return frozenset(connection.introspection.django_table_names(include_views=True))


@contextmanager
def noting_reads() -> Iterator[set[str]]:
    """The SELECT statements of this thread go into the set; those of an inner block into the inner block's."""
    statements: set[str] = set()
    _notes.readers.append(statements)
    try:
        yield statements
    finally:
        _notes.readers.pop()


def written_since_last_asked() -> frozenset[str]:
    """The tables this thread wrote since it last asked, also in what was rolled back."""
    written, _notes.written = _notes.written, set()
    return frozenset(written)
