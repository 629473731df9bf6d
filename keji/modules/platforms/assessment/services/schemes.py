"""Writes of evaluation schemes: drafts only; a frozen one is copied into its next edition."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source, changed_fields, next_numbers, stamp
from keji.kernel.records.saving import locked
from keji.modules.platforms.models import Band, Scheme, SchemeItem
from keji.modules.platforms.numbers import city

Rows = Sequence[Mapping[str, Any]]
STARTER = Path(__file__).resolve().parents[2] / "regulations" / "scheme.toml"
ITEM_COLUMNS = ("group", "name", "weight", "full", "method", "evidence")


def draft_schemes(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Scheme]:
    """Draft schemes: {name, kind, edition, from_on, cites, certain}; each starts from the neutral one."""
    starter = tomllib.loads(STARTER.read_text(encoding="utf-8"))
    return [_draft(row, starter["item"], starter["band"], actor=actor, at=at) for row in rows]


def draft_starter(*, actor: Actor, at: datetime) -> Scheme:
    """The neutral scheme that comes with the house, 待核."""
    starter = tomllib.loads(STARTER.read_text(encoding="utf-8"))
    about = {k: starter[k] for k in ("name", "kind", "edition", "from_on", "cites")}
    return _draft(about, starter["item"], starter["band"], actor=actor, at=at)


def next_edition(old: Scheme, *, actor: Actor, at: datetime) -> Scheme:
    """A draft that starts as the old one stands."""
    if not actor.has(Role.OFFICER):
        raise Refused("评估方案由业务科室起草")
    about = {k: getattr(old, k) for k in ("name", "kind", "cites", "certain")} | {"from_on": day_of(at)}
    known = Scheme.objects.filter(name=old.name).count()
    about["edition"] = f"{at.year}年第{known + 1}版"
    items = [{k: getattr(item, k) for k in ITEM_COLUMNS} for item in old.items.all()]
    bands = [{k: getattr(b, k) for k in ("grade", "at_least", "failing", "must_mend")} for b in old.bands.all()]
    return _draft(about, items, bands, actor=actor, at=at)


def _draft(about: Mapping[str, Any], items: Rows, bands: Rows, *, actor: Actor, at: datetime) -> Scheme:
    with writing(actor, at):
        record = Scheme(region=city(), drafted_by_id=actor.id, **about)
        record.number = next_numbers(Scheme.prefix, at.year)[0]
        stamp(record, actor=actor, at=at, state=Scheme.State.DRAFT, source=Source.BUREAU)
        record.save()
        SchemeItem.objects.bulk_create([_item(record, n, row) for n, row in enumerate(items, 1)])
        Band.objects.bulk_create([Band(scheme=record, **row) for row in bands])
        log("起草评估方案", record, {k: [None, v] for k, v in about.items() if v not in (None, "")})
    return record


def _item(scheme: Scheme, order: int, row: Mapping[str, Any]) -> SchemeItem:
    return SchemeItem(scheme=scheme, order=order, **{k: row[k] for k in ITEM_COLUMNS if k in row})


def correct_scheme(record: Scheme, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Scheme:
    with writing(actor, at):
        before = locked(record)
        for name, value in values.items():
            setattr(record, name, value)
        record.drafted_by_id, record.updated_at = actor.id, at
        record.save()
        if changes := changed_fields(before, record, list(values)):
            log("修改评估方案", record, changes)
    return record


def replace_items(record: Scheme, items: Rows, bands: Rows, *, actor: Actor, at: datetime) -> Scheme:
    """The draft's items and bands as they shall be. Raises Refused once the scheme is frozen."""
    with writing(actor, at):
        fresh = locked(record)
        if not actor.has(Role.OFFICER) or fresh.state != Scheme.State.DRAFT:
            raise Refused("方案已经定版，要改请另起一版")
        before = _told(fresh)
        fresh.items.all().delete()
        fresh.bands.all().delete()
        SchemeItem.objects.bulk_create([_item(fresh, n, row) for n, row in enumerate(items, 1)])
        Band.objects.bulk_create([Band(scheme=fresh, **row) for row in bands])
        fresh.drafted_by_id, fresh.updated_at = actor.id, at
        fresh.save(update_fields=["drafted_by", "updated_at"])
        after = _told(fresh)
        if before != after:
            log("修改评估指标", fresh, {"指标": [before, after]})
    return fresh


def _told(scheme: Scheme) -> str:
    rows = scheme.items.values_list("name", "weight")
    return f"{len(rows)} 项，权重合计 {sum((w for _, w in rows), Decimal(0)).normalize():f}"
