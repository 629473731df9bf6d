"""Assessment of the city's centres: one campaign long past, one of this year with its mending, one under way."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from keji.demo.people import settle_firm_user
from keji.demo.platforms_hands import Hands
from keji.modules.platforms import api as platforms

EXPERTS = (("沈建华", "合肥工业大学"), ("蒋文涛", "安徽省科技情报研究所"), ("韩雪", "皖西学院"))
SAID = (
    *("上年度研发费用按辅助账归集，较上年有增长。", "专职研发人员稳定，社保齐全。", "场地独立，主要设备运行正常。"),
    *("制度已印发执行，项目和经费有台账。", "在研项目按计划推进，完成验收一项。", "与高校签订合作协议，共同开展攻关。"),
    *(
        "新增授权专利，均与主导产品相关。",
        "新工艺用于主导产品，形成收入。",
        "新产品收入占比逐年提高。",
        "为同行企业提供检测服务。",
    ),
)
PROBLEMS = ("研发费用没有单独归集，辅助账不全。", "研发人员流失较多，在岗人数不足。")


class AssessmentStory:
    """The years of assessment, one platform failing twice."""

    def __init__(self, chance: random.Random, hands: Hands) -> None:
        self.chance, self.hands = chance, hands

    def acts(self) -> list[tuple[date, Callable[[date], None]]]:
        return [
            (date(2024, 2, 20), self.mend_first),
            (date(2024, 6, 20), self.this_years),
            (date(2024, 12, 8), self.running),
        ]

    def first_campaign(self) -> None:
        """2022's work, assessed in the autumn of 2023 on the scheme's first edition."""
        start = date(2023, 9, 4)
        row = {
            "name": "市级企业研发中心年度评估方案",
            "kind": "enterprise_rnd_centre",
            "edition": "2023年试行版",
            "from_on": date(2023, 1, 1),
            "cites": "参照年度绩效评价通行做法拟订，权重待核",
        }
        officer = self.hands.actor("gaoxin", start)
        made = self.hands.at(start, 9, platforms.draft_schemes, [row], actor=officer, source="page")
        self.scheme = self.hands.take("freeze", made[0], "guihua", start, 15)
        campaign = self._campaign(self.scheme, 2022, date(2023, 9, 11), date(2023, 10, 13))
        rows = self._assessments(campaign)
        for place, record in enumerate(rows):
            self._graded(record, date(2023, 10, 9), 5 if place == 0 else 7 + place % 3)
        self.hands.take("publish", campaign, "gaoxin", date(2023, 12, 20), 9)
        self.failed = rows[0]

    def mend_first(self, on: date) -> None:
        self._mend(self.failed, on, "六科成〔2024〕5号", closed=True)

    def this_years(self, _: date) -> None:
        """2023's work: published in June; one fails again, one is being mended, others wait: looked at, signed."""
        start = date(2024, 3, 4)
        officer = self.hands.actor("gaoxin", start)
        draft = self.hands.at(start, 9, platforms.next_edition, self.scheme, actor=officer)
        self.scheme = self.hands.take("freeze", draft, "guihua", start, 15)
        campaign = self._campaign(self.scheme, 2023, date(2024, 3, 11), date(2024, 4, 10))
        rows = self._assessments(campaign)
        gone = self.hands.take(
            "exempt", rows[-1], "gaoxin", date(2024, 3, 15), 10, reason="依托单位正在搬迁，本年度不参加。"
        )
        rows = [r for r in rows if r.pk != gone.pk]
        for place, record in enumerate(rows):
            self._graded(record, date(2024, 4, 8), 5 if place in (0, 3, 5, 7) else 7 + place % 3)
        self.hands.take("publish", campaign, "gaoxin", date(2024, 5, 20), 9)
        self._mend(rows[0], date(2024, 5, 22), "六科成〔2024〕13号", closed=True)
        self._mend(rows[3], date(2024, 5, 22), "六科成〔2024〕14号", answered=True)
        self._mend(rows[5], date(2024, 6, 18), "六科成〔2024〕16号")
        for record in rows[7:8]:
            self._mend(record, date(2024, 12, 5), "六科成〔2024〕31号", unsigned=True)
        settle_firm_user(rows[5].party, "pingtai")  # it has findings to answer, and this year's self-report to write

    def running(self, _: date) -> None:
        """2024's work: asked for at the end of November, one at every stage."""
        campaign = self._campaign(self.scheme, 2024, date(2024, 11, 25), date(2024, 12, 31))
        rows = self._assessments(campaign)
        on = date(2024, 12, 3)
        with_account = [r for r in rows if r.party_id in self._with_account()]
        rows = [r for r in rows if r not in with_account]
        self._answer(rows[0], on, half=True)
        for record in rows[1:4]:
            self._reported(record, on)
        self._returned(self._reported(rows[4], on), date(2024, 12, 5))
        for record in rows[5:7]:
            self._checked(self._reported(record, on), date(2024, 12, 5))
        one = self._checked(self._reported(rows[7], on), date(2024, 12, 5))
        self._mark(one, EXPERTS[0], date(2024, 12, 6), 8)
        for record in rows[8:11]:
            self._graded(record, on, 8)

    def leave_open(self) -> None:
        """A new edition of the scheme is being drafted."""
        on = date(2024, 12, 9)
        self.hands.at(on, 9, platforms.next_edition, self.scheme, actor=self.hands.actor("chengguo", on))

    # --- steps ------------------------------------------------------------------------------------------------------

    def _campaign(self, scheme: Any, year: int, opens: date, closes: date) -> Any:
        row = {
            "title": f"{year}年度市级企业研发中心评估",
            "scheme": scheme,
            "level": "city",
            "year": year,
            "opens_on": opens,
            "closes_on": closes,
            "county_days": 10,
            "rectify_days": 30,
        }
        officer = self.hands.actor("gaoxin", opens)
        made = self.hands.at(opens, 8, platforms.draft_campaigns, [row], actor=officer, source="page")
        return self.hands.take("launch", made[0], "gaoxin", opens, 9)

    def _assessments(self, campaign: Any) -> list[Any]:
        rows = platforms.Assessment.objects.filter(campaign=campaign)
        return list(rows.select_related("campaign__scheme", "platform", "party").order_by("pk"))

    def _with_account(self) -> set[int]:
        return {party for name in ("qiye", "pingtai") for party in self.hands.actor(name, date(2024, 12, 1)).parties}

    def _answer(self, record: Any, on: date, *, half: bool = False) -> None:
        host = self.hands.host(record.party)
        reports = list(record.reports.select_related("item"))
        for report in reports[: 4 if half else None]:
            if report.item.evidence:
                file = self.hands.file(f"{report.item.evidence}.pdf")
                self.hands.at(on, 9, platforms.add_evidence, record, report.pk, file, actor=host)
        answers = {
            r.pk: (SAID[n % len(SAID)], Decimal(self.chance.randrange(6, 11)))
            for n, r in enumerate(reports)
            if not half or n < 4
        }
        self.hands.at(on, 10, platforms.save_self_report, record, answers, actor=host)

    def _reported(self, record: Any, on: date) -> Any:
        self._answer(record, on)
        return self.hands.take("report", record, self.hands.host(record.party), on, 15)

    def _checked(self, record: Any, on: date) -> Any:
        clerk = self.hands.clerk(record.region_id)
        answers = dict.fromkeys(record.reports.values_list("pk", flat=True), (True, ""))
        self.hands.at(on, 10, platforms.save_checks, record, answers, actor=clerk)
        return self.hands.take("pass_check", record, clerk, on, 11)

    def _returned(self, record: Any, on: date) -> None:
        clerk = self.hands.clerk(record.region_id)
        keys = list(record.reports.values_list("pk", flat=True))
        answers: dict[int, tuple[bool, str]] = dict.fromkeys(keys, (True, ""))
        answers[keys[0]] = (False, "研发费用与税务申报数不一致，请附说明。")
        self.hands.at(on, 10, platforms.save_checks, record, answers, actor=clerk)
        self.hands.take("send_back", record, clerk, on, 11, reason="请对标明的项目补充说明。")

    def _mark(self, record: Any, expert: Sequence[str], on: date, level: int) -> None:
        items = list(record.campaign.scheme.items.all())
        marks = {i.pk: (Decimal(min(max(level + self.chance.randrange(-1, 2), 0), i.full)), "") for i in items}
        first = items[0].pk
        marks[first] = (marks[first][0], "投入稳定" if level > 6 else "投入偏低，归集不规范")
        self.hands.at(
            on,
            15,
            platforms.save_panelist,
            record,
            name=expert[0],
            unit=expert[1],
            visited_on=on,
            marks=marks,
            actor=self.hands.actor("gaoxin", on),
        )

    def _graded(self, record: Any, on: date, level: int) -> None:
        record = self._checked(self._reported(record, on), on)
        for expert in EXPERTS:
            self._mark(record, expert, on, level)
        self.hands.take("grade", record, "gaoxin", on, 17)

    def _mend(
        self,
        record: Any,
        on: date,
        number: str,
        *,
        answered: bool = False,
        closed: bool = False,
        unsigned: bool = False,
    ) -> None:
        record.refresh_from_db()
        officer = self.hands.actor("gaoxin", on)
        for problem in PROBLEMS:
            self.hands.at(on, 9, platforms.add_finding, record, problem, actor=officer)
        record = self.hands.take("draft_mending", record, "gaoxin", on, 10, document_number=number)
        if unsigned:
            return
        record = self.hands.take("order_mending", record, "chengguo", on, 15)
        if not (answered or closed):
            return
        host, then = self.hands.host(record.party), date(on.year, on.month + 1, 5)
        keys = list(record.findings.values_list("pk", flat=True))
        answers = dict.fromkeys(keys, "已按要求整改，辅助账补建完成，新引进研发人员三名。")
        self.hands.at(then, 9, platforms.answer, record, answers, actor=host)
        record = self.hands.take("send_mended", record, host, then, 10)
        if closed:
            done = dict.fromkeys(keys, (True, "现场查看，已改好。"))
            self.hands.at(then, 15, platforms.review, record, done, actor=officer)
            self.hands.take("close", record, "gaoxin", then, 16)
