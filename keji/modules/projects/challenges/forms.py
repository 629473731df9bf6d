"""Cleaning of what is written about a problem on the list: the need, the argument, a bid, the scores, the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from keji.desk.fields import DATE, LinesField, parts_of, within
from keji.desk.forms import PartyCodeField, RecordForm
from keji.kernel import clock
from keji.modules.projects.challenges.services.challenges import barriers
from keji.modules.projects.fields import WanField, day_of, filled, in_wan
from keji.modules.projects.models import Bid, Challenge, Contract, Programme
from keji.modules.projects.numbers import months_later

TARGETS = "每行一条，写可考核的数值；验收时逐条核对"


class ChallengeForm(RecordForm):
    """What a firm needs and would pay for."""

    fieldsets = (
        ("需求", ("party", "title", "need", "wanted")),
        ("榜金和期限", ("prize", "firm_money", "months", "terms")),
    )
    party = PartyCodeField(label="出题单位代码")
    title = forms.CharField(label="榜单名称", max_length=80)
    need = forms.CharField(
        label="需求内容", widget=forms.Textarea, max_length=3000, help_text="现状、卡在哪里、试过什么、想达到什么"
    )
    wanted = LinesField(label="成果要求", rows=4, help_text=TARGETS)
    prize = WanField(label="榜金")
    firm_money = WanField(label="其中出题单位出资")
    months = forms.IntegerField(label="完成期限（月）", min_value=1, max_value=60)
    terms = forms.CharField(
        label="揭榜条件", widget=forms.Textarea, max_length=2000, required=False, help_text="不设职称、学历、年龄门槛"
    )

    @classmethod
    def values(cls, record: Challenge) -> dict[str, Any]:
        return filled(cls, record) | {"party": record.party.uscc, "wanted": "\n".join(record.wanted)}

    def clean_terms(self) -> str:
        return no_barriers(self.cleaned_data["terms"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (cleaned.get("firm_money") or 0) > (cleaned.get("prize") or 0):
            self.add_error("firm_money", "出资大于榜金，请核对")
        if cleaned.get("prize") == 0:
            self.add_error("prize", "榜金应大于 0")
        return cleaned


def no_barriers(terms: str) -> str:
    if found := barriers(terms):
        raise forms.ValidationError(f"写了“{'、'.join(found)}”；揭榜挂帅不设职称、学历、年龄门槛，请删去")
    return terms


def people_of(lines: list[str]) -> list[dict[str, str]]:
    """[{name, unit}] from lines 姓名，单位."""
    found = []
    for place, line in enumerate(lines, 1):
        name, unit = [*parts_of(line), ""][:2]
        if not name or not unit:
            raise forms.ValidationError(f"第 {place} 行应写成“姓名，单位”")
        found.append({"name": within(name, 60, "姓名", place), "unit": within(unit, 120, "单位", place)})
    return found


class ArgueForm(forms.Form):
    """What the experts made of a problem."""

    fieldsets = (
        ("榜单", ("title", "programme", "wanted", "terms")),
        ("榜金和期限", ("prize", "firm_money", "months", "closes_on", "contact")),
        ("论证", ("held_on", "panel", "argued")),
    )
    title = forms.CharField(label="榜单名称", max_length=80)
    programme: Any = forms.ModelChoiceField(queryset=None, label="科技计划", empty_label="请选择")
    wanted = LinesField(label="成果要求", rows=4, help_text=TARGETS)
    terms = forms.CharField(label="揭榜条件", widget=forms.Textarea, max_length=2000, required=False)
    prize = WanField(label="榜金")
    firm_money = WanField(label="其中出题单位出资")
    months = forms.IntegerField(label="完成期限（月）", min_value=1, max_value=60)
    closes_on = forms.DateField(label="揭榜截止", widget=DATE)
    contact = forms.CharField(label="联系方式", max_length=200)
    held_on = forms.DateField(label="论证日期", widget=DATE)
    panel = LinesField(label="论证专家", rows=4, help_text="每行一位：姓名，单位")
    argued = forms.CharField(label="论证意见", widget=forms.Textarea, max_length=2000)

    def __init__(self, *args: Any, record: Challenge, drawn: Sequence[Mapping[str, str]] = (), **kwargs: Any) -> None:
        """`drawn` [{name, unit}]: whom the draw gave stand in the form from the start."""
        names = ("title", "programme", "terms", "prize", "firm_money", "months", "closes_on", "contact", "argued")
        usual = {n: getattr(record, n) for n in names}
        usual |= {"wanted": "\n".join(record.wanted), "held_on": record.argued_on or clock.today()}
        usual["panel"] = "\n".join(f"{p['name']}，{p['unit']}" for p in drawn or record.panel)
        super().__init__(*args, **kwargs | {"initial": usual})
        kinds = (Programme.Kind.CHALLENGE, Programme.Kind.JOINT)
        self.fields["programme"].queryset = Programme.objects.filter(kind__in=kinds, in_use=True)  # type: ignore[attr-defined]

    def clean_terms(self) -> str:
        return no_barriers(self.cleaned_data["terms"])

    def clean_panel(self) -> list[dict[str, str]]:
        return people_of(self.cleaned_data["panel"])

    def told(self) -> dict[str, Any]:
        return {n: v for n, v in self.cleaned_data.items() if n not in ("held_on", "panel", "argued")}


class BidForm(forms.Form):
    """A unit's answer; every result wanted has a field of its own."""

    leader_name = forms.CharField(label="项目负责人", max_length=60, required=False)
    plan = forms.CharField(label="解决方案", widget=forms.Textarea, max_length=3000, required=False)
    price = WanField(label="报价", required=False)
    months = forms.IntegerField(label="完成时间（月）", min_value=1, max_value=60, required=False)
    partners = forms.CharField(label="联合揭榜单位", max_length=200, required=False)
    promised = forms.BooleanField(label="承诺内容真实，遵守科研诚信要求", required=False)

    def __init__(self, *args: Any, bid: Bid, **kwargs: Any) -> None:
        self.wanted = bid.challenge.wanted
        names = ("leader_name", "plan", "price", "months", "partners", "promised")
        usual = {n: getattr(bid, n) for n in names}
        usual |= {f"answer_{n}": text for n, text in enumerate(bid.answers)}
        super().__init__(*args, **kwargs | {"initial": usual})
        for n, target in enumerate(self.wanted):
            self.fields[f"answer_{n}"] = forms.CharField(label=f"响应：{target}", max_length=500, required=False)

    def laid_out(self) -> list[dict[str, Any]]:
        answers = [f"answer_{n}" for n in range(len(self.wanted))]
        parts = (
            ("方案", ("leader_name", "plan", "partners")),
            ("逐条响应成果要求", answers),
            ("报价和承诺", ("price", "months", "promised")),
        )
        return [{"title": title, "fields": [self[name] for name in names]} for title, names in parts]

    def told(self) -> dict[str, Any]:
        said = {n: v for n, v in self.cleaned_data.items() if not n.startswith("answer_")}
        return said | {"answers": [self.cleaned_data[f"answer_{n}"].strip() for n in range(len(self.wanted))]}


