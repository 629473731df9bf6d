"""Correcting, dropping, adding, merging, settling and assigning: what people decide about a draft's targets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from keji.kernel.audit.log import log, plain, writing
from keji.kernel.indicators.indicator import catalogue
from keji.kernel.people.models import Account, Section
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import changed_fields
from keji.kernel.records.saving import whole
from keji.modules.plan.models import Item, Plan, PlanTarget
from keji.modules.plan.services import reading
from keji.modules.plan.services.adopt import open_follow_ups
from keji.modules.plan.wording import NO_VALUE, RANGES

SAID = ("op", "value", "value2", "unit", "value_base", "unit_base")
EDITED = ("subject", "verb", *SAID, "due_on", "optional", "basis", "indicator", "section", "by_county", "base", "curve")
ADDED_ORDER = 10


def version_of(target: PlanTarget) -> str:
    """A fingerprint of what a form showed: when it differs at saving, somebody was quicker."""
    shown = {name: plain(getattr(target, f"{name}_id" if name == "section" else name)) for name in EDITED}
    for name in ("base", *SAID):
        value = getattr(target, name)
        shown[name] = format(value.normalize(), "f") if isinstance(value, Decimal) else value
    shown |= {"dropped": target.dropped, "merged": target.merged_into_id, "conflict": target.conflict}
    shown["item"] = target.item_id
    return hashlib.sha256(json.dumps(shown, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


@contextmanager
def _draft(plan: Plan, actor: Actor, at: datetime, *, states: Sequence[str] = ("draft",)) -> Iterator[Plan]:
    """The plan, locked, if its targets may still be changed by this actor."""
    with writing(actor, at):
        fresh = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if not actor.has(Role.OFFICER):
            raise Refused("工作要点由业务科室整理，您可以查看，不能修改")
        if fresh.state not in states:
            raise Refused(f"工作要点目前是“{fresh.get_state_display()}”，目标不能再改；需要调整请上传修订版")
        yield fresh


def _fresh(plan: Plan, pk: int) -> PlanTarget:
    found: PlanTarget | None = plan.targets.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise Refused("这个目标不在本工作要点里")
    return found


def correct(target: PlanTarget, values: dict[str, Any], *, version: str, actor: Actor, at: datetime) -> PlanTarget:
    """Save the edit form. `version` is what the form was filled from; a stale one is refused and nothing is lost."""
    with _draft(target.plan, actor, at) as plan:
        fresh = _fresh(plan, target.pk)
        if version != version_of(fresh):
            raise Refused("您打开之后，别人刚修改过这个目标；下面是您填写的内容和现在的内容，请核对后再保存")
        before = PlanTarget.objects.get(pk=fresh.pk)
        _fill(fresh, values, plan.year)
        if fresh.conflict and any(getattr(fresh, n) != getattr(before, n) for n in SAID):
            fresh.conflict = ""  # a person has written down what holds
        fresh.save()
        changes = changed_fields(before, fresh, (*EDITED, "conflict", "item"))
        changes |= _set_assisting(fresh, values.get("assisting"))
        if changes:
            log("修改目标", fresh, changes)
    return fresh


def _fill(row: PlanTarget, values: dict[str, Any], year: int) -> None:
    for name, value in values.items():
        if name in EDITED or name == "item":
            setattr(row, name, value)
    if row.op in NO_VALUE:
        row.value = row.value2 = None
    if row.op not in RANGES:
        row.value2 = None
    row.value_base, row.unit_base = reading.to_base(row.value, row.unit)
    if row.basis != PlanTarget.Basis.INDICATOR:
        row.indicator, row.curve = "", {}
        return
    known = catalogue().get(row.indicator)
    row.curve = reading.season(known, year, row.due_on) if known else {}


def _set_assisting(row: PlanTarget | Item, sections: Iterable[Section] | None) -> dict[str, Any]:
    if sections is None:
        return {}
    before = sorted(s.name for s in row.assisting.all())
    row.assisting.set(sections)
    after = sorted(s.name for s in sections)
    return {"assisting": ["、".join(before), "、".join(after)]} if before != after else {}


def drop(targets: Iterable[PlanTarget], *, reason: str, actor: Actor, at: datetime) -> int:
    """Not tracked: the target stays in sight with its reason and can be restored."""
    rows = list(targets)
    if not rows:
        raise Refused("还没有选择目标")
    if not reason.strip():
        raise Refused("请写明为什么不跟踪这个目标")
    reason = whole(reason, 500, "理由")
    count = 0
    with _draft(rows[0].plan, actor, at) as plan:
        for row in _locked(plan, rows):
            if not row.dropped:
                row.dropped = True
                row.save(update_fields=["dropped"])
                log("不跟踪", row, {"dropped": [False, True]}, reason=reason)
                count += 1
    return count


def restore(target: PlanTarget, *, actor: Actor, at: datetime) -> None:
    """Track it again, or take it out of the target it was merged into."""
    with _draft(target.plan, actor, at) as plan:
        row = _fresh(plan, target.pk)
        if main := row.merged_into:
            main = _fresh(plan, main.pk)
            main.places = [place for place in main.places if place not in row.places]
            main.conflict = main.conflict if len(main.places) > 1 else ""
            main.save(update_fields=["places", "conflict"])
            log("拆开目标", row, {"merged_into": [main.subject, None]})
            row.merged_into = None
            row.save(update_fields=["merged_into"])
        if row.dropped:
            row.dropped = False
            row.save(update_fields=["dropped"])
            log("恢复跟踪", row, {"dropped": [True, False]})


def merge(targets: Iterable[PlanTarget], *, actor: Actor, at: datetime) -> PlanTarget:
    """Several rows are one target: the first keeps its place, the others become citations of it."""
    chosen = list(targets)
    if len(chosen) < 2:
        raise Refused("请选择两个或更多目标再合并")
    with _draft(chosen[0].plan, actor, at) as plan:
        main, *others = sorted(_locked(plan, chosen), key=lambda t: (t.dropped, t.order))
        if any(t.merged_into_id for t in (main, *others)):
            raise Refused("选中的目标里有已经合并过的，请先拆开")
        for other in others:
            main.places += [place for place in other.places if place not in main.places]
            other.merged_into, other.dropped = main, False
            other.save(update_fields=["merged_into", "dropped"])
            PlanTarget.objects.filter(merged_into=other).update(merged_into=main)
            log("合并目标", other, {"merged_into": [None, main.subject]})
        main.conflict = disagreement(main, others)
        main.save(update_fields=["places", "conflict"])
        log("合并目标", main, {"places": [None, len(main.places)]})
    return main


def disagreement(main: PlanTarget, others: Iterable[PlanTarget]) -> str:
    said = {(t.op, t.value_base, t.value2, t.due_on) for t in (main, *others)}
    if len(said) < 2:
        return ""
    cited = "；".join(f"第{p['line']}行“{p['text']}”" for p in main.places)
    return f"合并的目标表述不一致，请确认以哪一处为准：{cited}"[:300]


def settle(target: PlanTarget, place: int, *, actor: Actor, at: datetime) -> PlanTarget:
    """One of the citations holds."""
    with _draft(target.plan, actor, at) as plan:
        row = _fresh(plan, target.pk)
        if not row.conflict:
            raise Refused("这个目标已经选定，不需要再选")
        if not 0 <= place < len(row.places):
            raise Refused("请选择以哪一处表述为准")
        before = PlanTarget.objects.get(pk=row.pk)
        chosen = row.places[place]
        row.op, row.unit, row.unit_base = chosen["op"], chosen["unit"], chosen["unit_base"]
        for name in ("value", "value2", "value_base"):
            setattr(row, name, Decimal(chosen[name]) if chosen.get(name) else None)
        if chosen.get("due_on"):
            row.due_on = date.fromisoformat(chosen["due_on"])
        row.conflict = ""
        row.save()
        changes = changed_fields(before, row, (*SAID, "due_on", "conflict"))
        log("选定表述", row, changes, reason=f"以第{chosen['line']}行“{chosen['text']}”为准")
    return row


def add(plan: Plan, values: dict[str, Any], *, line: int, text: str, actor: Actor, at: datetime) -> PlanTarget:
    """A target the reader did not find, or took for something else; tied to a line like every other."""
    with _draft(plan, actor, at) as fresh:
        lines = fresh.lines
        if not 1 <= line <= len(lines):
            raise Refused(f"原文没有第 {line} 行")
        start = lines[line - 1].find(text) if text else -1
        if start < 0:
            raise Refused(f"第 {line} 行里没有“{text[:40]}”，请照原文摘录")
        row = PlanTarget(plan=fresh, added=True, pattern="")
        row.order = _order_after(fresh, line)
        _fill(row, values, fresh.year)
        place = {"line": line, "start": start, "end": start + len(text), "text": text, "clause": []}
        place |= {n: format(v, "f") if isinstance(v := getattr(row, n), Decimal) else v or "" for n in SAID}
        row.places = [place | {"due_on": row.due_on.isoformat()}]
        if row.item_id is None:
            row.item = item_at(fresh, line)
        if row.section_id is None and row.item is not None:
            row.section_id = row.item.section_id
        row.save()
        _set_assisting(row, values.get("assisting"))
        log("添加目标", row, {"原文": [None, f"第{line}行“{text}”"], "op": [None, row.op], "value": [None, row.value]})
    return row


def _order_after(plan: Plan, line: int) -> int:
    """Behind the last target that starts on this line or above it."""
    above = [t.order for t in plan.targets.all() if t.places and t.places[0]["line"] <= line]
    last = max(above, default=0)
    return last + 1 if above else (plan.targets.aggregate(last=Max("order"))["last"] or 0) + ADDED_ORDER


def item_at(plan: Plan, line: int) -> Item | None:
    """The task a line of the text belongs to."""
    found: Item | None = plan.items.filter(kind=Item.Kind.TASK, line__lte=line).order_by("-line").first()
    return found


@dataclass(frozen=True)
class Assignment:
    """What a bulk or inline assignment changes; None leaves a thing as it is."""

    section: Section | None = None
    assisting: Sequence[Section] | None = None
    leader: Account | None = None
    due_on: date | None = None
    by_county: bool | None = None
    clear_leader: bool = False
    helper: Section | None = None  # one more assisting section beside those there are


def assign(targets: Iterable[PlanTarget], wanted: Assignment, *, actor: Actor, at: datetime) -> int:
    """The same section (and assisting ones, and the county flag) for many targets at once."""
    rows = list(targets)
    if not rows:
        raise Refused("还没有选择目标")
    with _draft(rows[0].plan, actor, at, states=("draft", "adopted")) as plan:
        return sum(_assign_target(row, wanted, draft=plan.state == "draft") for row in _locked(plan, rows))


def _assign_target(row: PlanTarget, wanted: Assignment, *, draft: bool) -> bool:
    changes: dict[str, Any] = {}
    if wanted.section is not None and wanted.section.pk != row.section_id:
        changes["section"] = [row.section, wanted.section]
        row.section = wanted.section
    if draft and wanted.by_county is not None and wanted.by_county != row.by_county:
        changes["by_county"] = [row.by_county, wanted.by_county]
        row.by_county = wanted.by_county
    changes |= _set_assisting(row, _helpers(row, wanted))
    if changes:
        row.save(update_fields=["section", "by_county"])
        log("指定责任", row, changes)
    return bool(changes)


def assign_item(item: Item, wanted: Assignment, *, with_targets: bool, actor: Actor, at: datetime) -> Item:
    """Who answers for an action or a task; on request for its targets too. A running follow-up goes along."""
    with _draft(item.plan, actor, at, states=("draft", "adopted")) as plan:
        row = plan.items.select_for_update(of=("self",)).get(pk=item.pk)
        tasks = [row] if row.kind != Item.Kind.ACTION else [row, *row.children.filter(kind=Item.Kind.TASK)]
        for each in tasks:
            _assign_item(each, wanted)
        if with_targets and wanted.section is not None:
            ids = [each.pk for each in tasks]
            for target in plan.targets.filter(item__in=ids).select_related("section"):
                _assign_target(target, Assignment(section=wanted.section), draft=plan.state == "draft")
        if plan.state == "adopted":
            open_follow_ups(plan, actor, at)
    return row


def _assign_item(row: Item, wanted: Assignment) -> None:
    changes: dict[str, Any] = {}
    for name in ("section", "leader", "due_on"):
        value = getattr(wanted, name)
        if value is not None and value != getattr(row, name):
            changes[name] = [getattr(row, name), value]
            setattr(row, name, value)
    if wanted.clear_leader and row.leader_id:
        changes["leader"] = [row.leader, None]
        row.leader = None
    changes |= _set_assisting(row, _helpers(row, wanted))
    if changes:
        row.save(update_fields=["section", "leader", "due_on"])
        log("指定责任", row, changes)


def _helpers(row: PlanTarget | Item, wanted: Assignment) -> list[Section]:
    """The assisting sections as they will be; who leads does not assist as well."""
    sections = list(row.assisting.all() if wanted.assisting is None else wanted.assisting)
    if wanted.helper is not None and wanted.helper not in sections:
        sections.append(wanted.helper)
    return [section for section in sections if section.pk != row.section_id]


def _locked(plan: Plan, rows: Sequence[PlanTarget]) -> list[PlanTarget]:
    """The chosen rows of this plan, locked, as they are now."""
    found = plan.targets.select_for_update(of=("self",)).filter(pk__in=[row.pk for row in rows])
    return list(found.order_by("order", "pk").select_related("section").prefetch_related("assisting"))
