"""What stands on a proposal's page. Nothing here names a reviewer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from keji.desk.checklist import checklist_panel
from keji.desk.guard import actor_of
from keji.desk.stages import Stage, stages_of
from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import deadline
from keji.modules.projects.models import AgendaItem, Project, Proposal, Review
from keji.modules.projects.models.access import OVERSEERS
from keji.modules.projects.numbers import wan
from keji.modules.projects.proposals.services import limits
from keji.modules.projects.proposals.services.proposals import editing_refusal

#: in the order a proposal passes them
STAGES = (
    Stage("填写和单位审核", ("draft", "unit_check"), "submitted"),
    Stage("县区推荐", ("submitted",), "recommended"),
    Stage("形式审查", ("recommended", "returned"), "form_passed"),
    Stage("专家评审", ("form_passed", "reviewing"), "reviewed"),
    Stage("集体决策", ("reviewed",), "approved"),
    Stage("公示", ("approved", "publicised"), "established"),
    Stage("立项", ("established",), "established"),
)
DECIDED = ("approved", "publicised", "established", "declined")


def stage_panel(request: HttpRequest, record: Proposal) -> dict[str, Any]:
    """The stages with the day each was passed, read off the log; what is still missing."""
    states = stages_of(record, STAGES, ended=("declined", "withdrawn"))
    due = deadline(record, work_calendar())
    may = not editing_refusal(record, actor_of(request))
    own = record.state in ("draft", "unit_check", "returned")
    return {
        "record": record,
        "states": states,
        "due": due,
        "late": due is not None and due < clock.today(),
        "lacking": limits.problems(record) if own else [],
        "checked": own,
        "may_write": may,
    }


def contents_panel(request: HttpRequest, record: Proposal) -> dict[str, Any]:
    sections = [{"title": s["title"], "text": record.contents.get(s["code"], "")} for s in record.guideline.sections]
    return {"record": record, "sections": sections, "may_write": not editing_refusal(record, actor_of(request))}


def people_panel(request: HttpRequest, record: Proposal) -> dict[str, Any]:
    labels = ("姓名", "职务职称", "从事专业", "承担任务", "所在单位")
    rows = [
        {"cells": [{"value": v or "—"} for v in (m.name, m.title, m.field, m.task, m.unit)]}
        for m in record.members.all()
    ]
    actor = actor_of(request)
    sees = actor.has(*OVERSEERS) or record.party_id in actor.parties
    return {
        "columns": [{"label": label} for label in labels],
        "rows": rows,
        "partners": list(record.partners.select_related("party")),
        "avoided": record.avoided if sees else [],
    }


def materials_panel(request: HttpRequest, record: Proposal) -> dict[str, Any]:
    there = limits.files_of(record)
    return {
        "record": record,
        "items": [{**m, "files": there.get(m["code"], [])} for m in record.guideline.materials],
        "may_write": not editing_refusal(record, actor_of(request)),
    }


def checks_panel(request: HttpRequest, record: Proposal) -> dict[str, Any] | None:
    """Item by item, once the form check has begun."""
    found = checklist_panel(request, record, "proposal-check")
    return found if found["started"] else None


def likeness_panel(request: HttpRequest, record: Proposal) -> dict[str, Any] | None:
    """What the text looks like: for those who decide, and for the unit only what was held against it."""
    actor = actor_of(request)
    rows = list(record.likenesses.all())
    if not actor.has(*OVERSEERS):
        rows = [r for r in rows if r.judgement == "same" and record.state == "declined"]
    if not rows and not (actor.has(*OVERSEERS) and record.state == "recommended"):
        return None
    return {
        "record": record,
        "rows": [{"row": r, "percent": f"{r.share / 100:.1f}", "url": _address(r.code)} for r in rows],
        "sees": actor.has(*OVERSEERS),
        "may_judge": record.state == "recommended" and actor.has(Role.OFFICER),
    }


def _address(code: str) -> str:
    """Where the other text is read: a record of this house, or the list of earlier projects."""
    own = code.startswith((Proposal.prefix + "-", Project.prefix + "-"))
    return f"/r/{code}" if own else "/d/earlier-projects/?" + urlencode({"q": code})


def review_panel(request: HttpRequest, record: Proposal) -> dict[str, Any] | None:
    """Scores by code for those who run and oversee the review; for the unit the comments, once it is decided."""
    actor = actor_of(request)
    sees = actor.has(*OVERSEERS)
    if not (record.batch if sees else record.exact_score) and record.state != "form_passed":
        return None
    found: dict[str, Any] = {
        "sees": sees,
        "score": record.score if sees else None,
        "batch": record.batch if sees else None,
    }
    if sees:
        sheets = Review.objects.visible_to(actor).filter(proposal=record).order_by("code")
        found["columns"] = [{"label": w} for w in ("专家代号", "状态", "总分", "总体意见", "偏离说明")]
        found["rows"] = [_sheet(sheet, actor) for sheet in sheets]
        found["together"] = _together(record, dissent=True)
        return found
    done = Review.objects.filter(proposal=record, state="submitted").order_by("total", "pk")
    told = record.state in DECIDED and bool(record.exact_score)
    found["comments"] = [r.comment for r in done] if told else []
    found["together"] = _together(record, dissent=False) if told else None
    return found


def _together(record: Proposal, *, dissent: bool) -> dict[str, Any] | None:
    """What a panel that met said together; who did not agree only for those who decide and oversee."""
    item = AgendaItem.objects.filter(proposal=record).exclude(opinion="").first()
    if item is None:
        return None
    rows = item.assents.filter(agrees=False).select_related("attendee") if dissent else []
    return {"item": item, "dissents": list(rows)}


def _sheet(sheet: Review, actor: Actor) -> dict[str, Any]:
    handed_in = sheet.state == Review.State.SUBMITTED
    total = f"{sheet.total:.1f}" if handed_in else "—"
    said = sheet.explanation or ("待说明" if sheet.flagged else "—")
    return {
        "cells": [
            {"value": sheet.code},
            {
                "value": sheet.get_state_display(),
                "badge": {"submitted": "green", "assigned": "gray"}.get(sheet.state, "plain"),
            },
            {"value": total, "align": "end"},
            {"value": sheet.comment if handed_in else sheet.reason or "—"},
            {"value": said},
        ]
    }


def decision_panel(request: HttpRequest, record: Proposal) -> dict[str, Any] | None:
    rows = list(record.decisions.select_related("meeting").order_by("-pk"))
    if not rows and record.state not in ("reviewed", *DECIDED):
        return None
    paper = record.guideline.paper if record.state == "established" else None
    project = getattr(record, "project", None)
    return {
        "decisions": [{"row": d, "grant": wan(d.grant)} for d in rows],
        "notice": record.notice if record.notice and record.notice.from_on else None,
        "paper": paper,
        "project": project,
    }
