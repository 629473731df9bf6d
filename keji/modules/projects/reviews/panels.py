"""What stands on a review batch's page: progress by code, the panel for those who run and verify it, the scores."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from keji.desk.guard import actor_of
from keji.kernel.parties.models import Person
from keji.kernel.people.roles import Actor, Role
from keji.modules.projects.models import Review, ReviewBatch
from keji.modules.projects.reviews.forms import DrawForm
from keji.modules.projects.reviews.services import blinding, drawing, scoring

PER_PAGE, MOST_COLUMNS = 50, 12


def progress_panel(request: HttpRequest, batch: ReviewBatch) -> dict[str, Any]:
    return {"batch": batch, **scoring.progress(batch)}


def may_name(actor: Actor) -> bool:
    """Who learns which person stands behind a code: whoever runs the review, and the inspector who verifies it."""
    return actor.has(Role.OFFICER, Role.INSPECTOR)


def people_panel(request: HttpRequest, batch: ReviewBatch) -> dict[str, Any]:
    actor = actor_of(request)
    officer = actor.has(Role.OFFICER)
    people: dict[str, Person] = {}
    drawn = drawing.employers(batch) if may_name(actor) else {}
    if may_name(actor):
        pairs = Review.objects.visible_to(actor).filter(batch=batch).order_by("code").values_list("code", "person")
        codes = dict(pairs.distinct())
        known = Person.objects.select_related("party").in_bulk(list(codes.values()))
        people = {code: known[key] for code, key in codes.items()}
    return {
        "batch": batch,
        "count": batch.reviews.values("person").distinct().count(),
        "people": [(code, p, drawn.get(p.pk) or str(p.party or "单位未登记")) for code, p in people.items()],
        "named": may_name(actor),
        "draw": drawing.draw_of(batch),
        "to_take_over": officer and batch.state != "closed" and bool(set(drawn) - {p.pk for p in people.values()}),
        "ask": DrawForm() if drawing.may_ask(actor, batch) else None,
        "may_assign": officer and batch.state != "closed",
        "may_drop": officer and batch.state == "draft" and bool(people),
    }


def blind_panel(request: HttpRequest, batch: ReviewBatch) -> dict[str, Any]:
    """What may tell whose a proposal is, while there is time to do something about it."""
    actor, blind = actor_of(request), batch.guideline.scheme.blind
    draft = batch.state == ReviewBatch.State.DRAFT and actor.has(Role.OFFICER, Role.INSPECTOR)
    found = blinding.findings(batch) if blind and draft else []
    seen = blinding.digest_of(found) if found else ""
    back = sorted({name for p in batch.proposals.all()[:1] for name in blinding.kept_back(p)}) if blind else []
    return {
        "batch": batch,
        "blind": blind,
        "draft": draft,
        "found": found,
        "seen": seen,
        "looked": bool(found) and batch.looked_at == seen,
        "back": back,
        "may_look": actor.has(Role.OFFICER),
    }


def results_panel(request: HttpRequest, batch: ReviewBatch) -> dict[str, Any]:
    """One line a proposal, a page of them: every expert's total under the code, the score, who is far off.

    Where so many experts share the batch that each judged only some, their totals stand together in one column.
    """
    actor = actor_of(request)
    visible = Review.objects.visible_to(actor).filter(batch=batch)
    every = batch.proposals.select_related("party").order_by("-score", "pk")
    page = Paginator(every, PER_PAGE).get_page(request.GET.get("scores"))
    sheets: dict[int, dict[str, Review]] = {}
    for sheet in visible.filter(proposal__in=[p.pk for p in page]).order_by("code"):
        sheets.setdefault(sheet.proposal_id, {})[sheet.code] = sheet
    codes = list(visible.order_by("code").values_list("code", flat=True).distinct())
    if len(codes) > MOST_COLUMNS:
        codes = []
    rows = []
    for proposal in page:
        line = sheets.get(proposal.pk, {})
        cells: list[dict[str, Any]] = [{"value": proposal.title, "url": f"/d/proposals/{proposal.pk}"}]
        cells += [_total(line.get(code)) for code in codes] or [_totals(line)]
        score = "—" if proposal.score is None else f"{proposal.score:.2f}"
        rows.append({"cells": [*cells, {"value": score, "align": "end"}]})
    open_sheets = visible.filter(state="assigned").select_related("proposal").order_by("code", "proposal")
    flagged = visible.filter(flagged=True).select_related("proposal").order_by("code")
    running = batch.state == "running" and actor.has(Role.OFFICER)
    return {
        "batch": batch,
        "columns": [
            {"label": "项目"},
            *([{"label": c, "align": "end"} for c in codes] or [{"label": "各位专家"}]),
            {"label": "得分", "align": "end"},
        ],
        "rows": rows,
        "page": page,
        "flagged": list(flagged),
        "open": list(open_sheets[:60]) if running else [],
        "running": running,
    }


def _totals(line: dict[str, Review]) -> dict[str, Any]:
    return {"value": "　".join(f"{code} {_total(sheet)['value']}" for code, sheet in line.items()) or "—"}


def _total(sheet: Review | None) -> dict[str, Any]:
    if sheet is None or sheet.state == Review.State.RECUSED:
        return {"value": "回避" if sheet else "—", "align": "end"}
    if sheet.state == Review.State.ASSIGNED:
        return {"value": "待评", "align": "end"}
    return {"value": f"{sheet.total:.1f}" + (" ⚑" if sheet.flagged else ""), "align": "end"}
