"""How the incubators of the made-up city live: who enters, grows, graduates, stays too long, is visited afterwards."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from keji.demo.houses import HOUSES, INCUBATORS, RISEN, House
from keji.demo.lives import YEAR, Life, Nursery
from keji.demo.people import settle_firm_user
from keji.demo.story import Story, actor, moment
from keji.kernel.parties.models import Party, Region
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import take
from keji.lib.figures import Period
from keji.modules.enterprises import api as enterprises
from keji.modules.platforms import api as platforms

OPERATED = INCUBATORS[2]  # the house `fuhuaqi` runs
REASONS = {
    "move_out": "产能扩大，整体迁至工业园区厂房",
    "end": "项目停止，企业申请退出",
    "clear_out": "孵化期满未达到毕业条件，按协议清退",
}
NEEDS = (
    "订单稳定，希望对接高校解决工艺问题。",
    "拟申报高新技术企业，需要辅导归集研发费用。",
    "流动资金紧张，希望推荐科技贷款。",
)


class Incubation:
    """Tells the lives of all tenants in the order of the calendar."""

    def __init__(self, story: Story) -> None:
        self.nursery = Nursery(story.by_hand, {r.code: r for r in Region.objects.all()})
        self.clerks = {
            str(a.grants.get(role="county").region_id): a.username
            for a in Account.objects.filter(grants__role="county")
        }
        self.entries: dict[str, platforms.Platform] = {}
        self.told_until = date.min

    # --- settling ----------------------------------------------------------------------------------------------------

    def settle(self, day: date) -> None:
        """Hosts, houses, start-ups; everything that happened up to `day`."""
        self.lives = [life for house in HOUSES for life in self.nursery.lives_of(house)]
        self._settle_parties(day)
        self._settle_houses(day)
        settle_firm_user(self.entries[OPERATED.name].party, "fuhuaqi")
        self.until(day)

    def _settle_parties(self, day: date) -> None:
        hosts = [
            self.nursery.party(f"{h.name}管理有限公司", h.region, "institution" if h.institution else "enterprise")
            for h in HOUSES
        ]
        firms = [life.firm for life in self.lives if life.firm]
        made = enterprises.create_parties(
            [*hosts, *firms], actor=Actor.system("演示数据"), at=moment(day), source="import"
        )
        self.parties: dict[str, Party] = {p.uscc: p for p in made}
        self.hosts = dict(zip((h.name for h in HOUSES), made, strict=False))

    def _settle_houses(self, day: date) -> None:
        for house in HOUSES:
            self.entries[house.name] = self._enter(house, house.level, house.recognised_on, "", day)
        data = [
            self._facility(house, date(year, 12, 31), year)
            for year in (2022, 2023)
            for house in HOUSES
            if year == 2022 or house.name[:2] not in ("金寨", "霍邱")
        ]
        platforms.add_facility_facts(
            [r for r in data if r["as_of"] <= day], actor=actor("gaoxin", day), at=moment(day), source="page"
        )

    def _enter(self, house: House, level: str, on: date, document: str, day: date) -> Any:
        row = {
            "party": self.hosts[house.name],
            "kind": house.kind,
            "level": level,
            "name": house.name,
            "recognised_on": on,
            "recognised_by": {"national": "科技部", "provincial": "安徽省科学技术厅"}.get(level, "六安市科学技术局"),
            "document": document,
        }
        clerk = actor(self.clerks[house.region], day)
        (entry,) = platforms.report_platforms([row], actor=clerk, at=moment(day), source="page")
        return take("confirm", entry, actor=actor("gaoxin", day), at=moment(day, 15))

    def _facility(self, house: House, as_of: date, year: int) -> dict[str, Any]:
        """Facts as the operator tells them; the smallest house does not know everything."""
        row: dict[str, Any] = {
            "incubator": self.entries[house.name],
            "as_of": as_of,
            "evidence": f"{year}年度火炬统计报表",
        }
        row |= {
            "legal_person": True,
            "operating_since": house.recognised_on - timedelta(days=900),
            "site_area": house.site,
        }
        row |= {"public_area": house.public, "mentors": house.mentors, "staff": house.staff[0]}
        row |= {"professional_staff": house.staff[1], "fund": house.fund} | dict(house.more)
        if house.kind == "makerspace":
            return row | {"seats": house.seats, "events": house.events}
        row |= {
            "type": "special" if house.field else "general",
            "industry": house.field,
            "statistics_years": year - 2020,
        }
        if house.name.startswith("霍邱"):
            return {k: v for k, v in row.items() if k not in ("fund", "public_area")}
        return row | {"income": house.site // 20, "service_income": house.site // (60 if house.field else 80)}

    # --- the course of time ------------------------------------------------------------------------------------------

    def until(self, day: date) -> None:
        """Everything that happened after the last telling and up to `day`, as it was reported then."""
        self._enter_tenants(day)
        self._tell_years(day)
        self._tell_money(day)
        for life in sorted(self._due(day), key=lambda w: (w.graduates_on or w.leaves_on or day, w.name)):
            self._leave(life, day)
        if RISEN[2] <= day and RISEN[2] > self.told_until:
            self._enter(RISEN[0], RISEN[1], RISEN[2], RISEN[3], day)
        self._visit(day)
        self._confirm_lists(day)
        self._facility_of_last_year(day)
        self.told_until = day

    def _fresh(self, on: date | None, day: date) -> bool:
        return on is not None and self.told_until < on <= day

    def _due(self, day: date) -> list[Life]:
        return [w for w in self.lives if self._fresh(w.graduates_on, day) or self._fresh(w.leaves_on, day)]

    def _enter_tenants(self, day: date) -> None:
        by_clerk: dict[str, list[Life]] = defaultdict(list)
        for life in self.lives:
            if life.record is None and life.entered_on <= day:
                own = life.house is OPERATED
                by_clerk["fuhuaqi" if own else self.clerks[life.house.region]].append(life)
        for username, lives in sorted(by_clerk.items()):
            made = platforms.report_tenants(
                [self._row(life) for life in lives], actor=actor(username, day), at=moment(day), source="sheet"
            )
            confirmer = "kaifaqu" if username == "fuhuaqi" else "gaoxin"
            platforms.confirm_tenants([t.pk for t in made], actor=actor(confirmer, day), at=moment(day, 15))
            for life, record in zip(lives, made, strict=True):
                life.record = platforms.Tenant.objects.get(pk=record.pk)

    def _row(self, life: Life) -> dict[str, Any]:
        firm = self.parties[life.firm["uscc"]] if life.firm else None
        return {
            "incubator": self.entries[life.house.name],
            "firm": firm,
            "name": life.name,
            "field": life.work,
            "established_on": firm.established_on if firm else None,
            "entered_on": life.entered_on,
            "area": Decimal(life.area),
            "seats": life.seats,
            "inside": True if firm else None,
            "technology": True,
        }

    def _tell_years(self, day: date) -> None:
        """Each February the year before is told; a house's first telling brings what was known by then."""
        rows = []
        for life in self.lives:
            if life.firm is None or life.record is None or not life.told:
                continue
            for year in range(max(2019, life.entered_on.year), YEAR):
                left = life.graduates_on or life.leaves_on
                if self._fresh(date(year + 1, 2, 20), day) and (left is None or left.year > year):
                    rows.append(self._year(life, year))
        platforms.add_tenant_years(rows, actor=actor("gaoxin", day), at=moment(day), source="sheet")

    def _year(self, life: Life, year: int) -> dict[str, Any]:
        age = year - life.entered_on.year
        chance = random.Random(f"{life.name}{year}")
        revenue = Decimal(chance.randint(40, 180) * (1 + age))
        if life.route == "revenue" and life.graduates_on:
            revenue = Decimal(chance.randint(560, 900))
        inventive = chance.random() < 0.55
        return {
            "tenant": life.record,
            "year": year,
            "revenue": revenue,
            "rnd_expense": (revenue * chance.randint(8, 22) / 100).quantize(Decimal("0.1")),
            "employees": chance.randint(4, 30),
            "patents_applied": chance.randint(1, 6) if inventive else 0,
            "valid_ip": chance.randint(1, 4) if inventive or chance.random() < 0.2 else 0,
            "evidence": f"{year}年度财务报表、知识产权证书",
        }

    def _tell_money(self, day: date) -> None:
        rows = []
        for life in self.lives:
            chance = random.Random(f"{life.name}money")
            on = life.entered_on + timedelta(days=chance.randint(90, 600))
            wanted = chance.random() < 0.16
            amount = Decimal(chance.choice((50, 80, 120, 200, 300)))
            if life.graduates_on and life.route == "money":
                on, wanted, amount = life.graduates_on - timedelta(days=40), True, Decimal(chance.randint(520, 1200))
            if life.firm and life.record and wanted and self._fresh(on, day):
                kind = "venture" if amount > 500 else chance.choice(("angel", "loan"))
                own = kind == "angel" and chance.random() < 0.6
                investor = (
                    f"{life.house.name}种子资金"
                    if own
                    else chance.choice(("皖西创投基金", "六安产业引导基金", "徽商银行六安分行"))
                )
                rows.append({"tenant": life.record, "on": on, "kind": kind, "amount": amount, "investor": investor,
                             "own_fund": own, "evidence": "协议和到账凭证"})  # fmt: skip
        platforms.add_financings(rows, actor=actor("gaoxin", day), at=moment(day), source="sheet")

    def _leave(self, life: Life, day: date) -> None:
        clerk, officer = actor(self.clerks[life.house.region], day), actor("gaoxin", day)
        at = moment(day)
        if life.leaves_on:
            why = REASONS[life.leaving]
            life.record = take(life.leaving, life.record, actor=clerk, at=at, reason=why, left_on=life.leaves_on)
            return
        if life.route == "listed":
            platforms.correct_tenant(
                life.record,
                {"deal": "merged", "deal_on": life.graduates_on, "deal_evidence": "股权转让协议、工商变更通知书"},
                actor=clerk, at=at,
            )  # fmt: skip
        proposed = take(
            "propose_graduation", life.record, actor=clerk, at=at, left_on=life.graduates_on, evidence="证明材料齐全"
        )
        life.record = take("confirm_graduation", proposed, actor=officer, at=moment(day, 15))

    def _visit(self, day: date) -> None:
        """Graduates of earlier years are visited from spring on; some are still waiting in December."""
        rows = [
            self._asked(life, on)
            for life in self.lives
            for year in (day.year - 1, day.year)
            if life.record and life.graduates_on and life.graduates_on.year < year
            if self._fresh(on := _visit_day(life, year), day)
        ]
        platforms.add_visits(rows, actor=actor("gaoxin", day), at=moment(day), source="page")

    def _asked(self, life: Life, on: date | None) -> dict[str, Any]:
        chance = random.Random(f"{life.name}{on}")
        away = chance.random() < 0.12
        return {
            "tenant": life.record,
            "visited_on": on,
            "in_city": not away,
            "hnte": chance.random() < 0.35,
            "revenue": Decimal(chance.randint(500, 4200)),
            "employees": chance.randint(15, 120),
            "note": "已迁往合肥，保留六安生产点。" if away else chance.choice(NEEDS),
        }

    def _confirm_lists(self, day: date) -> None:
        """Each quarter's list is confirmed within the month; the house `fuhuaqi` runs has not got to the last one."""
        period = platforms.last_quarter(day)
        if period.year < YEAR or not self._fresh(period.end + timedelta(days=5), day):
            return
        for index, house in enumerate(HOUSES):
            late = (house is OPERATED and period == Period.quarter(YEAR, 3)) or (index + period.number) % 7 == 0
            if not late:
                clerk = actor(self.clerks[house.region], day)
                platforms.confirm_roster(self.entries[house.name], period, actor=clerk, at=moment(day))

    def _facility_of_last_year(self, day: date) -> None:
        if self._fresh(date(YEAR, 3, 1), day):
            rows = [
                self._facility(h, date(YEAR - 1, 12, 31), YEAR - 1)
                for h in HOUSES
                if h.name[:2] not in ("金寨", "霍邱")
            ]
            platforms.add_facility_facts(rows, actor=actor("gaoxin", day), at=moment(day), source="page")

    # --- what waits in December --------------------------------------------------------------------------------------

    def leave_open(self, day: date) -> None:
        """Entries reported and one returned, graduations waiting and one refused: what a visitor finds to do."""
        operator, county = actor("fuhuaqi", day), actor("kaifaqu", day)
        fresh = [self.nursery.life(OPERATED, date(YEAR, 12, 2), 120) for _ in range(4)]
        made = enterprises.create_parties(
            [life.firm for life in fresh if life.firm], actor=Actor.system("演示数据"), at=moment(day), source="import"
        )
        self.parties |= {p.uscc: p for p in made}
        reported = platforms.report_tenants(
            [self._row(life) for life in fresh], actor=operator, at=moment(day), source="page"
        )
        platforms.remind_tenancies(actor=Actor.system("演示数据"), at=moment(day, 8))
        reason = "租赁合同面积与填报面积不一致，请核对。"
        take("send_back", reported[0], actor=county, at=moment(day, 15), reason=reason)
        take("void", reported[1], actor=operator, at=moment(day, 16), reason="重复填报。")
        inside = [
            w for w in self.lives
            if w.firm and w.record and w.record.state == "incubating" and w.house.kind == "incubator" and w.told
        ]  # fmt: skip
        near = sorted(inside, key=lambda w: (w.house is not OPERATED, w.entered_on, w.name))[:6]
        rows = [
            {"tenant": w.record, "on": date(YEAR, 11, 25), "kind": "venture", "amount": Decimal(560),
             "investor": "皖西创投基金", "own_fund": False, "evidence": "投资协议、银行到账凭证"}
            for w in near
        ]  # fmt: skip
        platforms.add_financings(rows, actor=operator, at=moment(day), source="page")
        for index, life in enumerate(near[:4]):
            asked = operator if life.house is OPERATED else actor(self.clerks[life.house.region], day)
            proposed = take(
                "propose_graduation",
                life.record,
                actor=asked,
                at=moment(day),
                left_on=day,
                evidence="投资协议、到账凭证",
            )
            if index == 1:
                take(
                    "refuse_graduation",
                    proposed,
                    actor=actor("gaoxin", day),
                    at=moment(day, 15),
                    reason="缺到账凭证原件。",
                )


def _visit_day(life: Life, year: int) -> date | None:
    """The day a graduate is visited in a year; None for those nobody gets to."""
    chance = random.Random(f"{life.name}visit{year}")
    on = date(year, chance.randint(3, 11), chance.randint(1, 28))
    return on if chance.random() < 0.7 else None
