"""The desk of review batches."""

from __future__ import annotations

from keji.desk.desk import Desk, Panel, register
from keji.modules.projects.meetings.panels import meeting_panel
from keji.modules.projects.models import ReviewBatch
from keji.modules.projects.module import GROUP
from keji.modules.projects.reviews.forms import BatchForm
from keji.modules.projects.reviews.panels import blind_panel, people_panel, progress_panel, results_panel
from keji.modules.projects.reviews.services import panel


@register
class BatchDesk(Desk):
    name, model, group, icon = "review-batches", ReviewBatch, GROUP, "users"
    intro = "把通过形式审查的项目交给一组专家；专家在结束前只以代号出现。"
    columns = ("title", "guideline", "due_on", "draw_number", "state")
    search = ("title", "number", "guideline__title")
    filters = ("guideline", "state")
    tones = {"draft": "gray", "running": "blue", "closed": "green"}
    facts = (("评审批次", ("title", "guideline", "due_on", "draw_number", "number")),)
    panels = (
        Panel("评审进度", "projects/progress.html", progress_panel),
        Panel("评审专家", "projects/people.html", people_panel),
        Panel("匿名检查", "projects/blind.html", blind_panel),
        Panel("评审会议", "projects/meeting_card.html", meeting_panel),
        Panel("评分和得分", "projects/results.html", results_panel),
    )
    form = BatchForm
    create, update = staticmethod(panel.draft_batches), staticmethod(panel.correct_batch)
    editable_in = ("draft", "running")
    related = ("guideline", "region")
    empty = "还没有评审批次。项目通过形式审查后，在这里新建批次、安排专家。"
