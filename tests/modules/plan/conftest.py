"""An adopted plan with the figures of the real one, and three small indicators whose records are in the house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

COUNTIES = ("341502", "341503", "341504", "341522", "341523", "341524", "341525", "341500-KFQ")


@pytest.fixture
def indicators(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A catalogue of four: a stock that lapses, a flow with a season, a sum of amounts, a filed share."""
    from keji.kernel.indicators import indicator as kernel
    from keji.kernel.parties.models import Party, Standing

    class Stock(kernel.Counted):
        """期末仍在有效期内的证书数。"""

        code, name, unit, kind = "t_stock", "证书总数", "家", kernel.Kind.STOCK
        region = "party__region_id"

        def records(self, period):
            return Standing.objects.filter(kind="honour").in_force(period.end)

        def lapsing(self, period, until):
            found = {}
            for region in self.records(period).filter(until_on__lt=until).values_list(self.region, flat=True):
                found[region] = found.get(region, 0) + 1
            return found

        def why_left(self, ids, period):
            return {r.pk: "到期" if r.until_on < period.end else "撤销" for r in Standing.objects.filter(pk__in=ids)}

    class Season(kernel.Counted):
        """本年入库数，6月27日开放。"""

        code, name, unit, kind, opens_on = "t_season", "本年入库数", "家", kernel.Kind.FLOW, (6, 27)

        def records(self, period):
            return Party.objects.filter(established_on__range=(date(period.year, 1, 1), period.end))

    class Money(kernel.Counted):
        """合同金额合计。"""

        code, name, unit, kind, amount = "t_money", "合同成交额", "万元", kernel.Kind.FLOW, "value"

        def records(self, period):
            from keji.kernel.indicators.models import ReportedFigure

            return ReportedFigure.objects.filter(indicator="contract", period__lte=str(period), state="confirmed")

    class Share(kernel.Reported):
        """财政科技支出占比。"""

        code, name, unit = "t_share", "财政科技支出占比", "%"
        places = 2

    made = {cls.code: cls() for cls in (Stock, Season, Money, Share)}
    monkeypatch.setattr(kernel, "_catalogue", made)
    return made


@pytest.fixture
def section(db: Any) -> Any:
    from keji.kernel.people.models import Section

    return Section.objects.create(code="hightech", name="高新科", order=1)


@pytest.fixture
def plan(city: Any, section: Any, now: datetime) -> Any:
    """六安 2024, adopted, one action with one task and no targets yet."""
    from keji.kernel.documents.models import Blob
    from keji.modules.plan.models import Item, Plan

    blob = Blob.objects.create(sha256="0" * 64, size=1)
    made = Plan.objects.create(
        number="YD-2024-0001", region=city, year=2024, title="2024年全市科技工作要点", state="adopted", text="全文",
        source_name="要点.docx", source_blob=blob, created_at=now, updated_at=now, adopted_on=date(2024, 3, 1),
    )  # fmt: skip
    action = Item.objects.create(plan=made, kind="action", number="（一）", title="创新主体扩容行动", line=6, order=1)
    Item.objects.create(
        plan=made, parent=action, kind="task", number="1.", title="强化创新主体培育", line=7, order=2, section=section
    )
    return made


@pytest.fixture
def make_target(plan: Any, section: Any) -> Callable[..., Any]:
    """make_target("高企总数", "ge", "750", indicator="t_stock") → a tracked target of the plan."""
    from keji.modules.plan.models import Item, PlanTarget

    def make(subject: str, op: str = "ge", value: str | None = None, **fields: Any) -> Any:
        fields.setdefault("unit", "家")
        fields.setdefault("due_on", date(2024, 12, 31))
        if "indicator" in fields:
            fields.setdefault("basis", "indicator")
        fields.setdefault("section", section)
        fields.setdefault("item", Item.objects.get(plan=plan, kind="task"))
        for name in ("base", "value2"):
            if name in fields:
                fields[name] = Decimal(fields[name])
        order = PlanTarget.objects.count() + 1
        return PlanTarget.objects.create(
            plan=plan, subject=subject, op=op, value=None if value is None else Decimal(value), order=order, **fields
        )

    return make


@pytest.fixture
def certify(make_party: Callable[..., Any]) -> Callable[..., Any]:
    """certify(3, region="341502", until=date(2024, 10, 1)) → certificates of so many firms."""
    from keji.kernel.parties.models import Standing

    def make(
        count: int, region: str = "341502", since: date = date(2022, 1, 1), until: date | None = None
    ) -> list[Any]:
        return [
            Standing.objects.create(
                party=make_party(region=region), kind="honour", measure="证书", basis="公告", from_on=since,
                until_on=until or date(2025, 6, 30),
            )
            for _ in range(count)
        ]  # fmt: skip

    return make


@pytest.fixture
def enlist(make_party: Callable[..., Any]) -> Callable[..., Any]:
    """enlist(3, region=…, on=date(2024, 7, 5)) → firms listed on a day."""

    def make(count: int, region: str = "341502", on: date = date(2024, 7, 5)) -> list[Any]:
        return [make_party(region=region, established_on=on) for _ in range(count)]

    return make


@pytest.fixture
def freeze_month(indicators: Any) -> Callable[..., int]:
    from keji.kernel.indicators.freeze import freeze
    from keji.kernel.people.roles import Actor
    from keji.lib.figures import Period

    def run(year: int, month: int, note: str = "") -> int:
        at = timezone.make_aware(datetime(year + month // 12, month % 12 + 1, 2, 9))
        return freeze(Period.month(year, month), actor=Actor.system(), at=at, note=note)

    return run


@pytest.fixture
def officer(person: Any, section: Any) -> Any:
    """An officer of the lead section."""
    from keji.kernel.people.models import Grant

    account = person("officer", name="王科长")
    Grant.objects.filter(account=account).update(section=section)
    return account
