"""How the made-up city lives with the real plan of 2024: read, settled, shared out, reported on, month by month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from keji.demo.story import Story, actor, moment
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.indicators.objections import raise_objections
from keji.kernel.indicators.services import report_figures
from keji.kernel.parties.models import Region
from keji.kernel.people.models import Account, Section
from keji.kernel.records.flow import take
from keji.lib.figures import Period
from keji.modules.enterprises import api as enterprises
from keji.modules.plan import api as plans

SOURCE = Path(__file__).with_name("plan-2024.txt")
YEAR = 2024

#: task number → lead section, responsible leader
OWNERS = {
    **dict.fromkeys(("1", "2", "4", "5"), ("gxcy", "fuju")),
    **dict.fromkeys(("3", "8", "9", "10"), ("cgzh", "fuju")),
    **dict.fromkeys(("6", "7"), ("ncsf", "fuju")),
    **dict.fromkeys(("11", "12", "13"), ("ghfz", "juzhang")),
    **dict.fromkeys(("14", "15"), ("jgdw", "juzhang")),
    "16": ("bgs", "juzhang"),
}
HANDS = {"gxcy": "gaoxin", "cgzh": "chengguo", "ncsf": "nongcun", "ghfz": "guihua", "jgdw": "dangwei", "bgs": "bangong"}

#: words of a target no register counts yet → what its section filed at the end of each month, January to November
FILED = {
    "科技特派员": (2462, 2462, 2470, 2481, 2490, 2498, 2503, 2503, 2506, 2508, 2511),
    "科技特派团": (13, 13, 14, 15, 15, 16, 16, 17, 17, 18, 18),
    "科创团队": (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11),
    "毕业企业": (0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2),
    "安大六安分园": (0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3),
    "应用场景": (0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5),
    "产业产值": ("1.9", "4.1", "7.2", "9.8", "12.6", "15.9", "18.4", "21.1", "24.3", "27.0", "29.6"),
    "签约项目": (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
    "科技计划项目": (0, 0, 0, 1, 1, 2, 3, 3, 4, 4, 6),
    "资源对接会": (0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2),
    "成果转化产业化项目": (0, 0, 1, 2, 3, 4, 5, 5, 6, 7, 8),
}
#: coverage in per cent and what is left to clear; January to November
SHARES = {
    "coverage_all": (62, 64, 68, 71, 75, 79, 84, 88, 92, 95, 98),
}
#: words of a milestone → the day it was done; the others are still open
DONE = {
    "清单": date(YEAR, 3, 29),
    "公共研发服务平台": date(YEAR, 9, 20),
    "企业研发中心": date(YEAR, 8, 16),
    "专班": date(YEAR, 2, 28),
    "工大智谷": date(YEAR, 11, 8),
    "双创": date(YEAR, 6, 21),
    "白名单": date(YEAR, 5, 31),
    "特派团": date(YEAR, 7, 12),
}
NOTES = (
    ("按计划推进，完成本月走访辅导和材料初审。", "", "对照清单逐户跟进，月底前完成复核。"),
    ("召开调度会一次，形成问题清单并分办。", "个别县区报送不及时。", "督促进度慢的县区按周报送。"),
    ("组织专题培训一期，参训企业反映良好。", "企业财务归集口径不一。", "编印口径说明，上门辅导重点企业。"),
    ("完成现场核查，提出整改建议。", "部分材料缺少佐证。", "督促补齐材料，下月提交审议。"),
)
#: What a target of 清零 or 应…尽… speaks of → the indicator that counts it.
LISTS = {
    "科技型中小企业": "tech_sme_covered",
    "高新技术企业认定": "hnte_covered",
    "亿元以上规上制造业企业无研发活动和研发机构": "rnd_zeroing_left",
}
#: indicator → (city's figures January to November or None, spread between counties in points)
MONTHLY = {
    "fiscal_share": ("1.12 1.20 1.31 1.38 1.42 1.49 1.52 1.57 1.63 1.66 1.70", "0.06"),
    "fiscal_growth": ("3.1 4.6 6.2 6.8 7.4 8.8 9.1 9.6 10.2 10.9 11.4", "1.1"),
    "hightech_value_added_growth": ("- 6.9 7.8 8.4 8.9 9.3 9.1 9.6 10.1 10.4 10.6", "0.8"),
}
LOANS = {3: "18.4", 6: "20.1", 9: "21.7"}
#: (month, indicator, county): not filed in time; it comes while the month's race is collected, of November not all
LATE_FIGURES = {
    (5, "fiscal_growth", "341522"),
    (11, "fiscal_growth", "341522"),
    (11, "fiscal_growth", "341525"),
    (11, "hightech_value_added_growth", "341524"),
}


class PlanYear:
    """The plan's own year, on top of a story that settles people and firms."""

    def __init__(self, story: Story) -> None:
        self.story, self.chance = story, story.chance
        self.kept_back: dict[int, list[dict[str, Any]]] = {}
        self.city = Region.objects.get(level="city")
        self.parts = list(Region.objects.exclude(level="city").order_by("order"))

    def adopt(self) -> None:
        """15 January: the document is dropped in, read, settled, assigned, adopted."""
        day = date(YEAR, 1, 15)
        officer = actor("guihua", day)
        plan = plans.read_plan(
            SOURCE.read_bytes(),
            "2024年全市科技工作要点.txt",
            year=YEAR,
            region=self.city,
            actor=officer,
            at=moment(day),
        )
        for target in plan.targets.exclude(conflict=""):
            plans.settle(target, 0, actor=officer, at=moment(day, 11))
        for target in plan.targets.filter(op__in=("drive_to_zero", "coverage_all")):  # counted from lists, not filed
            if code := LISTS.get(target.subject):
                bound = {"basis": "indicator", "indicator": code}
                plans.correct_target(target, bound, version=plans.version_of(target), actor=officer, at=moment(day, 11))
        for target in plan.targets.filter(subject__contains="省级以上科技计划项目"):  # counted from the register
            bound = {"basis": "indicator", "indicator": "higher_projects"}
            plans.correct_target(target, bound, version=plans.version_of(target), actor=officer, at=moment(day, 11))
        sections = {s.code: s for s in Section.objects.all()}
        leaders = {a.username: a for a in Account.objects.filter(username__in=("juzhang", "fuju"))}
        for item in plan.items.filter(kind="task"):
            section, leader = OWNERS[item.number.rstrip(".．、")]
            wanted = plans.Assignment(section=sections[section], leader=leaders[leader])
            plans.assign_item(item, wanted, with_targets=True, actor=officer, at=moment(day, 14))
        loose = plan.targets.filter(section__isnull=True)
        if loose.exists():
            plans.assign(loose, plans.Assignment(section=sections["ghfz"]), actor=officer, at=moment(day, 15))
        counted = plan.targets.filter(indicator__in=("hnte_stock", "tech_sme_listed"), merged_into=None)
        plans.assign(counted, plans.Assignment(by_county=True), actor=officer, at=moment(day, 15))
        kept = plan.targets.filter(indicator__in=("platform_new", "provincial_incubator_new", "higher_projects"))
        plans.assign(kept, plans.Assignment(by_county=False), actor=officer, at=moment(day, 15))
        self.plan = take("adopt", plan, actor=officer, at=moment(day, 16))

    def share_out(self) -> None:
        """Counties' shares: suggested by last year's figures, one county objects and is partly heard."""
        start, answered, issued = date(YEAR, 1, 22), date(YEAR, 1, 26), date(YEAR, 2, 1)
        officer = actor("guihua", start)
        for target in self.plan.targets.filter(by_county=True, dropped=False, merged_into=None):
            plans.suggest_split(target, "base", actor=officer, at=moment(start))
            plans.propose_split(target, actor=officer, at=moment(start, 11))
            objecting = target.indicator == "hnte_stock"
            for share in target.allocations.select_related("region"):
                clerk = self._clerk(share.region_id)
                if objecting and share.region_id == "341504":
                    reason = "我区2023年有5家企业整体迁至市开发区，基数应相应核减。"
                    held = take("object", share, actor=actor(clerk, start), at=moment(start, 16), reason=reason)
                    plans.answer_share(
                        held, "经核实迁移企业为2家，相应核减2家，由市开发区承担。",
                        value=held.value - 2, actor=officer, at=moment(answered),
                    )  # fmt: skip
                    held.refresh_from_db()
                    take("confirm", held, actor=actor(clerk, answered), at=moment(answered, 15))
                else:
                    take("confirm", share, actor=actor(clerk, start), at=moment(start, 15))
            reason = "叶集区核减2家，由市开发区在年中调整时承担。" if objecting else ""
            plans.issue_split(target, actor=officer, at=moment(issued), reason=reason)

    def file_figures(self, month: int) -> None:
        """What other departments file for a month, city and counties, sent and confirmed by two people."""
        day = date(YEAR, month + 1, 4)
        rows = []
        for code, (series, spread) in MONTHLY.items():
            value = series.split()[month - 1]
            if value != "-":
                rows += self._rows(code, f"{YEAR}-{month:02d}", Decimal(value), Decimal(spread))
        if month in LOANS:
            rows += self._rows("tech_loan_growth", f"{YEAR}-{month:02d}", Decimal(LOANS[month]), Decimal("1.4"))
        if month == 9:
            rows += self._rows("rd_growth", str(YEAR - 1), Decimal("16.8"), Decimal("1.7"))
        late = [r for r in rows if (month, r["indicator"], getattr(r["region"], "pk", "")) in LATE_FIGURES]
        self.kept_back[month] = late
        self._file([r for r in rows if r not in late], day)

    def file_last_years_research(self) -> None:
        """The newest research figure that was out when the year began."""
        self._file(self._rows("rd_growth", str(YEAR - 2), Decimal("18.9"), Decimal("1.5")), date(YEAR, 1, 4))

    def _file(self, rows: list[dict[str, object]], day: date) -> None:
        filer, confirmer = actor("guihua", day), actor("gaoxin", day)
        for figure in report_figures(rows, actor=filer, at=moment(day), source="page"):
            take("send", figure, actor=filer, at=moment(day))
            take("confirm", figure, actor=confirmer, at=moment(day, 14))

    def _rows(self, code: str, period: str, city: Decimal, spread: Decimal) -> list[dict[str, object]]:
        about = {"indicator": code, "period": period, "caliber": "按现行统计制度", "owner": enterprises.owner_of(code)}
        rows: list[dict[str, object]] = [{"region": self.city, "value": city, **about}]
        for region in self.parts:
            away = Decimal(self.chance.randint(-20, 20)) / 10 * spread
            rows.append({"region": region, "value": (city + away).quantize(Decimal("0.01")), **about})
        return rows

    def file_progress(self, month: int) -> None:
        """Sections file what no register counts yet; a colleague confirms. The incubator's section is late in May."""
        day = date(YEAR, month + 1, 3)
        period = Period.month(YEAR, month)
        for target in self.plan.targets.filter(dropped=False, merged_into=None).exclude(basis="indicator"):
            said = _milestone(target, period) if target.basis == "milestone" else _figure(target, month)
            if said is None or (month == 5 and "孵化器" in target.subject):
                continue
            filer = HANDS[target.section_id or "ghfz"]
            other = "guihua" if filer != "guihua" else "gaoxin"
            evidence, hand = f"{period.label}工作台账", actor(filer, day)
            progress = plans.file_progress(
                target, self.city, period, evidence=evidence, actor=hand, at=moment(day), **said
            )
            plans.confirm_progress(progress, actor=actor(other, day), at=moment(day, 15))

    def file_notes(self, month: int) -> None:
        """Monthly notes on each task; two sections skip a month now and then, one is late."""
        for index, follow_up in enumerate(self.plan_follow_ups()):
            if (index * 7 + month) % 11 == 0:
                continue
            late = (index + month) % 9 == 0
            day = date(YEAR, month + 1, 2) if late else date(YEAR, month, 24)
            done, problem, following = NOTES[(index + month) % len(NOTES)]
            hand = HANDS[follow_up.section_id]
            plans.file_note(
                follow_up, f"{YEAR}-{month:02d}", done=done, problem=problem, next_step=following,
                actor=actor(hand, day), at=moment(day),
            )  # fmt: skip

    def plan_follow_ups(self) -> list[Any]:
        return list(plans.follow_ups(self.plan))

    def bulletin(self, month: int) -> Any:
        """Freeze, draft, review, issue: the 6th to the 10th of the next month."""
        period = Period.month(YEAR, month)
        days = [date(YEAR, month + 1, d) for d in (6, 7, 8, 10)]
        plans.freeze_month(period, actor=actor("guihua", days[0]), at=moment(days[0]))
        paper = plans.draft_bulletin(self.plan, period, actor=actor("guihua", days[1]), at=moment(days[1]))
        plans.review_bulletin(paper, actor=actor("gaoxin", days[2]), at=moment(days[2]))
        return plans.issue_bulletin(paper, actor=actor("juzhang", days[3]), at=moment(days[3], 9))

    def correct_october(self, paper: Any) -> None:
        """叶集 had reported its last batch late: October is frozen again and a correction names the old bulletin."""
        day = date(YEAR, 11, 14)
        why = "叶集区科技型中小企业第4批入库数迟报，已补录并重新定格。"
        plans.freeze_month(Period.month(YEAR, 10), actor=actor("guihua", day), at=moment(day), note=why)
        fixed = plans.draft_correction(paper, why, actor=actor("guihua", day), at=moment(day, 11))
        plans.review_bulletin(fixed, actor=actor("gaoxin", day), at=moment(day, 15))
        plans.issue_bulletin(fixed, actor=actor("juzhang", date(YEAR, 11, 15)), at=moment(date(YEAR, 11, 15)))

    def _clerk(self, region: str) -> str:
        return Account.objects.get(grants__role="county", grants__region=region).username

    def object_to_october(self) -> None:
        """霍邱 objects to its October figure before the freeze; the bureau hears it out and does not agree."""
        raised, answered = date(YEAR, 11, 4), date(YEAR, 11, 5)
        row = {
            "region": Region.objects.get(code="341522"),
            "indicator": "hnte_stock",
            "period": f"{YEAR}-10",
            "claimed": None,
            "grounds": "我县2家企业10月底已公示，应计入10月总数。",
        }
        made = raise_objections([row], actor=actor("huoqiu", raised), at=moment(raised), source="page")
        reason = "公示期满并发证后才计入总数，2家企业待发证后计入，不作调整。"
        take("dismiss", made[0], actor=actor("guihua", answered), at=moment(answered), reason=reason)

    def leave_open(self) -> None:
        """What waits when a visitor comes in: figures sent but not confirmed, one returned, one objection."""
        day = date(YEAR, 12, 6)
        row = {
            "region": Region.objects.get(code="341525"),
            "indicator": "tech_sme_listed",
            "period": f"{YEAR}-12",
            "claimed": None,
            "grounds": "第4批公告中有1家企业注册地已迁入我县，请核对归属。",
        }
        raise_objections([row], actor=actor("huoshan", day), at=moment(day), source="page")
        rows = self._rows("fiscal_share", f"{YEAR}-12", Decimal("1.72"), Decimal("0.05"))[1:5]
        for index, figure in enumerate(report_figures(rows, actor=actor("guihua", day), at=moment(day), source="page")):
            sent: ReportedFigure = take("send", figure, actor=actor("guihua", day), at=moment(day, 10))
            if index == 0:
                reason = "与财政局月报不一致，请核对。"
                take("send_back", sent, actor=actor("gaoxin", day), at=moment(day, 15), reason=reason)


def _figure(target: Any, month: int) -> dict[str, Any] | None:
    """What a section files for a target in numbers; None where nobody files."""
    series = SHARES.get(target.op) or next((s for words, s in FILED.items() if words in target.subject), None)
    return None if series is None else {"value": Decimal(str(series[month - 1]))}


def _milestone(target: Any, period: Period) -> dict[str, Any] | None:
    """Done, from the month in which it was; open before."""
    day = next((d for words, d in DONE.items() if words in target.subject), None)
    return {"done": True, "done_on": day} if day is not None and day <= period.end else {"done": False}
