"""Drawing chains and placing firms on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.saving import save_changes
from keji.modules.enterprises.ladder.chain_models import FocusIndustry, Segment, SegmentFirm

Rows = Sequence[Mapping[str, Any]]


def _put(model: Any, rows: Rows, action: str, actor: Actor, at: datetime) -> list[Any]:
    made = []
    with writing(actor, at):
        for row in rows:
            record = model.objects.create(**{k: v for k, v in row.items() if v is not None})
            log(action, record, {k: [None, v] for k, v in row.items() if v not in (None, "")})
            made.append(record)
    return made


def add_industries(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[FocusIndustry]:
    return _put(FocusIndustry, rows, "登记重点产业", actor, at)


def add_segments(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Segment]:
    return _put(Segment, rows, "登记产业链环节", actor, at)


def place_firms(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[SegmentFirm]:
    """Place firms on chains: {segment, party, product?} each; who stands there already gets the new product."""
    with writing(actor, at):
        there = {
            (f.segment_id, f.party_id): f
            for f in SegmentFirm.objects.filter(segment__in={row["segment"] for row in rows})
        }
        made = []
        for row in rows:
            firm = there.get((row["segment"].pk, row["party"].pk))
            if firm is None:
                made += _put(SegmentFirm, [row], "列入产业链", actor, at)
            else:
                made.append(save_changes(firm, {"product": row.get("product") or ""}, "修改", actor=actor, at=at))
    return made


def correct(record: Any, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Any:
    """Change an industry, a link or a firm's place."""
    names = {f.name for f in record._meta.concrete_fields}
    return save_changes(record, {k: v for k, v in values.items() if k in names}, "修改", actor=actor, at=at)


def take_off(firm: SegmentFirm, *, actor: Actor, at: datetime) -> None:
    """Take a firm off a chain it does not belong to."""
    with writing(actor, at):
        log("移出产业链", firm, {"product": [firm.product, None]})
        firm.delete()
