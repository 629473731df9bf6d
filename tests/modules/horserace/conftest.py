"""A race in a small city: four indicators, eight units, figures filed by the bureau and confirmed by another."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from keji.kernel import clock
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.indicators.services import report_figures
from keji.kernel.parties.models import Region
from keji.kernel.records.flow import take
from keji.modules.horserace import api as race
from keji.modules.horserace.models import RaceScheme
from keji.modules.horserace.services.hearing import units_of

VALUES = ("9.5", "11.2", "14.8", "7.3", "10.0", "6.1", "12.4", "8.8")
SHARES = ("1.60", "1.45", "1.30", "1.75", "1.52", "1.20", "1.40", "1.66")
GROWTHS = ("12.0", "-4.5", "30.0", "8.0", "16.0", "5.5", "10.2", "9.1")


def at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime(year, month, day, hour))


@dataclass
class Race:
    """Tells a race step by step. `officer` drafts and opens, `other` confirms and approves, `leader` publishes."""

    officer: Any
    other: Any
    leader: Any
    clerks: dict[str, Any]
    regions: dict[str, Region]
    scheme: RaceScheme | None = None
    kept: dict[str, Any] = field(default_factory=dict)

    def adopt(self, change: Any = None, **about: Any) -> RaceScheme:
        """The starter scheme with level weights of the three monthly reported indicators, changed by `change`."""
        when = at(2024, 1, 8)
        scheme = race.draft_starter(actor=self.officer, at=when)
        content = json.loads(json.dumps(scheme.content))
        wanted = {"fiscal_share", "fiscal_growth", "hightech_value_added_growth"}
        content["indicators"] = [r for r in content["indicators"] if r["code"] in wanted]
        content["levels"] = [v for v in content["levels"] if v["code"] != "firms"]
        for level, weight in zip(content["levels"], ("50", "50"), strict=True):
            level["weight"] = weight
        for row in content["indicators"]:
            row["weight"] = "100" if row["level"] == "output" else "50"
        if change:
            change(content)
        race.save_content(scheme, content, actor=self.officer, at=when)
        scheme.refresh_from_db()
        self.scheme = take("adopt", scheme, actor=self.leader, at=when)
        return self.scheme

    def file(self, period: str, code: str, values: Any, *, skip: Any = (), when: datetime | None = None) -> list[Any]:
        """Figures for all units but `skip`, sent and confirmed."""
        when = when or at(int(period[:4]), int(period[5:7]) + 1, 4)
        rows = [
            {
                "indicator": code,
                "region": region,
                "period": period,
                "value": Decimal(value),
                "caliber": "现行统计制度",
                "owner": "市统计局",
            }
            for region, value in zip(self.regions.values(), values, strict=True)
            if region.pk not in skip and value is not None
        ]
        made = report_figures(rows, actor=self.officer, at=when, source="page")
        for figure in made:
            take("send", figure, actor=self.officer, at=when)
            take("confirm", figure, actor=self.other, at=when)
        return made

    def file_all(self, month: int, **more: Any) -> None:
        period = f"2024-{month:02d}"
        self.file(period, "hightech_value_added_growth", VALUES, **more)
        self.file(period, "fiscal_share", SHARES)
        self.file(period, "fiscal_growth", GROWTHS)

    def open(self, month: int) -> Any:
        return race.open_rounds([{"period": f"2024-{month:02d}"}], actor=self.officer, at=at(2024, month + 1, 5))[0]

    def check_all(self, record: Any, without: str = "") -> None:
        for item in record.items.all():
            when = at(2024, record.month.number + 1, 12)
            race.check_item(item, actor=self.other, at=when, without=without)

    def hear(self, record: Any) -> Any:
        return take("open_hearing", record, actor=self.officer, at=at(2024, record.month.number + 1, 13))

    def agree(self, record: Any, *, but: Any = ()) -> None:
        racing = {u.pk for u in units_of(record)}
        for code, clerk in self.clerks.items():
            if code not in but and code in racing:
                race.agree(record, self.regions[code], actor=clerk, at=at(2024, record.month.number + 1, 13, 15))

    def approve(self, record: Any, day: int = 22) -> Any:
        when = at(2024, record.month.number + 1, day)
        with clock.stopped_at(when):
            return take("approve", record, actor=self.other, at=when)

    def publish(self, record: Any) -> list[Any]:
        when = at(2024, record.month.number + 1, 22, 16)
        return [take("publish", r, actor=self.leader, at=when) for r in record.runs.filter(state="ready")]

    def whole(self, month: int, **more: Any) -> Any:
        """One month from filing to publication; the published monthly run."""
        self.file_all(month, **more)
        record = self.open(month)
        self.check_all(record, "市统计局尚未公布" if more else "")
        record = self.hear(record)
        self.agree(record)
        record = self.approve(record)
        return next(r for r in self.publish(record) if r.kind == "month")

    def figure(self, code: str, region: str, period: str) -> ReportedFigure:
        return ReportedFigure.objects.get(indicator=code, region=region, period=period)


@pytest.fixture
def the_race(city: Any, person: Any, actor_for: Any) -> Race:
    regions = {r.pk: r for r in Region.objects.exclude(level="city").order_by("order")}
    people = {role: actor_for(person(kind, role)) for role, kind in
              (("guihua", "officer"), ("gaoxin", "officer"), ("juzhang", "leader"))}  # fmt: skip
    clerks = {code: actor_for(person("county", f"clerk-{code}", region=code)) for code in regions}
    return Race(people["guihua"], people["gaoxin"], people["juzhang"], clerks, regions)
