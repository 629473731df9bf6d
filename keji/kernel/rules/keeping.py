"""Storing where everybody stands: what a slice of units came to, as rows, through one prepared statement."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection

from keji.kernel.rules.models import Assessment
from keji.lib.rules.columns import FAILS, OPEN
from keji.lib.rules.rule import Findings, Program

#: What varies from unit to unit, in the order of `standings`.
VARYING = (
    *("party_id", "digest", "since", "passed", "failing", "failing_count", "open_count"),
    *("score_low", "score_high", "effort"),
)
ONCE = ("party_id", "rule")  # what there is one row of
TRUTHS = (False, None, True)  # of FAILS, OPEN, HOLDS
_json = json.JSONEncoder().encode


@dataclass(frozen=True)
class Standings:
    """How a slice of units came out, row by row."""

    passed: list[bool | None]
    failing: list[dict[str, float]]  # condition → what is short
    failing_count: list[int]
    open_count: list[int]
    low: Sequence[int | None]
    high: Sequence[int | None]
    effort: list[int | None]


def standings(program: Program, found: Findings, columns: Mapping[str, Any], year: int) -> Standings:
    """`columns`: what `found` was found from."""
    size = len(found.passed)
    fails = found.conditions == FAILS
    failing: list[dict[str, float]] = [{} for _ in range(size)]
    for key, failed, short in zip(found.keys, fails, found.short, strict=True):
        rows = np.flatnonzero(failed)
        for row, lack in zip(rows.tolist(), short[rows].tolist(), strict=True):
            failing[row][key] = round(lack, 4)
    counted = fails.sum(axis=0)
    low, high = next(((low.tolist(), high.tolist()) for low, high in found.scores.values()), ([None] * size,) * 2)
    effort: list[int | None] = [None] * size
    near = np.flatnonzero(counted == 1)
    for row, known in zip(near.tolist(), _cases(program, columns, near, year), strict=True):
        effort[row] = _effort(program, known, next(iter(failing[row])))
    return Standings(
        passed=[TRUTHS[code] for code in found.passed.tolist()],
        failing=failing,
        failing_count=counted.tolist(),
        open_count=(found.conditions == OPEN).sum(axis=0).tolist(),
        low=low,
        high=high,
        effort=effort,
    )


def _cases(program: Program, columns: Mapping[str, Any], rows: Any, year: int) -> Iterator[dict[str, int]]:
    """What is known in each of these rows, as `Program.judge` wants it."""
    values = [columns[key][rows].tolist() for key in program.keys]
    for case in zip(*values, strict=True):
        known = {key: int(value) for key, value in zip(program.keys, case, strict=True) if value == value}
        known["year"] = year
        yield known


def _effort(program: Program, known: Mapping[str, int], key: str) -> int | None:
    """Thousandths of what the one failing condition needs; judged exactly, for it sorts near misses."""
    effort = getattr(program.condition(known, key), "effort", None)
    return None if effort is None else min(int(effort * 1000), 2_000_000_000)


def keep(program: Program, on: date, at: datetime, rows: Iterable[Sequence[Any]]) -> None:
    """Enter or replace these rows, each as VARYING: through the model one would cost five times as much."""
    fields = {f.attname: f for f in Assessment._meta.concrete_fields if not f.primary_key}
    shared = {"rule": program.rule.code, "year": on.year, "edition": program.since_on, "at": at}
    same = [fields[name].get_db_prep_save(value, connection) for name, value in shared.items()]
    names = [*shared, *VARYING]
    columns = {name: connection.ops.quote_name(str(fields[name].column)) for name in names}
    new = ", ".join(f"{column} = EXCLUDED.{column}" for name, column in columns.items() if name not in ONCE)
    statement = (
        f"INSERT INTO {connection.ops.quote_name(Assessment._meta.db_table)} ({', '.join(columns.values())}) "  # noqa: S608 - names of our own
        f"VALUES ({', '.join(['%s'] * len(names))}) "
        f"ON CONFLICT ({', '.join(columns[name] for name in ONCE)}) DO UPDATE SET {new}"
    )
    ready = _ready()
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[*same, *ready(row)] for row in rows])


def _ready() -> Callable[[Sequence[Any]], Sequence[Any]]:
    """What turns a row into what the database takes."""
    moments: dict[datetime, Any] = {}

    def ready(row: Sequence[Any]) -> Sequence[Any]:
        party, digest, since, passed, failing, *counts = row
        if since not in moments:
            moments[since] = connection.ops.adapt_datetimefield_value(since)
        return party, digest, moments[since], passed, _json(failing), *counts

    return ready