class FirmViewForm(forms.Form):
    points = forms.DecimalField(label="评分（0–100）", min_value=0, max_value=100, decimal_places=1, max_digits=4)
    willing = forms.ChoiceField(label="是否愿意合作", choices=[("yes", "愿意合作"), ("no", "不愿合作")])
    comment = forms.CharField(label="理由", max_length=500)


class ScoresForm(forms.Form):
    """The panel's points for all bids at once."""

    panel = LinesField(label="专家和得分", rows=6)
    draw_number = forms.CharField(label="专家抽取编号", max_length=24, required=False)

    def __init__(self, *args: Any, bids: list[Bid], drawn: Sequence[Mapping[str, str]] = (), **kwargs: Any) -> None:
        """`drawn` [{name, unit}] stands in the form from the start: only the points are left to write."""
        self.bids = bids
        kwargs.setdefault("initial", {})["panel"] = "\n".join(f"{p['name']}，{p['unit']}，" for p in drawn)
        super().__init__(*args, **kwargs)
        order = "，".join(bid.party.name for bid in bids)
        self.fields["panel"].help_text = f"每行一位：姓名，单位，然后依次是各家得分（{order}）。单数，用逗号分开"
        for bid in bids:
            label = f"专家组意见：{bid.party.name}"
            self.fields[f"opinion_{bid.pk}"] = forms.CharField(label=label, max_length=500, initial=bid.opinion)

    def clean_panel(self) -> list[tuple[dict[str, str], list[Decimal]]]:
        found = []
        for place, line in enumerate(self.cleaned_data["panel"], 1):
            name, unit, *points = (
                [*parts_of(line), "", ""][: 2 + len(self.bids)] if "，" in line or "," in line else ["", ""]
            )
            try:
                values = [Decimal(p) for p in points]
            except InvalidOperation:
                values = []
            if not name or not unit or len(values) != len(self.bids) or not all(0 <= v <= 100 for v in values):
                raise forms.ValidationError(
                    f"第 {place} 行应写成“姓名，单位，{'，'.join(['得分'] * len(self.bids))}”，得分在 0 到 100 之间"
                )
            person = {"name": within(name, 60, "姓名", place), "unit": within(unit, 120, "单位", place)}
            found.append((person, values))
        return found

    def told(self) -> dict[str, Any]:
        rows = self.cleaned_data["panel"]
        return {
            "panel": [person for person, _ in rows],
            "points": {bid.pk: [values[n] for _, values in rows] for n, bid in enumerate(self.bids)},
            "opinions": {bid.pk: self.cleaned_data[f"opinion_{bid.pk}"] for bid in self.bids},
            "draw_number": self.cleaned_data["draw_number"],
        }


