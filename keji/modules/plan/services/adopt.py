"""From the uploaded document to the adopted plan: reading, adopting, publishing, follow-ups, revisions."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import PurePath

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.documents.models import Blob, keep
from keji.kernel.indicators.models import Target
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import next_numbers, stamp
from keji.lib.plantext import PlanError
from keji.modules.plan.models import FollowUp, Item, Plan, PlanTarget
from keji.modules.plan.services import reading, revision
from keji.modules.plan.services.source import text_of

PUBLISHED = ("op", "value", "value2", "base", "due_on", "curve", "source")


def read_plan(
    content: bytes,
    name: str,
    *,
    year: int,
    region: Region,
    actor: Actor,
    at: datetime,
    supersedes: Plan | None = None,
) -> Plan:
    """Keep the file, read it, and lay out a draft plan. Raises PlanError or Refused with a sentence.

    The same file for the same year gives the same draft: pressing the button twice makes one plan.
    """
    name = clean_name(name)
    text = text_of(content, name)
    digest = hashlib.sha256(content).hexdigest()
    with writing(actor, at):
        Region.objects.select_for_update().get(pk=region.pk)  # two uploads at once wait for each other here
        if same := _same_file(digest, year, region, supersedes):
            return same
        _check_edition(year, region, supersedes)
        return _lay_out(keep(content), text, name, year, region, actor, at, supersedes)


def clean_name(name: str) -> str:
    """A file's own name without folders or control characters, short enough for any disk (its ending kept)."""
    name = "".join(c for c in PurePath(name.replace("\\", "/")).name if c.isprintable()).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    return f"{stem[:60]}{dot}{suffix[:10]}" if dot else name[:60] or "工作要点"


def _same_file(digest: str, year: int, region: Region, supersedes: Plan | None) -> Plan | None:
    rows = Plan.objects.filter(source_blob_id=digest, year=year, region=region, state__in=("draft", "adopted"))
    same: Plan | None = rows.order_by("-pk").first()
    if same is None:
        return None
    if same.state == "adopted":
        raise Refused(f"这份文件就是执行中的“{same}”（{same.number}），不必重复上传")
    if same.supersedes_id != (supersedes.pk if supersedes else None):
        raise Refused(f"这份文件已经上传为“{same}”（{same.number}），还没有采用；要换一种方式上传，请先放弃那一份")
    return same


def _check_edition(year: int, region: Region, supersedes: Plan | None) -> None:
    if supersedes is None:
        return
    if supersedes.state != "adopted":
        raise Refused(f"只能修订执行中的工作要点，“{supersedes}”目前是“{supersedes.get_state_display()}”")
    if supersedes.year != year or supersedes.region_id != region.pk:
        raise Refused(f"修订版的年度应当与原文件一致（{supersedes.year} 年）")
    waiting = Plan.objects.filter(supersedes=supersedes).first()
    if waiting is not None:
        raise Refused(f"已有一份待采用的修订版“{waiting}”（{waiting.number}），请先采用或放弃它")


def _lay_out(
    blob: Blob, text: str, name: str, year: int, region: Region, actor: Actor, at: datetime, old: Plan | None
) -> Plan:
    found = reading.document(text, name)
    lines = text.split("\n")
    plan = Plan(
        year=year,
        region=region,
        title=(found.title.strip() or PurePath(name).stem)[:200],
        edition=old.edition + 1 if old else 1,
        supersedes=old,
        text=text,
        source_name=name,
        source_blob=blob,
        number=next_numbers(Plan.prefix, at.year)[0],
    )
    stamp(plan, actor=actor, at=at, state=Plan.State.DRAFT, source="bureau")
    plan.save()
    by_clause = _save_items(plan, reading.tree(found, lines))
    rows = []
    for target, clause in reading.targets(found, lines, year):
        target.plan, target.item = plan, _task_of(by_clause, clause)
        rows.append(target)
    PlanTarget.objects.bulk_create(rows, batch_size=200)
    if old is not None:
        revision.inherit(plan, old)
    noted = {"原文件名": [None, name], "目标": [None, len(rows)]}
    if old is not None:
        noted["修订自"] = [None, old.number]
    log("上传修订版" if old else "上传工作要点", plan, noted)
    return plan


def _save_items(plan: Plan, nodes: list[reading.Node]) -> dict[tuple[str, ...], Item]:
    """Write the tree; returns the item of every numbered clause."""
    saved: dict[int, Item] = {}
    by_clause: dict[tuple[str, ...], Item] = {}
    measures: list[Item] = []
    for row, node, parent in reading.item_rows(nodes, plan, date(plan.year, 12, 31)):
        row.parent = saved[id(parent)] if parent else None
        if node.kind == "measure":
            measures.append(row)
            by_clause.setdefault(node.path, row.parent or row)
            continue
        row.save()
        saved[id(node)] = row
        by_clause[node.path] = row
    Item.objects.bulk_create(measures, batch_size=500)
    return by_clause


