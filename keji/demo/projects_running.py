"""The projects of the made-up city in all their states: signed, paid, late, changed, accepted, ended, archived."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

from keji.demo.platforms_hands import Hands
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.modules.projects import api as projects

TELLER = Actor.system("演示数据")
TOLD = "按任务书开展工作：完成方案设计和关键部件试制，正在进行工艺参数试验和现场验证。"
WHOLE = "完成任务书规定的全部研究内容，样机在企业连续运行三个月，主要指标经检测达到要求。"
FOUND = {
    "passed": "资料齐全，完成了任务书规定的全部内容，同意通过验收。",
    "closed": "主要内容完成，部分指标没有达到，非主观原因，同意结题。",
    "failed": "核心指标没有达到，数据不完整。",
}
PANEL = [
    {"name": "邓洪涛", "unit": "合肥工业大学", "finance": False},
    {"name": "葛红梅", "unit": "安徽农业大学", "finance": False},
    {"name": "乔安民", "unit": "安徽某会计师事务所", "finance": True},
    {"name": "任建军", "unit": "中科院合肥物质院", "finance": False},
    {"name": "苗秀兰", "unit": "皖西学院", "finance": False},
]
GOOD = {"execution": Decimal("9.2"), "output": Decimal(47), "benefit": Decimal(27), "satisfaction": Decimal(9)}
FAIR = {"execution": Decimal("7.5"), "output": Decimal(38), "benefit": Decimal(20), "satisfaction": Decimal(8)}
POOR = {"execution": Decimal(6), "output": Decimal(20), "benefit": Decimal(12), "satisfaction": Decimal(6)}


class RunningStory:
    def __init__(self, hands: Hands, chance: random.Random, programme: Any, own: Party) -> None:
        self.hands, self.chance, self.programme, self.own = hands, chance, programme, own

    def tell(self, made: list[Any], firms: list[Party]) -> None:
        """Seventeen of this year's sign; seven of earlier years come to their ends."""
        unsigned, *rest = made
        waived, *signed = rest
        self.hands.take("waive", waived, "guihua", date(2024, 6, 12), 10, reason="单位经营调整，书面放弃。")
        self._book(unsigned)
        signed = [self.signed(project) for project in signed]
        for project in signed[:-2]:  # the last two wait for their first payment, late by now
            self.pay(project, date(2024, 6, 20), Decimal("0.6"))
        for project in signed[:12]:
            host = self.hands.host(project.party)
            self.hands.at(date(2024, 11, 20), 9, projects.reach, project.milestones.first(), actor=host)
        for project in signed[:9]:
            self._report(project, 2024, date(2024, 12, 2))
        self._changes(signed, firms[-1])
        self._ends(signed)
        self._earlier(firms[:-1])

    def _book(self, project: Any, on: date = date(2024, 5, 20)) -> None:
        host = self.hands.host(project.party)
        first = project.grant // 10 * 6
        nodes = [
            {
                "name": "方案和试制",
                "target": "完成方案设计和关键部件试制",
                "due_on": date(2024, 11, 30),
                "amount": first,
            },
            {
                "name": "中试和示范",
                "target": "样机连续运行三个月并通过检测",
                "due_on": project.ends_on,
                "amount": project.grant - first,
            },
        ]
        budget = {"equipment": project.grant // 10 * 3, "labour": project.grant // 10, "indirect": project.grant // 10}
        budget["business"] = project.grant - sum(budget.values())
        text = {
            "content": project.abstract[:900],
            "targets": "主要性能指标达到申报书要求，申请发明专利 2 件",
            "economy": "新增销售收入 500 万元",
        }
        self.hands.at(on, 9, projects.save_task_book, project, text, nodes, budget, actor=host)

    def signed(self, project: Any, on: date = date(2024, 5, 24), then: date = date(2024, 5, 31)) -> Any:
        """The unit and its county sign on one day, the bureau on the other."""
        self._book(project, date(2024, 5, 20) if on.month == 5 else on)
        self.hands.at(on, 9, projects.sign_as, project, actor=self.hands.host(project.party))
        self.hands.at(on, 15, projects.sign_as, project, actor=self.hands.clerk(project.region_id))
        return self.hands.take("sign", project, "guihua", then, 10)

    def pay(self, project: Any, on: date, share: Decimal) -> None:
        officer = self.hands.actor("guihua", on)
        node = project.milestones.first()
        amount = node.amount if node is not None else int(project.grant * share)
        code = f"ZF{on:%Y%m%d}-{project.number[-4:]}"
        self.hands.at(
            on, 10, projects.pay, project, order_code=code, amount=amount, paid_on=on, milestone=node, note="首期",
            actor=officer,
        )  # fmt: skip

    def _report(self, project: Any, year: int, on: date) -> None:
        spent = {line.subject: line.amount // 100 * self.chance.randrange(30, 70) for line in project.budget.all()}
        self.hands.at(
            on, 9, projects.file_report, project, year, progress=TOLD, problems="", spent=spent,
            actor=self.hands.host(project.party),
        )  # fmt: skip

    def _changes(self, signed: list[Any], unit: Party) -> None:
        def ask(project: Any, on: date, kind: str, after: str, reason: str, **more: Any) -> Any:
            host = self.hands.host(project.party)
            return self.hands.at(
                on, 9, projects.ask_change, project, kind, after=after, reason=reason, actor=host, **more
            )

        def agreed(change: Any, on: date) -> Any:
            return self.hands.take("agree", change, self.hands.clerk(change.region_id), on, 10)

        def approved(change: Any, on: date) -> None:
            self.hands.take("approve", change, "guihua", on, 10)

        ask(signed[0], date(2024, 9, 10), "route", "改用双目相机方案", "成本更低，指标不变。")
        approved(agreed(ask(signed[1], date(2024, 9, 18), "leader", "程立功", "原负责人调离单位。"),
                        date(2024, 9, 20)), date(2024, 9, 26))  # fmt: skip
        agreed(ask(signed[2], date(2024, 11, 25), "targets", "中试产能由 500 吨调整为 300 吨", "场地受限。"),
               date(2024, 11, 29))  # fmt: skip
        ask(signed[3], date(2024, 12, 4), "leader", "江文海", "原负责人长期出国。")
        less = ask(signed[4], date(2024, 10, 9), "total", "", "自筹资金不足。", money=self._cut(signed[4]))
        self.hands.take(
            "refuse", agreed(less, date(2024, 10, 14)), "guihua", date(2024, 10, 21), 10,
            reason="自筹不足影响目标实现，不予调减。",
        )  # fmt: skip
        targets = "主要性能指标达到申报书要求，申请发明专利 1 件、实用新型 2 件"
        approved(agreed(ask(signed[7], date(2024, 9, 24), "targets", targets, "技术路线调整后改用组合保护。"),
                        date(2024, 9, 27)), date(2024, 10, 10))  # fmt: skip
        less = ask(signed[8], date(2024, 10, 15), "total", "", "部分试验改由合作单位无偿承担。",
                   money=self._cut(signed[8]))  # fmt: skip
        approved(agreed(less, date(2024, 10, 17)), date(2024, 10, 24))
        moved = ask(signed[12], date(2024, 10, 16), "unit", "", "业务和团队整体转入新公司。", to_party=unit)
        approved(agreed(moved, date(2024, 10, 18)), date(2024, 10, 28))

    @staticmethod
    def _cut(project: Any) -> dict[str, int]:
        """A tenth less, off the business costs."""
        money = {line.subject: line.amount for line in project.budget.all()}
        return money | {"business": money["business"] - project.grant // 10, "own_money": project.own_money}

    def _ends(self, signed: list[Any]) -> None:
        """One accepted ahead of time, one cannot go on, one was dishonest."""
        early = self._asked(signed[5], date(2024, 11, 18))
        self._result(early, date(2024, 12, 3), "passed", GOOD)
        self.hands.take("accept", early, "guihua", date(2024, 12, 4), 10)
        self._asked(signed[6], date(2024, 12, 5))
        self.hands.take("terminate", signed[9], "guihua", date(2024, 10, 30), 10, reason="企业搬迁停产，项目无法继续。")
        gone = self.hands.take("revoke", signed[10], "guihua", date(2024, 11, 8), 10, reason="提供虚假检测报告。")
        self.hands.at(
            date(2024, 11, 28), 10, projects.give_back, gone, order_code="SH20241128-1", amount=gone.paid,
            paid_on=date(2024, 11, 28), actor=self.hands.actor("guihua", date(2024, 11, 28)),
        )  # fmt: skip
        self.hands.take("archive", gone, "guihua", date(2024, 12, 2), 10)

    def _asked(self, project: Any, on: date) -> Any:
        return self.hands.at(on, 9, projects.ask_acceptance, project, WHOLE, actor=self.hands.host(project.party))

    def _result(self, project: Any, on: date, conclusion: str, marks: Any) -> None:
        self.hands.at(
            on, 15, projects.record_result, project, held_on=on, panel=PANEL, conclusion=conclusion,
            opinion=FOUND[conclusion],
            finance_opinion="单独核算，支出符合规定。", marks=marks, actor=self.hands.actor("guihua", on),
        )  # fmt: skip

    def _earlier(self, firms: list[Party]) -> None:
        """Seven of 2021 and 2022: overdue, running, mended, archived; one of them of the firm with an account."""
        titles = (
            "耐磨输送带配方",
            "粮库智能通风",
            "竹笋保鲜技术",
            "电机端盖压铸模具",
            "井下定位终端",
            "高粱酒糟饲料化",
            "木门数字化喷涂",
        )
        rows = []
        for n, (title, party) in enumerate(zip(titles, [self.own, *firms], strict=False)):
            year, months = (2021, 24) if n in (1, 2) else (2022, 24)
            start = date(year, 7, 1)
            rows.append(
                {
                    "party": party, "title": title, "programme": self.programme, "year": year,
                    "leader_name": f"{'周吴郑王冯陈褚'[n]}立", "document": f"六科计〔{year}〕11号",
                    "established_on": start, "starts_on": start,
                    "ends_on": date(year + months // 12, 6, 30), "grant": 200_000 + 50_000 * n, "own_money": 300_000,
                    "paid": 100_000, "abstract": f"{title}研究与应用。",
                }
            )  # fmt: skip
        officer = self.hands.actor("guihua", date(2024, 1, 9))
        made = self.hands.at(date(2024, 1, 9), 9, projects.register_projects, rows, actor=officer, source="sheet")
        for project in made:
            years = (2022, 2023) if project.year == 2021 else (2023,)
            for year in () if project is made[2] else years:
                self._report(project, year, date(2024, 1, 12))
        done = self._asked(made[3], date(2024, 7, 18))
        self._result(done, date(2024, 8, 20), "passed", GOOD)
        done = self.hands.take("accept", done, "guihua", date(2024, 8, 22), 10)
        self.hands.take("archive", done, "guihua", date(2024, 9, 5), 10)
        fair = self._asked(made[4], date(2024, 8, 5))
        self._result(fair, date(2024, 9, 3), "closed", FAIR)
        self.hands.take("accept", fair, "guihua", date(2024, 9, 5), 10)
        poor = self._asked(made[5], date(2024, 8, 12))
        self._result(poor, date(2024, 9, 10), "failed", POOR)
        self.hands.take("mend", poor, "guihua", date(2024, 9, 12), 10, reason="核心指标没有达到，限六个月内整改。")