class ContractForm(forms.Form):
    fieldsets = (("合同", ("content", "starts_on", "ends_on")), ("节点和付款", ("stages",)))
    content = forms.CharField(label="研究内容", widget=forms.Textarea, max_length=2000)
    starts_on = forms.DateField(label="开始日期", widget=DATE)
    ends_on = forms.DateField(label="结束日期", widget=DATE)
    stages = LinesField(
        label="节点",
        rows=5,
        help_text="每行一个：名称，考核内容，完成日期，出题单位付款（万元），财政拨付（万元）；至少两个",
    )

    def __init__(self, *args: Any, record: Challenge, **kwargs: Any) -> None:
        row = Contract.objects.filter(challenge=record).first()
        assert record.winner is not None
        if row is None:
            start = clock.today()
            usual = {
                "content": record.winner.plan, "starts_on": start,
                "ends_on": months_later(start, record.winner.months or record.months),
            }  # fmt: skip
        else:
            lines = [
                f"{s.name}，{s.target}，{s.due_on}，{in_wan(s.firm_amount)}，{in_wan(s.bureau_amount)}"
                for s in row.stages.all()
            ]
            usual = {"content": row.content, "starts_on": row.starts_on, "ends_on": row.ends_on}
            usual["stages"] = "\n".join(lines)
        super().__init__(*args, **kwargs | {"initial": usual})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("starts_on") and cleaned.get("ends_on") and cleaned["ends_on"] < cleaned["starts_on"]:
            self.add_error("ends_on", "结束日期早于开始日期，请核对")
        return cleaned

    def clean_stages(self) -> list[dict[str, Any]]:
        found = []
        for place, line in enumerate(self.cleaned_data["stages"], 1):
            try:
                name, target, day, firm, bureau = parts_of(line)
                money = [WanField(label="付款").clean(v) for v in (firm, bureau)]
                due_on = day_of(day)
            except (ValueError, forms.ValidationError):
                raise forms.ValidationError(
                    f"第 {place} 行应写成“名称，考核内容，完成日期，出题单位付款，财政拨付”，"
                    "如“样机，通过检测，2025-06-30，30，20”"
                ) from None
            said = {"name": within(name, 80, "名称", place), "target": within(target, 300, "考核内容", place)}
            found.append(said | {"due_on": due_on, "firm_amount": money[0], "bureau_amount": money[1]})
        return found


class ChecksForm(forms.Form):
    """The list's targets, one by one."""

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contract = contract
        words = {True: "yes", False: "no", None: ""}
        for n, check in enumerate(contract.checks):
            self.fields[f"met_{n}"] = forms.ChoiceField(
                label=check["target"],
                choices=[("", "请选择"), ("yes", "达到"), ("no", "未达到")],
                initial=words[check["met"]],
            )
            self.fields[f"note_{n}"] = forms.CharField(label="依据", max_length=300, initial=check["note"])

    def told(self) -> list[dict[str, Any]]:
        return [
            {
                "target": c["target"],
                "met": self.cleaned_data[f"met_{n}"] == "yes",
                "note": self.cleaned_data[f"note_{n}"],
            }
            for n, c in enumerate(self.contract.checks)
        ]
