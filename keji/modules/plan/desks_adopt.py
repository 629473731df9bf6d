"""The list of the plan's editions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from keji.desk.desk import Desk, Panel, register
from keji.modules.plan.models import Plan


def pages_of(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """The pages of one edition, each with what it is for."""
    links = [
        ("目标核对", reverse("plan-adopt", args=[plan.pk]), "原文与目标并排，逐条核对、指定科室、采用", "columns"),
        ("任务树", reverse("plan-tree", args=[plan.pk]), "行动、任务、举措和目标，谁负责、何时完成", "sitemap"),
    ]
    if plan.supersedes_id:
        links.append(("版本对照", reverse("plan-compare", args=[plan.pk]), "与上一版相比改了什么", "history"))
    links.append(("原文件", reverse("plan-source", args=[plan.pk]), plan.source_name, "file-download"))
    return {"links": links}


def uploading(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    tracked = plan.targets.filter(dropped=False, merged_into__isnull=True)
    revision = Plan.objects.filter(supersedes=plan).first()
    return {
        "plan": plan,
        "target_count": tracked.count(),
        "task_count": plan.items.filter(kind="task").count(),
        "revision": revision,
        "may_revise": plan.state == "adopted" and revision is None,
    }


@register
class PlanDesk(Desk):
    name, model, group, icon = "plan", Plan, "工作要点", "notebook"
    intro = "每年一份，可以修订；采用后目标开始跟踪，旧版留存。"
    columns = ("title", "year", "edition", "state", "adopted_on")
    search = ("title", "number")
    filters = ("year", "state")
    tones = {"draft": "amber", "adopted": "green", "superseded": "gray", "discarded": "plain"}
    facts = (
        (
            "工作要点",
            ("number", "title", "year", "edition", "supersedes", "adopted_on", "source_name", "created_at"),
        ),
    )
    panels = (
        Panel("查看与办理", "plan/parts/links.html", pages_of),
        Panel("目标与修订", "plan/parts/editions.html", uploading),
    )
    related = ("supersedes",)
    empty = "请在“上传工作要点”页（/plan/upload）上传今年的工作要点文件，系统会自动识别任务和目标。"