def _task_of(by_clause: dict[tuple[str, ...], Item], clause: tuple[str, ...]) -> Item | None:
    """The deepest item on the way to the clause; targets of the opening (主要目标) alone belong to none."""
    for length in range(len(clause), 0, -1):
        if item := by_clause.get(clause[:length]):
            return item
    return None


def on_adopted(plan: Plan, *, actor: Actor, at: datetime) -> None:
    """What adopting does beside the state: the old edition steps back, targets are published, tasks are followed."""
    old = plan.supersedes
    if old is not None:
        if old.state == "adopted":
            take("supersede", old, actor=Actor.system(), at=at, reason=f"由 {plan.number} 取代")
        revision.carry_over(plan, old, at=at)
    plan.adopted_on = day_of(at)
    publish(plan, old=old)
    open_follow_ups(plan, actor, at)


def publish(plan: Plan, *, old: Plan | None = None) -> None:
    """City targets of the bound indicators. A sure target goes before a stretch one; the log keeps what was before."""
    bound = plan.targets.filter(dropped=False, merged_into__isnull=True, basis="indicator").exclude(indicator="")
    chosen: dict[str, PlanTarget] = {}
    for target in bound.order_by("optional", "order"):
        held = chosen.get(target.indicator)
        if held is None or (held.value is None and target.value is not None):
            chosen[target.indicator] = target
    city = Target.objects.filter(region=plan.region, year=plan.year)
    before = {t.indicator: t for t in city}
    for code, target in chosen.items():
        row = before.get(code) or Target(indicator=code, region=plan.region, year=plan.year)
        was = {name: getattr(row, name) for name in PUBLISHED} if row.pk else dict.fromkeys(PUBLISHED)
        for name in PUBLISHED[:-1]:
            setattr(row, name, getattr(target, name))
        row.source = f"{plan.title} {source_words(target)}"[:200]
        row.save()
        changes = {n: [was[n], getattr(row, n)] for n in PUBLISHED if was[n] != getattr(row, n)}
        if changes:
            log("下达市级目标", row, changes)
    if old is not None:
        theirs = set(old.targets.filter(basis="indicator").values_list("indicator", flat=True))
        for row in city.filter(indicator__in=theirs - set(chosen)):
            log("撤销市级目标", row, {"value": [row.value, None]}, reason=f"{plan.number} 不再列入")
            row.delete()


def source_words(target: PlanTarget) -> str:
    """第6行、第9行"""
    return "、".join(f"第{line}行" for line in dict.fromkeys(p["line"] for p in target.places)) or "人工添加"


def open_follow_ups(plan: Plan, actor: Actor, at: datetime) -> list[FollowUp]:
    """Follow every task that has a lead section; what runs already goes on with its present section and leader."""
    opened = []
    tasks = plan.items.filter(kind=Item.Kind.TASK, section__isnull=False).select_related("follow_up")
    with writing(actor, at):
        fresh = []
        for item in tasks:
            running: FollowUp | None = getattr(item, "follow_up", None)
            if running is None:
                fresh.append(item)
            elif running.state != FollowUp.State.CLOSED:
                _follow(running, item, at)
        numbers = next_numbers(FollowUp.prefix, at.year, len(fresh)) if fresh else []
        for item, number in zip(fresh, numbers, strict=True):
            row = FollowUp(
                number=number,
                region=plan.region,
                item=item,
                title=item.title[:200],
                section_id=item.section_id or "",
                leader_id=item.leader_id,
                due_on=item.due_on or date(plan.year, 12, 31),
            )
            stamp(row, actor=actor, at=at, state=FollowUp.State.OPEN, source="bureau")
            opened.append(row)
        FollowUp.objects.bulk_create(opened)
        for row in opened:
            log("列入督办", row, {"section": [None, row.section], "due_on": [None, row.due_on]})
    return opened


def _follow(running: FollowUp, item: Item, at: datetime) -> None:
    """A follow-up answers to whoever answers for its task."""
    changes = {}
    for name in ("section_id", "leader_id"):
        before, after = getattr(running, name), getattr(item, name)
        if before != after:
            changes[name.removesuffix("_id")] = [before, after]
            setattr(running, name, after)
    if changes:
        running.updated_at = at
        running.save()
        log("调整督办责任", running, changes)


__all__ = ["PlanError", "open_follow_ups", "on_adopted", "publish", "read_plan"]
