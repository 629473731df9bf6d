"""Writing and verifying the log.

Every write of the platform happens inside `with writing(actor, at):`. What was done is noted with `log` and goes to the
tree at the very end of the transaction, so the one lock that orders the log is held for the shortest time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import models, transaction

from keji.kernel.audit.models import Entry, Head, Ledger
from keji.kernel.audit.tables import written_since_last_asked
from keji.kernel.people.roles import Actor
from keji.lib import merkle

ALGORITHMS = ("sha256", "sm3")


def _edge(ledger: Ledger, name: str) -> merkle.Frontier:
    state = getattr(ledger, f"edge_{name}")
    return merkle.Frontier.from_state(state) if state else merkle.Frontier(name)


@dataclass
class _Work:
    actor: Actor
    at: datetime
    entries: list[Entry] = field(default_factory=list)
    changes: bool = False  # did anything change, or was it only looked at


_current: ContextVar[_Work | None] = ContextVar("work", default=None)
_once: ContextVar[list[Mapping[str, str]] | None] = ContextVar("marks read once", default=None)


class NotWriting(RuntimeError):
    """A change was made outside `writing`: nothing would say who did it."""


@contextmanager
def writing(actor: Actor, at: datetime) -> Iterator[None]:
    """One transaction by one actor at one moment. Inner blocks join the outer one."""
    if _current.get() is not None:
        with transaction.atomic():
            yield
        return
    work = _Work(actor, at)
    token = _current.set(work)
    try:
        with transaction.atomic():
            yield
            if work.entries:
                _append(work.entries, work.changes)
    finally:
        _current.reset(token)


def is_writing() -> bool:
    """Is a change under way whose entries are not in the log yet?"""
    return _current.get() is not None


def log(action: str, record: models.Model, changes: dict[str, Any] | None = None, *, reason: str = "") -> None:
    """Note that the actor did `action` to `record`; `changes` maps a field to [before, after]."""
    _note(action, record, changes, reason).changes = True


def log_look(action: str, record: models.Model, told: dict[str, Any] | None = None, *, reason: str = "") -> None:
    """Note that the actor logged in, saw or took a copy of something: on record, but nothing counted is out of date."""
    _note(action, record, told, reason)


def _note(action: str, record: models.Model, changes: dict[str, Any] | None, reason: str) -> _Work:
    work = _current.get()
    if work is None:
        raise NotWriting(f"“{action}”没有在 writing() 里进行")
    lent = next((a.lent_by for a in work.actor.authorities if a.lent_by), "")
    work.entries.append(
        Entry(
            at=work.at,
            actor_id=work.actor.id,
            actor_name=work.actor.name,
            lent_by=lent,
            action=action[:60],
            subject_type=record._meta.label_lower,
            subject_id=str(record.pk),
            subject=str(record)[:200],
            reason=reason[:500],
            changes={k: plain(v) for k, v in (changes or {}).items()},
        )
    )
    return work


def plain(value: Any) -> Any:
    """A value as JSON can hold it, exactly: Decimals as text, dates in ISO, rows by their key."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, models.Model):
        return str(value)
    return str(value)


def _append(entries: list[Entry], changes: bool) -> None:
    """Give the entries their places in the tree. The ledger row's lock is what orders them."""
    ledger = Ledger.objects.select_for_update().get(pk=1)
    edges = {name: _edge(ledger, name) for name in ALGORITHMS}
    for place, entry in enumerate(entries, start=ledger.size):
        entry.position = place
        content = merkle.canonical(entry.content())
        for name, edge in edges.items():
            setattr(entry, f"leaf_{name}", edge.append(content).hex())
    Entry.objects.bulk_create(entries, batch_size=500)
    ledger.size += len(entries)
    ledger.edge_sha256, ledger.edge_sm3 = edges["sha256"].state(), edges["sm3"].state()
    if changes:
        mark = f"{ledger.size} {ledger.edge_sha256['stack'][-1][:16]}"
        ledger.marks = json.dumps(_read_marks(ledger.marks) | dict.fromkeys(written_since_last_asked(), mark))
        if once := _once.get():
            once.clear()
    ledger.save()


def marks() -> Mapping[str, str]:
    """{table: mark of the newest change written to it}; empty while nobody has changed anything."""
    once = _once.get()
    if once:
        return once[0]
    found = _read_marks(str(Ledger.objects.values_list("marks", flat=True).get(pk=1)))
    if once is not None:
        once.append(found)
    return found


@contextmanager
def marks_read_once() -> Iterator[None]:
    """One answer rests on the marks as they stood at its beginning, or after its own last change."""
    token = _once.set([])
    try:
        yield
    finally:
        _once.reset(token)


@lru_cache(maxsize=4)
def _read_marks(kept: str) -> dict[str, str]:
    return dict(json.loads(kept or "{}"))


def current_roots() -> tuple[int, dict[str, str]]:
    """(entries, {algorithm: root}) of the log as it stands, read without keeping a head."""
    ledger = Ledger.objects.get(pk=1)
    return ledger.size, {name: _edge(ledger, name).root().hex() for name in ALGORITHMS}


def take_head(at: datetime, printed_in: str = "") -> Head:
    """The two roots as they stand now, kept so that a later log must still contain this one."""
    with transaction.atomic():
        ledger = Ledger.objects.select_for_update().get(pk=1)
        roots = {name: _edge(ledger, name).root().hex() for name in ALGORITHMS}
        return Head.objects.create(size=ledger.size, at=at, printed_in=printed_in, **roots)


@dataclass(frozen=True)
class Verification:
    size: int
    broken_at: int | None
    message: str
    roots: dict[str, str]

    @property
    def sound(self) -> bool:
        return self.broken_at is None and not self.message.startswith("✗")


def verify() -> Verification:
    """Recompute every leaf and every printed root. Names the first entry that was changed, removed or slipped in."""
    edges = {name: merkle.Frontier(name) for name in ALGORITHMS}
    heads = {h.size: h for h in Head.objects.order_by("-pk")}
    expected = 0
    for entry in Entry.objects.order_by("position").iterator(chunk_size=2000):
        if entry.position != expected:
            return _broken(expected, f"✗ 第 {expected} 条缺失（下一条是第 {entry.position} 条）", edges)
        content = merkle.canonical(entry.content())
        for name, edge in edges.items():
            leaf = merkle.leaf_hash(content, name)
            if leaf.hex() != getattr(entry, f"leaf_{name}"):
                return _broken(entry.position, f"✗ 第 {entry.position} 条的内容与写入时不同", edges)
            edge.append_hash(leaf)
        expected += 1
        head = heads.get(expected)
        if head and (head.sha256, head.sm3) != (edges["sha256"].root().hex(), edges["sm3"].root().hex()):
            where = f"（刊印于{head.printed_in}）" if head.printed_in else ""
            return _broken(entry.position, f"✗ 前 {expected} 条的根值与留存的根值不同{where}", edges)
    ledger = Ledger.objects.get(pk=1)
    if ledger.size != expected:
        return _broken(expected, f"✗ 末尾缺少 {ledger.size - expected} 条", edges)
    for name, edge in edges.items():
        if edge.state() != _edge(ledger, name).state():
            return _broken(0, "✗ 记录的哈希与账本不符：有记录连同哈希一起被改写", edges)
    return Verification(expected, None, f"全部 {expected} 条完好", _roots(edges))


def _roots(edges: dict[str, merkle.Frontier]) -> dict[str, str]:
    return {name: edge.root().hex() for name, edge in edges.items()}


def _broken(position: int, message: str, edges: dict[str, merkle.Frontier]) -> Verification:
    return Verification(position, position, message, _roots(edges))
