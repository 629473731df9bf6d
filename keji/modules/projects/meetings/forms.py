"""Forms of a panel's meeting: calling it, its agenda, a paper sheet, an opinion signed on paper."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from keji.desk.fields import DATE
from keji.kernel import clock
from keji.modules.projects.meetings.services.calling import MOST_MINUTES, meeting_of, secretaries
from keji.modules.projects.meetings.services.opinions import Standing
from keji.modules.projects.meetings.services.paper_sheets import lines_of
from keji.modules.projects.models import Review, ReviewBatch
from keji.modules.projects.numbers import number


class CallForm(forms.Form):
    fieldsets = (("会议", ("held_on", "starts_at", "place", "secretary")), ("议程", ("digits", "minutes_each")))
    held_on = forms.DateField(label="会议日期", widget=DATE)
    starts_at = forms.TimeField(label="开始时间", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    place = forms.CharField(label="会议地点", max_length=120)
    secretary = forms.TypedChoiceField(label="会议秘书", coerce=int, help_text="业务科室的同志，负责签到和记录")
    digits = forms.CharField(
        label="抽签数字",
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="当众报出的 4 到 12 位数字，项目次序由它排定，谁都可以复算",
    )
    minutes_each = forms.IntegerField(label="每个项目时长（分钟）", min_value=1, max_value=MOST_MINUTES)

    def __init__(self, *args: Any, batch: ReviewBatch, **kwargs: Any) -> None:
        on, known = clock.today(), meeting_of(batch)
        usual: dict[str, Any] = {"held_on": batch.due_on, "starts_at": "09:00"}
        usual["minutes_each"] = number("meeting_minutes_each", on)
        if known is not None:
            usual |= {n: getattr(known, n) for n in ("held_on", "starts_at", "place", "digits")}
            usual["secretary"] = known.secretary_id
        super().__init__(*args, **kwargs | {"initial": usual})
        self.fields["secretary"].choices = [("", "请选择"), *secretaries(on)]  # type: ignore[attr-defined]


def marks_of(review: Review, posted: Any) -> tuple[dict[int, tuple[Decimal | None, str]], dict[int, str]]:
    """({criterion's key: (points, comment)}, {criterion's key: what is wrong with its points}) of a sheet's page."""
    found: dict[int, tuple[Decimal | None, str]] = {}
    bad: dict[int, str] = {}
    for criterion in review.batch.guideline.scheme.criteria.all():
        text = posted.get(f"points_{criterion.pk}", "").strip()
        points: Decimal | None = None
        if text:
            try:
                points = Decimal(text)
                if not points.is_finite() or points != round(points, 1) or not 0 <= points <= criterion.full:
                    raise InvalidOperation
            except InvalidOperation:
                bad[criterion.pk] = f"请填 0 到 {criterion.full} 之间的数，最多一位小数"
                points = None
        found[criterion.pk] = (points, posted.get(f"comment_{criterion.pk}", ""))
    return found, bad


class PaperSheetForm(forms.Form):
    """What stands on the signed paper, criterion by criterion."""

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review
        paper = getattr(review, "on_paper", None)
        self.names: list[str] = []
        for line in lines_of(review):
            criterion = line["criterion"]
            points, comment = f"points_{criterion.pk}", f"comment_{criterion.pk}"
            self.fields[points] = forms.DecimalField(
                label=f"{criterion.name}（满分 {criterion.full}）", min_value=0, max_value=criterion.full,
                max_digits=5, decimal_places=1, initial=line["points"],
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )  # fmt: skip
            self.fields[comment] = forms.CharField(
                label=f"{criterion.name}评语", max_length=500, required=False, initial=line["comment"]
            )
            self.names += [points, comment]
        self.fields["comment"] = forms.CharField(
            label="总体意见", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
            initial=paper.comment if paper else "",
        )  # fmt: skip
        self.fields["page"] = forms.FileField(
            label="签名的评分表扫描件", required=paper is None,
            help_text=f"已上传 {paper.page_name}，不换可以不选" if paper else "PDF 或图片",
        )  # fmt: skip

    def laid_out(self) -> list[dict[str, Any]]:
        return [
            {"title": "打分", "fields": [self[n] for n in self.names]},
            {"title": "意见和扫描件", "fields": [self["comment"], self["page"]]},
        ]

    def marks(self) -> dict[int, tuple[Decimal | None, str]]:
        said = self.cleaned_data
        keys = [c.pk for c in self.review.batch.guideline.scheme.criteria.all()]
        return {key: (said[f"points_{key}"], said[f"comment_{key}"]) for key in keys}


class OpinionForm(forms.Form):
    """A common opinion signed on paper: what it says, who agrees, who does not and why."""

    def __init__(self, *args: Any, standing: Standing, said: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing, item = standing, standing.item
        choices = [("", "请选择"), *((word, word) for word in said)]
        self.fields["conclusion"] = forms.ChoiceField(label="结论", choices=choices, initial=item.conclusion)
        self.fields["opinion"] = forms.CharField(
            label="专家组意见", widget=forms.Textarea(attrs={"rows": 6}), max_length=2000, initial=item.opinion
        )
        for voter in standing.voters:
            known = standing.said.get(voter.pk)
            self.fields[f"agrees_{voter.pk}"] = forms.ChoiceField(
                label=f"{voter.code} {voter.person.name}", choices=[("yes", "同意"), ("no", "不同意")],
                initial="no" if known and not known.agrees else "yes",
            )  # fmt: skip
            self.fields[f"words_{voter.pk}"] = forms.CharField(
                label=f"{voter.code} 的不同意见", max_length=500, required=False, initial=known.words if known else ""
            )
        self.fields["page"] = forms.FileField(
            label="签名的专家组意见扫描件", required=not item.page_id,
            help_text=f"已上传 {item.page_name}，不换可以不选" if item.page_id else "PDF 或图片",
        )  # fmt: skip

    def laid_out(self) -> list[dict[str, Any]]:
        voters = [self[f"{kind}_{v.pk}"] for v in self.standing.voters for kind in ("agrees", "words")]
        return [
            {"title": "专家组意见", "fields": [self["conclusion"], self["opinion"], self["page"]]},
            {"title": "表态", "fields": voters},
        ]

    def answers(self) -> dict[int, tuple[bool, str]]:
        said = self.cleaned_data
        return {v.pk: (said[f"agrees_{v.pk}"] == "yes", said[f"words_{v.pk}"]) for v in self.standing.voters}
