"""The made-up city's platforms: what stood before the year, what came, one batch recognised and one under way."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from keji.demo.platforms_assessed import AssessmentStory
from keji.demo.platforms_hands import Hands
from keji.demo.platforms_recognised import RecognitionStory
from keji.demo.story import Story
from keji.kernel.parties.models import Party
from keji.modules.platforms import api as platforms

YEAR = 2024
PROVINCE = "安徽省科学技术厅"
BUREAU = "六安市科学技术局"


@dataclass(frozen=True)
class Lot:
    """Platforms of one kind and level recognised on one day, and how many years they hold (0: no end)."""

    kind: str
    level: str
    on: date
    count: int
    document: str
    years: int = 0


PAST = (
    Lot("enterprise_rnd_centre", "provincial", date(2019, 11, 12), 3, "皖科创新〔2019〕31号"),
    Lot("key_laboratory", "provincial", date(2020, 4, 18), 2, "皖科基地〔2020〕9号", 5),
    Lot("industry_institute", "provincial", date(2021, 9, 8), 2, "皖科产〔2021〕17号", 4),
    Lot("new_rnd_institute", "provincial", date(2021, 12, 3), 3, "皖科合〔2021〕28号", 3),
    Lot("technology_centre", "city", date(2022, 3, 22), 4, "六科成〔2022〕6号"),
    Lot("enterprise_rnd_centre", "city", date(2022, 5, 30), 7, "六科成〔2022〕11号"),
    Lot("enterprise_rnd_centre", "provincial", date(2022, 10, 17), 4, "皖科创新〔2022〕40号"),
    Lot("technology_centre", "provincial", date(2022, 12, 6), 2, "皖科创新〔2022〕52号", 3),
    Lot("key_laboratory", "city", date(2023, 4, 11), 3, "六科成〔2023〕5号"),
    Lot("other", "city", date(2023, 6, 2), 2, "六科成〔2023〕13号"),
    Lot("new_rnd_institute", "city", date(2023, 7, 6), 3, "六科成〔2023〕16号"),
    Lot("enterprise_rnd_centre", "city", date(2023, 11, 20), 9, "六科成〔2023〕30号"),
    Lot("other", "county", date(2023, 12, 8), 2, ""),
)
COMING = (
    Lot("enterprise_rnd_centre", "provincial", date(YEAR, 3, 1), 1, "皖科创新〔2024〕4号"),
    Lot("technology_centre", "provincial", date(YEAR, 6, 3), 1, "皖科创新〔2024〕19号", 3),
    Lot("industry_institute", "provincial", date(YEAR, 9, 2), 1, "皖科产〔2024〕8号", 4),
)
FIRST_DAY = date(2023, 1, 9)  # when the house was opened: older platforms were entered then
FIELDS = ("先进制造与自动化", "新材料", "电子信息", "生物与新医药", "资源与环境", "高技术服务")


class PlatformStory:
    """Tells the platforms' part of the year; draws its own lots so that nothing else in the city changes."""

    def __init__(self, story: Story) -> None:
        self.chance = random.Random(f"platforms {YEAR}")
        self.firms = [p for p in story.registry.parties if p.kind == Party.Kind.ENTERPRISE]
        self.chance.shuffle(self.firms)
        own = story.registry.holder("hnte", YEAR - 2)
        self.firms = [p for p in self.firms if p.pk != own.pk]
        self.own, self.hands = own, Hands()
        self.recognition = RecognitionStory(self.chance, self.hands, self.take_firms)
        self.assessment = AssessmentStory(self.chance, self.hands)
        self._told = date(YEAR, 1, 1)

    def take_firms(self, count: int) -> list[Any]:
        """The next firms that have no part in this story yet; a tiny city starts over."""
        taken, self.firms = self.firms[:count], self.firms[count:] + self.firms[:count]
        return taken

    def settle(self) -> None:
        """What stood at the end of last year, with its figures and the first assessment."""
        for lot in PAST:
            self._register(lot, max(lot.on + timedelta(days=10), FIRST_DAY))
        self.assessment.first_campaign()
        self._years(YEAR - 2, date(2023, 3, 15))

    def live_until(self, day: date) -> None:
        """Everything up to a day, in the order it happened."""
        acts: list[tuple[date, Any]] = [(lot.on + timedelta(days=10), lot) for lot in COMING]
        acts.append((date(YEAR, 3, 18), "years"))
        acts += self.recognition.acts() + self.assessment.acts()
        for on, act in sorted(acts, key=lambda pair: pair[0]):
            if self._told < on <= day:
                if isinstance(act, Lot):
                    self._register(act, on)
                elif act == "years":
                    self._years(YEAR - 1, on)
                else:
                    act(on)
        self._told = day

    def leave_open(self) -> None:
        """What waits when a visitor comes in."""
        self.live_until(date(YEAR, 12, 9))
        self.recognition.leave_open(self.own)
        self.assessment.leave_open()
        self._cultivate()
        self._report_some()

    def _register(self, lot: Lot, on: date) -> None:
        for party in self.take_firms(lot.count):
            place = {"provincial": "安徽省", "city": "六安市", "county": party.region.name}[lot.level]
            kind = platforms.Platform.Kind(lot.kind).label
            row = {
                "party": party,
                "kind": lot.kind,
                "level": lot.level,
                "name": f"{party.name}{place}{kind}",
                "field": self.chance.choice(FIELDS),
                "recognised_on": lot.on,
                "recognised_by": PROVINCE if lot.level == "provincial" else BUREAU,
                "document": lot.document,
                "valid_until": date(lot.on.year + lot.years, lot.on.month, lot.on.day) if lot.years else None,
            }
            clerk = self.hands.clerk(party.region_id)
            made = self.hands.at(on, 10, platforms.report_platforms, [row], actor=clerk, source="page")
            self.hands.take("confirm", made[0], "gaoxin", on, 15)

    def _years(self, year: int, on: date) -> None:
        """Last year's figures of every platform that stood then, by county sheet, confirmed but for a few."""
        standing = platforms.Platform.objects.filter(recognised_on__year__lte=year, state="confirmed")
        by_region: dict[str, list[dict[str, Any]]] = {}
        for platform in standing.select_related("party").order_by("pk"):
            spend = Decimal(self.chance.randrange(900, 26000)) / 10
            row = {
                "platform": platform,
                "year": year,
                "rnd_spend": spend,
                "staff": self.chance.randrange(8, 60),
                "equipment_value": Decimal(self.chance.randrange(1200, 30000)) / 10,
                "projects": self.chance.randrange(1, 9),
                "patents": self.chance.randrange(0, 14),
                "services": self.chance.randrange(0, 30),
                "income": (spend * self.chance.randrange(20, 300) / 100).quantize(Decimal("0.1")),
            }
            by_region.setdefault(platform.region_id, []).append(row)
        for region, rows in by_region.items():
            clerk = self.hands.clerk(region)
            made = self.hands.at(on, 10, platforms.report_years, rows, actor=clerk, source="sheet")
            for place, record in enumerate(made):
                if year == YEAR - 1 and place == 0 and region in ("341504", "341524"):
                    if region == "341524":
                        self.hands.take(
                            "send_back", record, "gaoxin", on, 15, reason="研发投入与统计数差别较大，请核对。"
                        )
                    continue
                self.hands.take("confirm", record, "gaoxin", on, 15)

    def _report_some(self) -> None:
        """Two entries still to be confirmed, one sent back, one title taken back."""
        on = date(YEAR, 12, 5)
        for place, party in enumerate(self.take_firms(3)):
            row = {
                "party": party,
                "kind": "technology_centre",
                "level": "city",
                "name": f"{party.name}六安市技术创新中心",
                "field": FIELDS[place],
                "recognised_on": date(YEAR, 11, 25),
                "recognised_by": BUREAU,
                "document": "六科成〔2024〕28号",
            }
            clerk = self.hands.clerk(party.region_id)
            made = self.hands.at(on, 10, platforms.report_platforms, [row], actor=clerk, source="page")
            if place == 2:
                self.hands.take("send_back", made[0], "gaoxin", on, 16, reason="认定文件未上传，请补充。")
        gone = platforms.Platform.objects.filter(kind="other", level="city", state="confirmed").order_by("pk").first()
        self.hands.take("withdraw", gone, "gaoxin", date(YEAR, 10, 22), 10, reason="依托单位已停产，平台不再运行。")

    def _cultivate(self) -> None:
        """Candidates for the provincial level, one in every state."""
        centres = platforms.Platform.objects.filter(kind="enterprise_rnd_centre", level="city", state="confirmed")
        hosts = [c.party for c in centres.select_related("party__region").order_by("pk")[:6]]
        start = date(YEAR, 3, 12)
        tutors = [self.hands.account(name) for name in ("gaoxin", "chengguo")]
        gaps = ("缺学科带头人。", "", "没有建立研发费用辅助账。")
        for place, party in enumerate(dict.fromkeys(hosts)):
            row = {
                "party": party,
                "kind": "enterprise_rnd_centre",
                "level": "provincial",
                "goal_on": date(YEAR + (place > 2), 6, 30),
                "gaps": gaps[place % 3],
                "tutor": tutors[place % 2] if place else None,
            }
            officer = self.hands.actor("gaoxin", start)
            record = self.hands.at(start, 9, platforms.name_candidates, [row], actor=officer, source="page")[0]
            if place:
                self._tutor(record, place, start)

    def _tutor(self, record: Any, place: int, start: date) -> None:
        officer = self.hands.actor("gaoxin", start)
        for title, month in (
            ("建立研发费用辅助账", 5),
            ("扩建研发场地、补充检测设备", 9),
            ("与高校共建、引进带头人", 12),
        ):
            self.hands.at(start, 10, platforms.add_step, record, title, date(YEAR, month, 20), actor=officer)
        record = self.hands.take("tutor", record, "gaoxin", start, 11)
        for month, note in ((4, "查看研发场地和台账，讲解省级条件。"), (8, "设备采购合同已签，场地正在改造。")):
            on = date(YEAR, month, 16)
            self.hands.at(on, 10, platforms.record_tutor_visit, record, on, note, actor=self.hands.actor("gaoxin", on))
        done = {1: 1, 2: 2, 3: 3, 4: 3, 5: 0}.get(place, 1)
        for step in list(record.plan_steps.all())[:done]:
            on = step.due_on if step.due_on < date(YEAR, 11, 30) else date(YEAR, 11, 28)
            hand = self.hands.actor("gaoxin", on)
            self.hands.at(on, 10, platforms.finish_step, step, on, "已完成", actor=hand)
        if place in (3, 4):
            record = self.hands.take("apply", record, "gaoxin", date(YEAR, 11, 29), 9)
        if place == 4:
            self._succeed(record)
        if place == 5:
            self.hands.take("end", record, "gaoxin", date(YEAR, 11, 29), 9, reason="企业经营方向调整，主动退出。")

    def _succeed(self, record: Any) -> None:
        """The province recognised it: the higher title is registered, and the cultivation has its result."""
        on = date(YEAR, 12, 6)
        row = {
            "party": record.party,
            "kind": record.kind,
            "level": record.level,
            "name": f"{record.party.name}安徽省企业研发中心",
            "field": FIELDS[0],
            "recognised_on": date(YEAR, 12, 2),
            "recognised_by": PROVINCE,
            "document": "皖科创新〔2024〕47号",
        }
        clerk = self.hands.clerk(record.party.region_id)
        made = self.hands.at(on, 9, platforms.report_platforms, [row], actor=clerk, source="page")
        platform = self.hands.take("confirm", made[0], "gaoxin", on, 15)
        self.hands.take("succeed", record, "gaoxin", on, 16, platform=platform.number)
