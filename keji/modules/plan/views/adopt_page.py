"""What the adopt page shows: the marked text, the targets task by task, what was left out, what still blocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from keji.kernel.audit.models import Entry
from keji.kernel.indicators.indicator import catalogue
from keji.kernel.people.roles import Actor
from keji.lib.plantext.exclusions import REASONS
from keji.modules.plan.models import Item, Plan, PlanTarget
from keji.modules.plan.services import reading, targets
from keji.modules.plan.views.marks import Mark, text_lines
from keji.modules.plan.wording import pattern_words, said, said_of

HISTORY = 15


def rows_of(plan: Plan) -> list[PlanTarget]:
    found = plan.targets.select_related("section", "item", "merged_into").prefetch_related("assisting")
    return list(found.order_by("order", "pk"))


def tone_of(target: PlanTarget) -> str:
    if not target.tracked:
        return "gone"
    return "conflict" if target.conflict else "open" if target.section_id is None else "ready"


def page_context(plan: Plan, actor: Actor, *, may_edit: bool) -> dict[str, Any]:
    rows = rows_of(plan)
    tracked = [row for row in rows if row.tracked]
    found = reading.document(plan.text, plan.source_name)
    out = left_out(plan, rows)
    marks = [mark for row in rows if row.merged_into_id is None for mark in marks_of(row)]
    marks += [Mark(x["line"], x["start"], x["end"], note=x["reason"]) for x in out]
    step = plan.flow["adopt"]
    return {
        "plan": plan,
        "may_edit": may_edit,
        "lines": text_lines(plan.lines, marks, (c.line for c in found.walk())),
        "groups": groups(plan, tracked, may_edit=may_edit),
        "gone": [shown(row, may_edit=may_edit) for row in rows if not row.tracked],
        "left_out": out,
        "counts": counts(tracked),
        "blocks": blocks(tracked),
        "refusal": step.refusal(actor, plan),
        "confirm": step.confirm,
        "history": history(plan, rows),
    }


def marks_of(row: PlanTarget) -> Iterable[Mark]:
    return (Mark(p["line"], p["start"], p["end"], target=row.pk, tone=tone_of(row)) for p in row.places)


def counts(tracked: list[PlanTarget]) -> dict[str, int]:
    return {
        "all": len(tracked),
        "indicator": sum(t.basis == "indicator" for t in tracked),
        "reported": sum(t.basis == "reported" for t in tracked),
        "milestone": sum(t.basis == "milestone" for t in tracked),
        "repeated": sum(len(t.places) > 1 for t in tracked),
    }


def blocks(tracked: list[PlanTarget]) -> list[dict[str, Any]]:
    """What stands between the draft and its adoption, each with the rows to go to."""
    asked = [
        ("前后表述不一致，需要选定按哪一处执行", [t for t in tracked if t.conflict]),
        ("没有确定牵头科室", [t for t in tracked if t.section_id is None]),
        ("选了“系统指标”但没有选定是哪一个", [t for t in tracked if t.basis == "indicator" and not t.indicator]),
        ("没有目标值", [t for t in tracked if t.value is None and t.op not in targets.NO_VALUE]),
    ]
    return [{"text": text, "rows": rows} for text, rows in asked if rows]


def groups(plan: Plan, tracked: list[PlanTarget], *, may_edit: bool) -> list[dict[str, Any]]:
    """Targets under their tasks, in the order of the plan; those of no task come first."""
    items = {i.pk: i for i in plan.items.exclude(kind=Item.Kind.MEASURE).select_related("section", "leader", "parent")}
    by_item: dict[int | None, list[dict[str, Any]]] = {}
    for row in tracked:
        by_item.setdefault(row.item_id if row.item_id in items else None, []).append(shown(row, may_edit=may_edit))
    found = [{"item": None, "rows": by_item[None]}] if None in by_item else []
    in_order = sorted(items.values(), key=lambda i: i.order)
    return found + [{"item": item, "rows": by_item[item.pk]} for item in in_order if item.pk in by_item]


def shown(row: PlanTarget, *, may_edit: bool) -> dict[str, Any]:
    known = catalogue().get(row.indicator)
    near = []
    if may_edit and row.tracked and known is None and row.basis == "reported":
        near = [i for i in reading.suggestions(row) if reading.fits(i, row)][:1]
    return {
        "target": row,
        "said": said_of(row),
        "tone": tone_of(row),
        "pattern": pattern_words("" if row.added else row.pattern),
        "indicator": known.name if known else "",
        "near": near,
        "assisting": "、".join(s.name for s in row.assisting.all()),
        "places": [place_shown(i, p) for i, p in enumerate(row.places)],
    }


def place_shown(index: int, place: dict[str, Any]) -> dict[str, Any]:
    value, upper = (reading.Decimal(place[n]) if place.get(n) else None for n in ("value", "value2"))
    words = said(place.get("op", ""), value, upper, place.get("unit", ""))
    return {"index": index, "line": place["line"], "text": place["text"], "said": words}


def left_out(plan: Plan, rows: list[PlanTarget]) -> list[dict[str, Any]]:
    """Figures not taken as targets, with the reason; those a person has made a target of since are not listed."""
    taken = [(p["line"], p["start"], p["end"]) for row in rows for p in row.places]
    lines = plan.lines
    cursor: dict[int, int] = {}
    found = []
    for each in reading.document(plan.text, plan.source_name).excluded:
        line = lines[each.line - 1] if each.line <= len(lines) else ""
        start = line.find(each.text, cursor.get(each.line, 0))
        start = start if start >= 0 else line.find(each.text)
        if start < 0 or not each.text:
            continue
        end = start + len(each.text)
        cursor[each.line] = end
        if any(at == each.line and begin < end and start < finish for at, begin, finish in taken):
            continue
        around = line[max(0, start - 14) : start], line[end : end + 14]
        reason = REASONS.get(each.reason, each.reason)
        found.append(
            {"line": each.line, "start": start, "end": end, "text": each.text, "reason": reason, "around": around}
        )
    return found


def history(plan: Plan, rows: list[PlanTarget]) -> list[dict[str, Any]]:
    """The last things done to the plan and its targets."""
    about = Q(subject_type="plan.plan", subject_id=str(plan.pk))
    about |= Q(subject_type="plan.plantarget", subject_id__in=[str(row.pk) for row in rows])
    found = Entry.objects.filter(about).order_by("-position")[:HISTORY]
    return [
        {
            "at": e.at,
            "actor": e.actor_name,
            "on_behalf": f"代{e.lent_by}" if e.lent_by else "",
            "action": f"{e.action}：{e.subject}" if e.subject_type == "plan.plantarget" else e.action,
            "reason": e.reason,
            "changes": [],
        }
        for e in found
    ]
