"""The desks of public notices and of the objections they draw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest

from keji.desk.desk import Desk, Panel, register
from keji.desk.forms import RecordForm
from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.people.roles import Actor
from keji.kernel.records.notices import Objection, PublicNotice, services
from keji.kernel.records.notices.period import LONGEST, days_name, is_certain, usual_workdays
from keji.site.public.notices import headings

PREVIEWED = 20  # rows of the table shown on the officer's page; the public page shows all


class NoticeForm(RecordForm):
    fieldsets = (
        ("公示", ("kind", "matter", "title", "document_number", "workdays", "contact")),
        ("内容", ("body", "table", "numbers")),
    )

    kind = forms.ChoiceField(label="类型", choices=PublicNotice.Kind.choices)
    matter = forms.ChoiceField(label="事项", choices=PublicNotice.Matter.choices, help_text="决定通常公示几个工作日")
    title = forms.CharField(label="标题", max_length=200)
    document_number = forms.CharField(label="文号", max_length=60, required=False, help_text="没有文号的留空")
    workdays = forms.IntegerField(label="公示工作日", min_value=1, max_value=LONGEST, required=False)
    contact = forms.CharField(
        label="受理方式", max_length=200, required=False, help_text="受理科室、电话、地址；公示必填"
    )
    body = forms.CharField(label="内容", max_length=20000, widget=forms.Textarea(attrs={"rows": 10}))
    table = forms.CharField(
        label="名单",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="从 Excel 复制后粘贴，第一行是表头；不要包含身份证号、手机号等个人信息",
    )
    numbers = forms.CharField(
        label="涉及记录",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="记录编号，用空格或换行分开；发布后这些记录的页面会列出本公示",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workdays"].help_text = usual_days_sentence()

    @classmethod
    def values(cls, record: PublicNotice) -> dict[str, Any]:
        plain = {n: getattr(record, n) for n in cls.base_fields if n not in ("table", "numbers")}
        lines = [record.columns, *record.rows] if record.columns else []
        return plain | {"table": "\n".join("\t".join(line) for line in lines), "numbers": "\n".join(record.numbers)}

    def clean_table(self) -> dict[str, list[Any]]:
        lines = [
            [c.strip() for c in line.split("\t")] for line in self.cleaned_data["table"].splitlines() if line.strip()
        ]
        if not lines:
            return {"columns": [], "rows": []}
        head, rows = lines[0], lines[1:]
        if not rows:
            raise forms.ValidationError("只有表头，没有名单，请把名单一起粘贴")
        for place, row in enumerate(rows, 1):
            row += [""] * (len(head) - len(row))  # Excel leaves out what is empty at the end
            if len(row) > len(head):
                raise forms.ValidationError(f"名单第 {place} 行有 {len(row)} 格，表头只有 {len(head)} 格，请核对")
        return {"columns": head, "rows": rows}

    def clean_numbers(self) -> list[str]:
        return self.cleaned_data["numbers"].replace("，", " ").replace("、", " ").replace(",", " ").split()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == PublicNotice.Kind.NOTICE and not cleaned.get("contact"):
            self.add_error("contact", "公示要写明怎样提出异议：受理科室、电话和地址")
        if not self.errors:
            cleaned.update(cleaned.pop("table"))
        return cleaned


def usual_days_sentence() -> str:
    """What is taken when the box stays empty, per matter, with 待核 where nobody has read the text."""
    today, parts = clock.today(), []
    for matter, label in PublicNotice.Matter.choices:
        unsure = "" if is_certain(days_name(matter), today) else "，待核"
        parts.append(f"{label} {usual_workdays(matter, today)} 个{unsure}")
    return f"留空按规则参数：{'；'.join(parts)}。公告、结果公布留空表示长期公开"


def draft_notices(rows: Sequence[dict[str, Any]], *, actor: Actor, at: datetime, source: str) -> list[PublicNotice]:
    return [services.draft_notice(**row, actor=actor, at=at) for row in rows]


def content_panel(request: HttpRequest, notice: PublicNotice) -> dict[str, Any]:
    """The text and the table as the public reads them, and whether they are still what was published."""
    counts = services.objection_counts(notice)
    return {
        "notice": notice,
        "columns": headings(notice),
        "rows": [{"cells": [{"value": c} for c in row]} for row in notice.rows[:PREVIEWED]],
        "more": max(len(notice.rows) - PREVIEWED, 0),
        "untouched": not notice.digest or notice.content_digest() == notice.digest,
        "counts": counts,
        "result": services.result_sentence(notice, clock.today()),
        "corrections": notice.corrections.filter(state__in=["published", "closed"]),
        "may_correct": notice.is_shown and actor_of(request).has(*PublicNoticeDesk().writers),
    }


def objection_panel(request: HttpRequest, objection: Objection) -> dict[str, Any]:
    return {"objection": objection, "notice": objection.notice}


@register
class PublicNoticeDesk(Desk):
    name, model, group, icon = "notices", PublicNotice, "公文", "send"
    intro = "一人起草、另一人发布；发布后内容锁定，公示期按工作日计算，期满自动结束。"
    columns = ("title", "kind", "matter", "period", "state", "published_at")
    search = ("title", "number", "document_number")
    filters = ("kind", "matter", "state")
    tones = {"draft": "amber", "published": "green", "closed": "gray", "withdrawn": "red", "discarded": "gray"}
    facts = (
        ("公示", ("number", "kind", "matter", "document_number", "workdays", "period", "contact", "corrects")),
        ("办理", ("drafted_by", "created_at", "published_by", "published_at", "withdrawn_reason")),
    )
    panels = (Panel("公开内容", "site/notice_content.html", content_panel),)
    form = NoticeForm
    create, update = staticmethod(draft_notices), staticmethod(services.revise_notice)
    editable_in = ("draft",)
    related = ("drafted_by", "published_by", "corrects")
    empty = "还没有公示。点“新建公示”起草，由另一位同志发布后公众即可看到。"


@register
class ObjectionDesk(Desk):
    name, model, group, icon = "notice-objections", Objection, "公文", "message"
    intro = "公众对公示提出的异议；时限从提出之日起按工作日计算，一人拟答复、另一人复核。"
    columns = ("number", "notice", "named", "raised_at", "state", "decision", "answered_at")
    search = ("number", "reason", "notice__title")
    filters = ("state", "decision", "named")
    tones = {"raised": "amber", "proposed": "blue", "answered": "green"}
    facts = (
        ("异议", ("number", "notice", "named", "raised_at", "limit_said", "reason")),
        ("答复", ("decision", "answer", "proposed_by", "answered_by", "answered_at")),
    )
    related = ("notice", "proposed_by", "answered_by")
    sealed = ("name", "contact")
    empty = "没有收到异议。公示期内公众可以在公示页面提出。"
