"""What stands on the pages of a scheme, a campaign and one platform's assessment."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.lib.figures import plain_date
from keji.modules.platforms.assessment.services import assessment, mending, scoring
from keji.modules.platforms.files.evidence import files_by_part
from keji.modules.platforms.models import Assessment, Campaign, Scheme
from keji.modules.platforms.register.panels import grade_tone

INSIDERS = (Role.LEADER, Role.OFFICER, Role.INSPECTOR)


def scheme_panel(request: HttpRequest, scheme: Scheme) -> dict[str, Any]:
    officer = actor_of(request).has(Role.OFFICER)
    items = list(scheme.items.all())
    cells = [
        [
            {"value": f"{i.order}. {i.name}", "sub": i.method},
            {"value": i.group},
            {"value": i.weight, "number": True},
            {"value": i.full, "number": True},
            {"value": i.evidence or "不要求"},
        ]
        for i in items
    ]
    labels = (
        ("二级指标和评分办法", ""),
        ("一级指标", ""),
        ("权重", "end"),
        ("满分", "end"),
        ("佐证", ""),
    )
    total = sum((i.weight for i in items), Decimal(0))
    return {
        "scheme": scheme,
        "columns": [{"label": label, "align": align} for label, align in labels],
        "rows": [{"cells": line} for line in cells],
        "footer": [{"value": "合计"}, {}, {"value": total, "number": True}, {}, {}],
        "bands": list(scheme.bands.all()),
        "edit_url": reverse("scheme-items", args=[scheme.pk]) if officer and scheme.state == "draft" else "",
        "copy_url": reverse("scheme-copy", args=[scheme.pk]) if officer and scheme.state != "draft" else "",
    }


def campaign_panel(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """County by county, how many stand where; every figure opens its list."""
    rows = Assessment.objects.visible_to(actor_of(request)).filter(campaign=campaign).select_related("region")
    found = list(rows.order_by("region__order"))
    states = [s for s in Assessment.State if any(r.state == s for r in found)]
    counts = Counter((r.region_id, r.state) for r in found)
    regions = list(dict.fromkeys((r.region_id, r.region.name) for r in found))
    base = f"/d/assessments/?campaign={campaign.pk}"

    def cell(count: int, query: str) -> dict[str, Any]:
        found = {"value": str(count), "align": "end"}
        return found | ({"url": base + query} if count else {})

    lines = [
        {"cells": [{"value": name}, *(cell(counts[code, s], f"&region={code}&state={s}") for s in states)]}
        for code, name in regions
    ]
    footer = [{"value": "合计"}, *(cell(sum(counts[c, s] for c, _ in regions), f"&state={s}") for s in states)]
    columns = [{"label": "县区"}, *({"label": s.label, "align": "end"} for s in states)]
    return {"columns": columns, "rows": lines, "footer": footer}


def results_panel(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """Grades with scores; before publication the bureau and the inspector alone see them."""
    actor = actor_of(request)
    insider = actor.has(*INSIDERS)
    if campaign.state != "published" and not insider:
        return {"hidden": True}
    rows = Assessment.objects.visible_to(actor).filter(campaign=campaign, score__isnull=False)
    found = list(rows.select_related("platform", "region").order_by("-score", "pk"))
    counts = Counter(r.grade for r in found)
    flagged = scoring.failed_twice([r.platform_id for r in found]) if campaign.state == "published" else []
    return {
        "counts": [(b.grade, counts[b.grade]) for b in campaign.scheme.bands.all()],
        "flagged": flagged,
        "columns": [
            *({"label": n} for n in ("平台", "县区")),
            {"label": "得分", "align": "end"},
            *({"label": n} for n in ("等次", "状态")),
        ],
        "rows": [
            {
                "url": f"/d/assessments/{r.pk}",
                "cells": [
                    {"value": r.platform.name},
                    {"value": r.region.name},
                    {"value": r.score, "number": True, "places": 2},
                    {"value": r.grade, "badge": grade_tone(r)},
                    {"value": r.get_state_display()},
                ],
            }
            for r in found
        ],
    }


def report_panel(request: HttpRequest, record: Assessment) -> dict[str, Any]:
    actor = actor_of(request)
    reports = list(record.reports.select_related("item"))
    files = files_by_part(reports)
    url = label = ""
    if not assessment.writing_refusal(record, actor):
        url, label = reverse("assessment-report", args=[record.pk]), "填写自评"
    elif record.state == "reported" and actor.has(Role.COUNTY):
        url, label = reverse("assessment-check", args=[record.pk]), "逐项核实"
    lines = [{"report": r, "files": files[r.pk]} for r in reports]
    total = sum((r.item.weight * r.points / r.item.full for r in reports if r.points is not None), Decimal(0))
    return {"lines": lines, "url": url, "label": label, "total": total.quantize(Decimal("0.01")) if reports else None}


def experts_panel(request: HttpRequest, record: Assessment) -> dict[str, Any]:
    """For the bureau every expert's sheet; for host and county the grade once it is published, and the comments."""
    actor = actor_of(request)
    insider = actor.has(*INSIDERS)
    published = record.campaign.state == "published"
    panel = list(record.panel.prefetch_related("marks__item")) if insider or published else []
    items = assessment.items_of(record) if panel else []
    given = {(p.pk, m.item_id): m for p in panel for m in p.marks.all()}
    rows = []
    for item in items:
        marks = [given.get((p.pk, item.pk)) for p in panel]
        shown = [m.points for m in marks if m is not None]
        mean = sum(shown, Decimal(0)) / len(shown) if shown else None
        single = [{"value": m.points if m else None, "number": True} for m in marks] if insider else []
        comments = "；".join(dict.fromkeys(m.comment for m in marks if m and m.comment))
        average = {"value": mean, "number": True, "places": 2}
        rows.append(
            {"cells": [{"value": item.name, "sub": comments}, *single, average, {"value": item.full, "number": True}]}
        )
    heads = [p.name for p in panel] if insider else []
    columns = [{"label": "指标"}, *({"label": n, "align": "end"} for n in (*heads, "平均", "满分"))]
    edits = record.state == "checked" and actor.has(Role.OFFICER)
    return {
        "record": record,
        "insider": insider,
        "panel": panel if insider else [],
        "columns": columns,
        "rows": rows,
        "edits": edits,
        "problem": scoring.panel_problem(record) if edits else "",
        "score": record.score if insider or published else None,
        "grade": record.grade if insider or published else "",
        "tone": grade_tone(record),
    }


def findings_panel(request: HttpRequest, record: Assessment) -> dict[str, Any]:
    actor = actor_of(request)
    if record.state in ("graded", "ordered") and not actor.has(*INSIDERS):
        return {"record": record, "lines": [], "hidden": True}
    findings = list(record.findings.all())
    files = files_by_part(findings)
    url = label = ""
    if not mending.answering_refusal(record, actor):
        url, label = reverse("assessment-answers", args=[record.pk]), "填写整改情况"
    elif record.state == "mended" and actor.has(Role.OFFICER):
        url, label = reverse("assessment-review", args=[record.pk]), "逐个复核"
    return {
        "record": record,
        "lines": [{"finding": f, "files": files[f.pk]} for f in findings],
        "may_list": record.state == "graded" and actor.has(Role.OFFICER),
        "url": url,
        "label": label,
        "draft": record.state == "ordered",
        "due": plain_date(record.due_on) if record.due_on else "",
        "late": mending.days_late(record, clock.today()),
        "paper": record.paper,
    }
