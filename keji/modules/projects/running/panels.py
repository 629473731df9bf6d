"""What stands on a project's page: task book, money, reports, changes, acceptance, what is due."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest

from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.lib.figures import plain_date
from keji.modules.projects.models import Change, Project, TaskBook
from keji.modules.projects.models.access import OVERSEERS
from keji.modules.projects.numbers import unsure, wan
from keji.modules.projects.running.forms import PaymentForm
from keji.modules.projects.running.services import accepting, due, payments, reports, taskbook
from keji.modules.projects.running.services.changes import asking_refusal

CHANGE_TONES = {"requested": "amber", "agreed": "blue", "approved": "green", "refused": "red", "filed": "plain"}


#: states in which a project still goes on: what it lacks is worth a heading
RUNNING = ("established", "signed", "accepting", "mending")


def due_panel(request: HttpRequest, project: Project) -> dict[str, Any] | None:
    """What should happen by when; nothing is due of what is over."""
    today = clock.today()
    if project.state not in due.ACTIVE:
        return None
    rows = due.dues(Project.objects.filter(pk=project.pk), today)
    return {
        "rows": [{"due": row, "late": row.days_late(today)} for row in rows],
        "unsure": unsure(["task_book_days", "first_payment_days", "acceptance_months"], today) if rows else [],
    }


def book_panel(request: HttpRequest, project: Project) -> dict[str, Any] | None:
    """The task book, or why there is none; one registered from before has none here."""
    actor = actor_of(request)
    book = TaskBook.objects.filter(project=project).first()
    if book is None and project.state not in RUNNING:
        return None
    mine = project.party_id in actor.parties
    county = actor.has(Role.COUNTY) and project.region_id in actor.regions
    open_ = project.state == "established" and book is not None
    nodes = [
        {
            "cells": [
                {"value": m.name},
                {"value": m.target},
                {"value": plain_date(m.due_on)},
                {"value": wan(m.amount), "align": "end"},
                {
                    "value": f"{plain_date(m.done_on)}完成" if m.done_on else "未完成",
                    "badge": "green" if m.done_on else "gray",
                },
            ]
        }
        for m in project.milestones.all()
    ]
    labels = ("节点", "考核内容", "期限")
    return {
        "project": project,
        "book": book,
        "may_write": not taskbook.writing_refusal(project, actor),
        "may_sign": open_ and book is not None and ((mine and not book.unit_at) or (county and not book.county_at)),
        "columns": [*({"label": w} for w in labels), {"label": "拨付（万元）", "align": "end"}, {"label": "完成情况"}],
        "rows": nodes,
        "changed": project.changes.exclude(effect={}).count(),
        "open_nodes": list(project.milestones.filter(done_on=None)) if mine and project.state == "signed" else [],
    }


def money_panel(request: HttpRequest, project: Project) -> dict[str, Any]:
    officer = actor_of(request).has(Role.OFFICER)
    may_pay = officer and project.state in payments.PAYABLE and project.remaining > 0
    back = officer and project.state in ("terminated", "revoked") and project.paid > project.returned
    rows = [
        {
            "cells": [
                {"value": plain_date(p.paid_on)},
                {"value": p.get_direction_display()},
                {"value": wan(p.amount), "align": "end"},
                {"value": str(p.milestone or "—")},
                {"value": p.order_code},
            ]
        }
        for p in project.payments.select_related("milestone")
    ]
    lines = list(project.budget.all())
    last = payments.first_payment_due(project)
    return {
        "project": project,
        "columns": [
            {"label": "日期"},
            {"label": "方向"},
            {"label": "金额（万元）", "align": "end"},
            {"label": "节点"},
            {"label": "支付凭证号"},
        ],
        "rows": rows,
        "granted": wan(project.grant),
        "paid": wan(project.paid),
        "remaining": wan(project.remaining),
        "returned": wan(project.returned) if project.returned else "",
        "owed": wan(payments.owed(project)) if payments.owed(project) else "",
        "first_due": last,
        "late": last is not None and last < clock.today(),
        "budget": [
            {"cells": [{"value": str(b)}, *({"value": wan(v), "align": "end"} for v in (b.amount, b.spent))]}
            for b in lines
        ],
        "budget_columns": [
            {"label": "科目"},
            *({"label": w, "align": "end"} for w in ("预算（万元）", "已支出（万元）")),
        ],
        "form": PaymentForm(project=project, initial={"paid_on": clock.today()}) if may_pay or back else None,
        "may_pay": may_pay,
        "may_give_back": back,
    }


def report_panel(request: HttpRequest, project: Project) -> dict[str, Any] | None:
    mine = not reports.writing_refusal(project, actor_of(request))
    if not mine and project.state not in RUNNING and not project.reports.exists():
        return None
    return {
        "project": project,
        "reports": list(project.reports.order_by("-year")),
        "missing": reports.missing_years(project, clock.today()),
        "may_write": mine,
    }


def change_panel(request: HttpRequest, project: Project) -> dict[str, Any] | None:
    actor = actor_of(request)
    rows = [{"row": c, "tone": CHANGE_TONES[c.state]} for c in project.changes.all()]
    may = project.party_id in actor.parties and not asking_refusal(project, "members", None, actor, clock.today())
    return {"project": project, "rows": rows, "may_ask": may} if rows or may else None


def effect_panel(request: HttpRequest, record: Change) -> dict[str, Any]:
    """What an approved change did: every figure as it was and as it is."""
    named = {**dict.fromkeys(("leader_name",), "项目负责人"), "ends_on": "结束日期", "grant": "核定资助"}
    rows = [
        {"cells": [{"value": named.get(what, what)}, {"value": _plain(what, old)}, {"value": _plain(what, new)}]}
        for what, (old, new) in record.effect.items()
    ]
    return {"record": record, "rows": rows, "columns": [{"label": w} for w in ("内容", "变更前", "变更后")]}


def _plain(what: str, value: Any) -> str:
    if what == "ends_on":
        return plain_date(date.fromisoformat(value))
    return f"{wan(value)} 万元" if what == "grant" else str(value or "—")


def acceptance_panel(request: HttpRequest, project: Project) -> dict[str, Any] | None:
    actor = actor_of(request)
    sees = actor.has(*OVERSEERS)
    rounds = [
        {"row": row, "points": accepting.points_of(row), "panel": row.panel if sees else []}
        for row in project.acceptances.order_by("-round")
    ]
    waiting = bool(rounds) and not rounds[0]["row"].conclusion
    mine = project.party_id in actor.parties and project.state in ("signed", "mending")
    if not rounds and not mine and project.state not in RUNNING:
        return None
    return {
        "project": project,
        "rounds": rounds,
        "may_ask": mine,
        "ask_refusal": accepting.asking_refusal(project, actor, clock.today()) if mine else "",
        "may_record": actor.has(Role.OFFICER) and project.state == "accepting" and waiting,
        "dossier": project.dossier if sees else None,
    }
