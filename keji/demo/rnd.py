"""R&D projects of the made-up firms: filed, spent on month by month, and large manufacturers cleared one by one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from keji.demo.story import SEED, actor, moment
from keji.kernel.parties.models import Party
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import take
from keji.modules.rnd import api as rnd

YEAR = 2024
FIRMS, LARGE = 300, 40
THINGS = (
    "一体化压铸件 高强度紧固件 轻量化底盘 智能装配线 伺服驱动器 "
    "环保涂层 高导热复合材料 竹基复合板 中药提取物 传感器模组"
)
DEEDS = "成形工艺研发 结构优化与试验 关键技术研究 样机开发 质量在线检测系统研发 节能改造技术研究"
FIELDS = "manufacturing materials electronics biomedicine environment energy"
FOUND = (
    ("企业有工艺改进但没有立项，费用记在生产成本里。", "帮助梳理立项文件，按月归集研发费用。"),
    ("技术部承担研发，没有单独设机构。", "指导设立企业研发中心，明确人员和场地。"),
    ("财务没有设辅助账，担心税务风险。", "联合税务部门上门辅导加计扣除和辅助账。"),
    ("集团总部统一研发，本地只生产。", "商请总部把本地产品的试验项目落在本地。"),
)
HOUSE = Actor.system("企业填报（演示）")


@dataclass(frozen=True)
class Large:
    """What a large manufacturer says of two years, in the order of statements 2022 and 2023; money in 万元."""

    revenue: tuple[int, int]
    projects: tuple[int, int]
    institutes: tuple[int, int]
    cleared_in: int = 0  # month of 2024 in which it is cleared; 0 never


class RndYear:
    """The module's own year, on top of a story that settles people and firms."""

    def __init__(self, parties: Sequence[Party], scale: Fraction, own: Party) -> None:
        self.chance = random.Random(SEED + 7)
        self.own = own
        makers = [p for p in parties if p.industry_code[:2].isdecimal() and 13 <= int(p.industry_code[:2]) <= 43]
        makers = [p for p in makers if p.pk != own.pk]
        self.large = dict(zip(makers, self._large(max(12, int(LARGE * scale))), strict=False))
        rest = makers[len(self.large) :]
        self.firms = [own, *self.chance.sample(rest, min(max(12, int(FIRMS * scale)), len(rest)))]
        self.clerks = {
            a.grants.get(role="county").region_id: a.username
            for a in Account.objects.filter(grants__role="county").order_by("username")
        }

    def _large(self, count: int) -> Iterator[Large]:
        """A third clear from the start, some cleared month by month, some crossing the line, some left over."""
        for place in range(count):
            first = self.chance.randint(10_400, 62_000)
            revenue = (first, first * self.chance.randint(96, 118) // 100)
            kind, month = place % 12, 2 + place % 10
            if kind < 4:
                yield Large(revenue, (3, 4), (1, 1))
            elif kind == 4:
                yield Large((first // 9 + 3_000, max(first, 10_500)), (0, 0), (0, 0))  # crosses 1 亿元 and has nothing
            elif kind == 5:
                yield Large((8_200, 11_800), (2, 3), (1, 1))  # crosses and is clear
            elif kind in (6, 7):
                yield Large(revenue, (0, 0), (1, 1), month)
            elif kind == 8:
                yield Large(revenue, (2, 2), (0, 1), max(month, 5))
            elif kind == 9:
                yield Large(revenue, (2, 3), (0, 0))
            elif kind == 10:
                yield Large(revenue, (0, 0), (0, 1), max(month, 6))
            else:
                yield Large((11_000, 8_900 if place > 11 else 12_400), (0, 0), (0, 0))

    # --- before the year ---------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """2023: the statements of 2022 are in, projects of the year are filed, the first list is drawn up."""
        self._state(YEAR - 2, date(YEAR - 1, 4, 10))
        self._projects(YEAR - 1, date(YEAR - 1, 3, 20), self.firms[::2])
        self._projects(YEAR - 1, date(YEAR - 1, 3, 21), [p for p, f in self.large.items() if f.projects[0]])
        self._spend(YEAR - 1, range(1, 13), date(YEAR, 1, 4))
        self._ledgers(date(YEAR, 1, 8))
        rnd.recompute(actor=Actor.system("每日更新"), at=moment(date(YEAR - 1, 12, 20)))

    def _state(self, year: int, day: date) -> None:
        """A year's statements: counties send the statistics bureau's list up, an officer confirms."""
        place = year - (YEAR - 2)
        by_region: dict[str, list[dict[str, Any]]] = {}
        for party, said in self.large.items():
            row = self._statement(party, year, said.revenue[place], said.projects[place], said.institutes[place])
            by_region.setdefault(party.region_id, []).append(row)
        for party in self.firms[: len(self.firms) // 3]:
            row = self._statement(party, year, self.chance.randint(900, 8_000), self.chance.randint(1, 4), 0)
            by_region.setdefault(party.region_id, []).append(row)
        made = []
        for region, rows in sorted(by_region.items()):
            clerk = actor(self.clerks[region], day)
            made += rnd.report_statements(rows, actor=clerk, at=moment(day), source="sheet")
        rnd.confirm_statements([r.pk for r in made], actor=actor("gaoxin", day), at=moment(day, 15))

    def _statement(self, party: Party, year: int, revenue: int, projects: int, institutes: int) -> dict[str, Any]:
        spent = Decimal(revenue * self.chance.randint(180, 420)) if projects else Decimal(0)
        staff = 4 * projects + self.chance.randint(0, 9) if projects else 0
        return {
            "party": party,
            "year": year,
            "revenue": Decimal(revenue * 10_000),
            "main_revenue": Decimal(revenue * 9_800),
            "above_scale": revenue >= 2_000,
            "project_count": projects,
            "rnd_expense": spent,
            "staff_cost": spent * 45 / 100,
            "direct_cost": spent * 38 / 100,
            "depreciation": spent * 9 / 100,
            "other_cost": spent * 8 / 100,
            "rnd_staff": staff,
            "rnd_full_time": staff // 2,
            "institutes": institutes,
            "recognised_institutes": institutes // 2,
            "patents": projects * 2,
            "inventions": projects // 2,
        }

    # --- projects and their months -----------------------------------------------------------------------------------

    def _projects(self, year: int, day: date, parties: Sequence[Party], most: int = 6) -> None:
        """Firms file; counties check; the bureau notes. What is left waiting is chosen at the year's end."""
        rows = [
            self._project(p, year, n)
            for p in parties
            for n in range(1, self.chance.choices(range(1, most + 1), self._odds(most))[0] + 1)
        ]
        made = rnd.create_projects(rows, actor=HOUSE, at=moment(day), source="party")
        rnd.file_all(made, actor=HOUSE, at=moment(day, 11))
        by_region: dict[str, list[int]] = {}
        for record in made:
            by_region.setdefault(record.region_id, []).append(record.pk)
        for region, ids in sorted(by_region.items()):
            rnd.step_in_bulk("check", ids, actor=actor(self.clerks[region], day), at=moment(day, 14))
        rnd.step_in_bulk("note", [r.pk for r in made], actor=actor("gaoxin", day), at=moment(day, 16))

    @staticmethod
    def _odds(most: int) -> list[int]:
        return [10, 7, 4, 2, 1, 1][:most]

    def _project(self, party: Party, year: int, serial: int) -> dict[str, Any]:
        start = self.chance.randint(1, 4)
        length = self.chance.choice((9, 11, 18, 22, 24, 30))
        last = year * 12 + start - 1 + length
        ends = f"{last // 12}{last % 12 + 1:02d}"
        form = self.chance.choices(("self", "cooperative", "commissioned"), (16, 3, 1))[0]
        staff = self.chance.randint(3, 22)
        return {
            "party": party,
            "name": f"{self.chance.choice(THINGS.split())}{self.chance.choice(DEEDS.split())}（{year}-{serial}）",
            "own_code": f"RD{year % 100}{serial:02d}",
            "form": form,
            "field": self.chance.choice(FIELDS.split()),
            "decision": f"总经理办公会〔{year}〕{serial}号",
            "budget": Decimal(self.chance.randint(30, 480) * 10_000),
            "starts": f"{year}{start:02d}",
            "ends": ends,
            "source_code": self.chance.choices(("4", "3", "2"), (16, 2, 1))[0],
            "cooperation_code": "6" if form == "self" else "2",
            "result_code": self.chance.choice(("2", "3", "4", "5")),
            "goal_code": self.chance.choice(("3", "4", "5", "6")),
            "contract_number": f"{year}341500{serial:06d}" if form != "self" else "",
            "year": year,
            "staff": staff,
            "person_months": Decimal(staff * self.chance.randint(5, 11)),
            "government": Decimal(0),
            "stage_code": self.chance.choice(("1", "2", "3")) if ends > f"{year}12" else "",
        }

    def _spend(self, year: int, months: range, day: date, left_out: int = 0) -> None:
        """Counties' firms fill in some months of a year; of every `left_out` firms one is late."""
        rows_by_region: dict[str, list[dict[str, Any]]] = {}
        projects = rnd.RndProject.objects.filter(filed_on__lte=day, state__in=("noted", "checked")).order_by("pk")
        for project in projects.select_related("party"):
            if left_out and (project.party_id % left_out == 0 or project.party_id == self.own.pk):
                continue
            level = int(project.budget) // 1_600 or 50
            for month in months:
                key = f"{year}{month:02d}"
                if project.starts <= key <= (project.ends or "999912"):
                    row = self._amounts(level, project.form) | {"project": project, "year": year, "month": month}
                    rows_by_region.setdefault(project.region_id, []).append(row)
        for region, rows in sorted(rows_by_region.items()):
            rnd.save_months(rows, actor=actor(self.clerks[region], day), at=moment(day), source="sheet")

    def _ledgers(self, day: date) -> None:
        """Some firms add the year's ledger; of every seven one does not agree with its months."""
        projects = rnd.RndProject.objects.filter(state="noted").order_by("pk")
        for place, project in enumerate(projects[::9]):
            total = sum((row.total for row in project.spending.all()), Decimal(0))
            said = {"ledger_total": total + (12_000 if place % 7 == 3 else 0)}
            rnd.update_year(project, YEAR - 1, said, actor=HOUSE, at=moment(day))

    def _yearly(self, day: date) -> None:
        """Half of the projects that run on have this year's people and time; the others are still asked for them."""
        running = rnd.RndProject.objects.filter(state="noted", starts__lt=f"{YEAR}01", ends__gte=f"{YEAR}01")
        for project in running.order_by("pk")[::2]:
            staff = self.chance.randint(3, 16)
            crosses = {"stage_code": self.chance.choice(("2", "3", "4"))}
            said = {"staff": staff, "person_months": Decimal(staff * 7), "government": Decimal(0)} | crosses
            rnd.update_year(project, YEAR, said, actor=HOUSE, at=moment(day))

    def _amounts(self, level: int, form: str) -> dict[str, Decimal]:
        def part(share: int) -> Decimal:
            return Decimal(level * share * self.chance.randint(80, 120) // 1000) * 100 / 10

        found = {"staff_cost": part(42), "direct_cost": part(36), "depreciation": part(9), "other_cost": part(8)}
        found["building_depreciation"] = found["depreciation"] / 4
        if form != "self":
            found["commissioned_home"] = part(12)
        return {name: value.quantize(Decimal("0.01")) for name, value in found.items()}

    # --- the year itself ---------------------------------------------------------------------------------------------

    def month(self, month: int) -> None:
        """What happens in a month of 2024, told before its bulletin."""
        day = date(YEAR, month + 1, 3)
        if month == 1:
            self._hand_out(date(YEAR, 1, 24))
        if month == 2:
            self._projects(YEAR, date(YEAR, 2, 26), self.firms[2::2], most=2)
            self._projects(YEAR, date(YEAR, 2, 27), self.firms[1::2])
            self._own_projects(date(YEAR, 2, 28))
        if month == 3:
            self._state(YEAR - 1, date(YEAR, 3, 20))
        if month in (3, 6, 9):
            self._spend(YEAR, range(month - 2, month + 1), day)
        if month == 11:
            self._spend(YEAR, range(10, 12), day, left_out=4)
        for party, said in self.large.items():
            if said.cleared_in and said.cleared_in - 1 == month and not said.projects[1]:
                self._file_for_clearing(party, date(YEAR, month, 18))
        rnd.recompute(actor=Actor.system("每日更新"), at=moment(day, 5))
        self._clear(month, day)
        if month in (2, 5, 8, 11):
            self._visit(date(YEAR, month, 22))

    def _hand_out(self, day: date) -> None:
        for region, clerk in sorted(self.clerks.items()):
            cases = rnd.ZeroingCase.objects.filter(region_id=region, state="open").order_by("pk")
            taker = Account.objects.get(username=clerk if region < "341523" else "gaoxin").pk
            due = date(YEAR, 11, 30)
            rnd.assign_cases(list(cases), taker, due_on=due, actor=actor("gaoxin", day), at=moment(day))

    def _file_for_clearing(self, party: Party, day: date) -> None:
        """A firm that had none files its first project and fills in its first month."""
        row = self._project(party, YEAR, 1)
        row["starts"], row["contract_number"], row["form"], row["cooperation_code"] = f"{day:%Y%m}", "", "self", "6"
        row["ends"], row["stage_code"] = f"{YEAR + 1}12", "1"
        made = rnd.create_projects([row], actor=HOUSE, at=moment(day), source="party")
        rnd.file_all(made, actor=HOUSE, at=moment(day, 11))
        clerk = actor(self.clerks[party.region_id], day)
        rnd.step_in_bulk("check", [made[0].pk], actor=clerk, at=moment(day, 14))
        rnd.step_in_bulk("note", [made[0].pk], actor=actor("gaoxin", day), at=moment(day, 16))
        record = rnd.RndProject.objects.get(pk=made[0].pk)
        months = {"project": record, "year": YEAR, "month": day.month} | self._amounts(900, "self")
        rnd.save_months([months], actor=clerk, at=moment(day, 17), source="page")

    def _clear(self, month: int, day: date) -> None:
        """Counties claim what the records answer; the bureau confirms the same day, but not the last ones."""
        cases = rnd.ZeroingCase.objects.filter(settled_on__isnull=True, state__in=("open", "assigned")).order_by("pk")
        for case in cases.select_related("party"):
            said = self.large.get(case.party)
            if said is None or not said.cleared_in or said.cleared_in > month:
                continue
            evidence = self._evidence(case)
            if evidence is None or (month == 11 and case.pk % 2):
                continue
            clerk = actor(self.clerks[case.region_id], day)
            kind, number = evidence
            claimed = take("claim", case, actor=clerk, at=moment(day, 9), evidence=kind, evidence_number=number)
            if month < 11:
                take("confirm", claimed, actor=actor("guihua", day), at=moment(day, 15))

    def _evidence(self, case: Any) -> tuple[str, str] | None:
        if not case.seen:
            return None
        if case.reason == "no_institute":
            statement = rnd.RndStatement.objects.filter(party=case.party, state="confirmed").order_by("-year").first()
            return ("statement", statement.number) if statement else None
        project = rnd.RndProject.objects.filter(party=case.party, noted_on__isnull=False).order_by("-pk").first()
        return ("project", project.number) if project else None

    def _visit(self, day: date) -> None:
        cases = rnd.ZeroingCase.objects.filter(settled_on__isnull=True, state="assigned").order_by("pk")
        for place, case in enumerate(cases):
            found, agreed = FOUND[(place + day.month) % len(FOUND)]
            way = ("visit", "call", "meeting")[(place + day.month) % 3]
            clerk = actor(self.clerks[case.region_id], day)
            rnd.log_visit(case, on=day, way=way, found=found, agreed=agreed, actor=clerk, at=moment(day, 16))

    # --- the firm whose user is in the demo --------------------------------------------------------------------------

    def _own_projects(self, day: date) -> None:
        """The demo firm files two projects itself; one is changed later, with the difference kept."""
        user = actor("qiye", day)
        rows = [
            self._project(self.own, YEAR, n) | {"contract_number": "", "form": "self", "cooperation_code": "6"}
            for n in (1, 2, 3)
        ]
        made = rnd.create_projects(rows, actor=user, at=moment(day), source="page")
        rnd.file_all(made[:2], actor=user, at=moment(day, 10))
        clerk = actor(self.clerks[self.own.region_id], day)
        rnd.step_in_bulk("check", [r.pk for r in made[:2]], actor=clerk, at=moment(day, 14))
        rnd.step_in_bulk("note", [r.pk for r in made[:2]], actor=actor("gaoxin", day), at=moment(day, 16))
        rnd.add_equipment(
            self._now(made[0]),
            name="三坐标测量机",
            model="GLOBAL-S",
            value=Decimal(860_000),
            shared=False,
            actor=user,
            at=moment(day, 17),
        )

    def finish(self) -> None:
        """10 December: every state is there for a visitor to see, and something waits for everybody."""
        day = date(YEAR, 12, 6)
        self._yearly(date(YEAR, 12, 4))
        user, officer = actor("qiye", day), actor("gaoxin", day)
        mine = list(
            rnd.RndProject.objects.filter(party=self.own, state="noted", starts__gte=f"{YEAR}01").order_by("pk")
        )
        changed = take("revise", mine[0], actor=user, at=moment(day), reason="试制批次增加，预算和参加人员相应调整。")
        more = {"budget": changed.budget + 180_000, "year": YEAR, "staff": 15, "person_months": Decimal(120)}
        rnd.correct_project(changed, more, actor=user, at=moment(day, 10))
        take("file", rnd.RndProject.objects.get(pk=changed.pk), actor=user, at=moment(day, 11))
        rows = [
            self._project(p, YEAR, 9) | {"starts": f"{YEAR}10", "ends": f"{YEAR + 1}09", "stage_code": "1"}
            for p in self.firms[2:14]
        ]
        made = rnd.create_projects(rows, actor=HOUSE, at=moment(day), source="party")
        rnd.file_all(made[:10], actor=HOUSE, at=moment(day, 10))
        for record in made[:4]:
            clerk = actor(self.clerks[record.region_id], day)
            rnd.step_in_bulk("check", [record.pk], actor=clerk, at=moment(day, 14))
        returned = actor(self.clerks[made[4].region_id], day)
        take(
            "send_back",
            self._now(made[4]),
            actor=returned,
            at=moment(day, 14),
            reason="立项决议未上传，起止时间与决议不一致。",
        )
        take("withdraw", self._now(made[5]), actor=HOUSE, at=moment(day, 15), reason="与上年项目重复登记。")
        over = rnd.RndProject.objects.filter(state="noted", ends__lte=f"{YEAR}11", ends__gte=f"{YEAR}01").order_by("pk")
        for place, record in enumerate(over[:9]):
            outcome = ("done", "done", "partly", "failed")[place % 4]
            take("close", record, actor=officer, at=moment(day, 16), outcome=outcome, accepted_on=date(YEAR, 12, 2))
        running = rnd.RndProject.objects.filter(state="noted", ends__gt=f"{YEAR}12", party__in=self.firms[1:60])
        if other := running.order_by("-pk").first():
            take("revise", other, actor=HOUSE, at=moment(day, 16), reason="合作单位变更，补充合同登记编号。")
        rows = [self._statement(p, YEAR - 1, 3_400, 2, 0) for p in self.firms[len(self.firms) // 3 :][:4]]
        rnd.report_statements(rows, actor=HOUSE, at=moment(day, 16), source="party")

    @staticmethod
    def _now(record: Any) -> Any:
        return rnd.RndProject.objects.get(pk=record.pk)
