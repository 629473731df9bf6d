"""Asking for a panel by hand: what is reviewed, how many, which quotas. Other modules ask through the api."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from keji.desk.forms import Lookup
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.parties.models import Party
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.lib.codes import clean_uscc
from keji.modules.experts.asking import (
    DISCIPLINE,
    IN_CITY,
    KIND,
    OUTSIDE,
    PLACE,
    AvoidedName,
    PersonRef,
    QuotaRow,
    Subject,
)
from keji.modules.experts.forms import SPLIT, words
from keji.modules.experts.models import Discipline, Draw, DrawSubject, Expert
from keji.modules.experts.services.requests import request_draw

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
AREA = {"rows": 3}
SUBJECT_HELP = (
    "每行一个：编号 | 名称 | 单位统一社会信用代码（多个用、隔开） | 负责人和团队（姓名@单位，多个用、隔开） | "
    "申请回避（姓名@单位：理由，多个用；隔开）。后三项可以空着"
)
QUOTA_HELP = "每行一条：类别 数值 下限 上限，如“类型 财务 1 1”“学科 510 1 2”“地域 市外 2 5”；上限可以不写"


def officers() -> list[tuple[str, str]]:
    rows = Account.objects.filter(is_active=True, grants__role=Role.OFFICER).distinct()
    return [("", "暂不指定"), *((str(a.pk), a.name) for a in rows)]


class RequestForm(forms.Form):
    title = forms.CharField(label="评审事项", max_length=160)
    review_on = forms.DateField(label="评审日期", widget=DATE)
    venue = forms.CharField(label="评审地点", max_length=120, required=False)
    size = forms.IntegerField(label="评审组人数", min_value=1, max_value=99, initial=5, help_text="单数")
    substitutes = forms.IntegerField(label="备选人数", min_value=0, max_value=99, initial=3)
    employer_cap = forms.IntegerField(
        label="同单位人数上限", min_value=0, max_value=99, initial=1, help_text="0 为不限"
    )
    disciplines = forms.CharField(
        label="学科范围",
        max_length=200,
        required=False,
        help_text="一级学科代码，如 510、520；空着为不限。只约束技术和产业类专家",
    )
    outside = forms.IntegerField(label="市外专家至少", min_value=0, max_value=99, initial=2, required=False)
    quotas = forms.CharField(
        label="其他名额要求", max_length=2000, required=False, widget=forms.Textarea(attrs=AREA), help_text=QUOTA_HELP
    )
    subjects = forms.CharField(
        label="评审对象", max_length=20000, widget=forms.Textarea(attrs={"rows": 6}), help_text=SUBJECT_HELP
    )
    contact = forms.ChoiceField(
        label="联络人",
        choices=officers,
        required=False,
        help_text="抽取后负责电话通知专家；不能是申请人。不指定时由专家自己在系统里答复",
    )
    instead_of = forms.CharField(
        label="替代的抽取", max_length=24, required=False, help_text="取消后重新申请的，填原抽取编号，如 ZQ-2024-0001"
    )

    def __init__(self, *args: Any, lookup: Lookup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lookup = lookup

    def clean_disciplines(self) -> list[str]:
        asked = words(self.cleaned_data["disciplines"])
        known = {d.name: d.code for d in Discipline.objects.filter(parent=None)}
        return [known.get(w, w) for w in asked]

    def clean_quotas(self) -> list[QuotaRow]:
        found = []
        for line in self.cleaned_data["quotas"].splitlines():
            parts = [w for w in SPLIT.split(line) if w]  # equal numbers stay two: 1 1 is exactly one
            if not parts:
                continue
            if not 3 <= len(parts) <= 4 or not all(p.isdecimal() for p in parts[2:]):
                raise forms.ValidationError(f"看不懂“{line.strip()[:30]}”，请写成：类别 数值 下限 上限")
            category, value = parts[0], self._value(parts[0], parts[1])
            least = int(parts[2])
            most = int(parts[3]) if len(parts) == 4 else 999
            found.append(QuotaRow(category, value, least, most))
        return found

    @staticmethod
    def _value(category: str, value: str) -> str:
        if category == DISCIPLINE:
            named = Discipline.objects.filter(parent=None, name=value).values_list("code", flat=True).first()
            return named or value
        if category == KIND and value == "产业":
            return str(Expert.Kind.INDUSTRY.label)
        return value

    def clean_subjects(self) -> list[Subject]:
        found = []
        for number, line in enumerate(self.cleaned_data["subjects"].splitlines(), start=1):
            if line.strip():
                parts = [p.strip() for p in line.replace("｜", "|").split("|")]
                found.append(self._subject(number, parts + [""] * (5 - len(parts))))
        return found

    def _subject(self, line: int, parts: list[str]) -> Subject:
        number, title, codes, people, avoided = parts[:5]
        if not title:
            raise forms.ValidationError(f"第 {line} 行没有名称，请用 | 隔开编号和名称")
        parties = []
        for code in words(codes):
            party = self.lookup.party(clean_uscc(code))
            if party is None:
                raise forms.ValidationError(f"第 {line} 行：没有代码为 {code} 的单位，请先在企业名册中建档")
            parties.append(party.pk)
        return Subject(
            number,
            title,
            tuple(parties),
            tuple(PersonRef(*_at(p)) for p in words(people)),
            tuple(_avoided(line, a) for a in avoided.replace(";", "；").split("；") if a.strip()),
        )

    def all_quotas(self) -> list[QuotaRow]:
        rows: list[QuotaRow] = self.cleaned_data["quotas"]
        if (least := self.cleaned_data.get("outside")) and not any(q.value in (OUTSIDE, IN_CITY) for q in rows):
            rows = [*rows, QuotaRow(PLACE, OUTSIDE, least)]
        return rows

    def clean_instead_of(self) -> Draw | None:
        number = self.cleaned_data["instead_of"].strip().upper()
        if not number:
            return None
        found = Draw.objects.filter(number=number).first()
        if found is None or found.state != Draw.State.CANCELLED:
            raise forms.ValidationError("只能替代已经取消的抽取，请核对编号")
        return found


def _at(text: str) -> tuple[str, None, str]:
    name, _, unit = text.partition("@")
    return name.strip(), None, unit.strip()


def _avoided(line: int, text: str) -> AvoidedName:
    who, _, reason = text.replace(":", "：").partition("：")
    name, _, unit = _at(who)
    if not reason.strip():
        raise forms.ValidationError(f"第 {line} 行：申请回避“{name}”没有写理由，请写成 姓名：理由")
    return AvoidedName(name, reason.strip(), unit)


def _as_before(actor: Actor, number: str) -> dict[str, Any]:
    """What a cancelled draw asked for, as the form takes it: whoever asks anew changes what has to change.

    Only for whoever asked then: others read nowhere whom the applicants want kept away.
    """
    draw = Draw.objects.filter(number=number, state=Draw.State.CANCELLED, requested_by=actor.id).first()
    if draw is None:
        return {"instead_of": number}
    kept = ("title", "review_on", "venue", "size", "substitutes", "employer_cap")
    quotas = [
        [q["category"], q["value"], q["least"], *([q["most"]] if q["most"] < draw.size else [])] for q in draw.quotas
    ]
    return {name: getattr(draw, name) for name in kept} | {
        "instead_of": number,
        "contact": str(draw.contact_id or ""),
        "disciplines": "、".join(draw.disciplines),
        "outside": None,  # it stands among the quotas
        "quotas": "\n".join(" ".join(map(str, row)) for row in quotas),
        "subjects": "\n".join(_as_typed(row) for row in draw.subjects.all()),
    }


def _as_typed(row: DrawSubject) -> str:
    codes = Party.objects.filter(pk__in=row.parties).order_by("pk").values_list("uscc", flat=True)
    people = (f"{p['name']}@{p['unit']}" if p["unit"] else p["name"] for p in row.people)
    avoided = (
        f"{a['name']}@{a['unit']}：{a['reason']}" if a["unit"] else f"{a['name']}：{a['reason']}" for a in row.avoided
    )
    parts = [row.number, row.title, "、".join(codes), "、".join(people), "；".join(avoided)]
    while not parts[-1]:
        parts.pop()
    return " | ".join(parts)


@page(Role.OFFICER)
def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = RequestForm(
        request.POST or None, lookup=Lookup(actor), initial=_as_before(actor, request.GET.get("instead", ""))
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            number = request_draw(
                said["subjects"],
                title=said["title"],
                size=said["size"],
                review_on=said["review_on"],
                quotas=form.all_quotas(),
                disciplines=said["disciplines"],
                employer_cap=said["employer_cap"],
                substitutes=said["substitutes"],
                venue=said["venue"],
                contact=int(said["contact"]) if said["contact"] else None,
                instead_of=said["instead_of"],
                actor=actor,
                at=clock.now(),
            )
            return redirect("experts-draw", Draw.objects.get(number=number).pk)
        except Refused as why:
            form.add_error(None, f"没有申请：{why}。")
    context = {
        "form": form,
        "fieldsets": [
            {"title": "评审", "fields": [form[n] for n in ("title", "review_on", "venue", "contact", "instead_of")]},
            {
                "title": "评审组",
                "fields": [
                    form[n] for n in ("size", "substitutes", "employer_cap", "outside", "disciplines", "quotas")
                ],
            },
            {"title": "评审对象", "fields": [form["subjects"]]},
        ],
        "page_title": "申请抽取评审专家",
        "cancel_url": "/d/expert-draws/",
        "submit_label": "提交申请",
        "crumbs": [("专家抽取", "/d/expert-draws/"), ("申请抽取", "")],
    }
    return render(request, "desk/form.html", context, status=422 if form.is_bound and form.errors else 200)
