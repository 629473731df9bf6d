"""One record pointing at another by its number, across modules that never import each other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Link, find_by_number

NOTICE_RELATION = "公示"
#: What a person may choose; a module's own services may use other words.
RELATIONS = ("依据", "来源", "结果", "相关", "更正")
BATCH = 500


def link_refusal(source: Any, actor: Actor) -> str:
    """Why this actor may not add or take off links of `source`; "" when they may: whoever writes it."""
    if not getattr(source, "number", ""):
        return "这类记录没有编号，不能关联"
    access = source.access
    return "" if access.reaches(actor, access.write, source) else "您不能修改这条记录的关联"


def link(source: Any, target: Any, relation: str, *, actor: Actor, at: datetime) -> Link:
    """Let `source` point at `target`, both records with a number; twice is once. Raises Refused with a sentence."""
    with writing(actor, at):
        if why := link_refusal(source, actor):
            raise Refused(why)
        relation = relation.strip()
        if not relation:
            raise Refused("请选择关系")
        if source.number == target.number:
            raise Refused("记录不能关联它自己")
        row, made = Link.objects.get_or_create(
            source_number=source.number, target_number=target.number, relation=relation[:40], defaults={"at": at}
        )
        if made:
            log("添加关联", source, {relation: [None, target.number]})
    return row


def unlink(row: Link, *, actor: Actor, at: datetime) -> None:
    """Take a link away; by whoever may write its source. Raises Refused with a sentence."""
    with writing(actor, at):
        source = find_by_number(row.source_number)
        if source is None:
            raise Refused("起点记录已经不在")
        if why := link_refusal(source, actor) or drop_refusal(row):
            raise Refused(why)
        gone, _ = Link.objects.filter(pk=row.pk).delete()
        if gone:
            log("去掉关联", source, {row.relation: [row.target_number, None]})


def drop_refusal(row: Link) -> str:
    """Why this link stays as long as its source says so; "" when it may be taken away by itself."""
    return "公示涉及哪些记录由公示的内容决定，不能单独去掉" if row.relation == NOTICE_RELATION else ""


def point_at(source: str, targets: Iterable[str], relation: str, *, at: datetime, instead: Iterable[str] = ()) -> None:
    """Let number `source` point at many numbers at once, and no longer at those of `instead` that are not among them.

    For services that log the act themselves.
    """
    wanted, before = set(targets), set(instead)
    gone = sorted(before - wanted)
    for start in range(0, len(gone), BATCH):
        Link.objects.filter(
            source_number=source, relation=relation, target_number__in=gone[start : start + BATCH]
        ).delete()
    rows = [Link(source_number=source, target_number=n, relation=relation, at=at) for n in sorted(wanted - before)]
    Link.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
