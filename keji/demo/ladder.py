"""Helping firms up in the made-up city: the year's campaign, who is called on, who would rather not, the chains."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from keji.demo.story import NOW, SEED, Story, actor, moment
from keji.kernel.parties.models import Party
from keji.kernel.people.models import Account
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import take
from keji.lib import sheet
from keji.modules.enterprises import api as enterprises

ladder = enterprises.ladder
YEAR = 2024
TODAY = NOW.date()
VISITS = (
    ("preparing", "研发费用辅助账已建，正在补充知识产权", "12月底前完成专项审计", "核对科技人员名单"),
    ("coaching", "不清楚研发费用如何归集", "安排财务参加培训", "发放口径说明，约定上门辅导"),
    ("unsure", "担心影响现有补贴", "", "请分管负责同志对接"),
    ("unwilling", "今年以扩产为主，暂不考虑", "", ""),
    ("unreached", "", "", "改由乡镇协助联系"),
)
REASONS = (
    ("unwilling", "11月与法人代表当面核实，企业今年不申报。"),
    ("books", "财务2024年才建研发费用辅助账，缺两年数据。"),
    ("moving", "企业已签外地落户协议，明年上半年搬迁。"),
)


class Helping:
    """Tells the last months of the year, after certificates and facts are on file."""

    def __init__(self, story: Story) -> None:
        self.story, self.chance = story, random.Random(SEED + 7)
        self.clerks = {g.region_id: a.username for a in Account.objects.all() for g in a.grants.filter(role="county")}

    def tell(self) -> None:

        ladder.refresh_prospects(on=TODAY, actor=Actor.system(), at=moment(TODAY, 5))
        self._campaign()
        self._published()
        self._cultivate()
        self._renewals()
        self._waive()
        self._chains()
        self.story.tell(
            f"梯度培育：后备 {ladder.Prospect.objects.count():,} 家次，申报 {ladder.Application.objects.count()} 家"
        )

    # --- the campaign ------------------------------------------------------------------------------------------------

    def _campaign(self) -> None:
        day = date(YEAR, 3, 18)
        officer = actor("gaoxin", day)
        row = {"rung": "hnte", "year": YEAR, "title": f"{YEAR}年高新技术企业认定申报"}
        made = ladder.plan_campaigns([row], actor=officer, at=moment(day), source="page")[0]
        extra = {"campaign": made, "name": "第四批", "due_on": date(YEAR, 12, 25), "certain": False, "cites": "待通知"}
        ladder.add_batches([extra], actor=officer, at=moment(day, 11), source="page")
        self.campaign = take("open", made, actor=officer, at=moment(day, 15))
        batches = list(made.batches.order_by("due_on"))
        held = self._holders_of_2024(max(int(48 * self.story.by_hand), 4))
        for place, party in enumerate(held):
            self._apply(party, batches[place % 2 + 1], "certified")
        free = self._free(("ready", "experts", "condition"), max(int(40 * self.story.by_hand), 12))
        ends = ("draft", "submitted", "returned", "reviewed", "refused", "recommended", "recommended", "failed")
        for place, party in enumerate(free):
            state = ends[place % len(ends)]
            late = state in ("recommended", "failed")
            self._apply(party, batches[2] if late else batches[3], state)

    def _holders_of_2024(self, many: int) -> list[Party]:
        rows = enterprises.Certification.objects.filter(kind="hnte", year=YEAR, state="confirmed").select_related(
            "party"
        )
        return [c.party for c in rows.order_by("pk")[:many]]

    def _free(self, kinds: Sequence[str], many: int, rung: str = "hnte") -> list[Party]:
        rows = ladder.with_standing(ladder.Prospect.objects.filter(rule=rung, kind__in=kinds), rung, TODAY)
        rows = rows.filter(standing="idle").select_related("party").order_by("effort", "pk")
        return [p.party for p in rows[:many]]

    def _apply(self, party: Party, batch: Any, until: str) -> None:
        day = min(batch.due_on - timedelta(days=9), TODAY - timedelta(days=6))
        clerk = actor(self.clerks[party.region_id], day)
        row = {"party": party, "campaign": self.campaign, "batch": batch, "contact": party.contact_name}
        record = ladder.begin_applications([row], actor=clerk, at=moment(day), source="page")[0]
        names = self.campaign.material_list
        ready = names[:3] if until == "draft" else names
        record = ladder.tick_materials(record, ready, actor=clerk, at=moment(day, 11))
        officer, other = actor("gaoxin", day), actor("guihua", day)
        ways = {
            "draft": (),
            "submitted": ("submit",),
            "returned": ("submit", "send_back"),
            "reviewed": ("submit", "review"),
            "refused": ("submit", "refuse"),
            "recommended": ("submit", "review", "recommend"),
            "failed": ("submit", "review", "recommend", "mark_failed"),
            "certified": ("submit", "review", "recommend", "certify"),
        }
        said = {
            "send_back": "缺少近三年审计报告，请补齐",
            "refuse": "近一年有环境行政处罚",
            "mark_failed": "专家评审未达到70分",
        }
        for hour, step in enumerate(ways[until], start=12):
            who = {"submit": clerk, "review": other, "recommend": officer}.get(step, officer)
            record = take(step, record, actor=who, at=moment(day, hour), reason=said.get(step, ""))

    def _published(self) -> None:
        """The province published the third batch: one under its old name, one nobody's, one missing."""
        day = date(YEAR, 12, 9)
        batch = self.campaign.batches.order_by("due_on")[2]
        rows = ladder.Application.objects.filter(batch=batch, state="recommended").select_related("party")
        found = [a.party for a in rows.order_by("pk")]
        if len(found) < 2:
            return
        renamed = found[0]
        old = renamed.name
        new = old.replace("有限公司", "（安徽）有限公司")
        enterprises.update_party(renamed, {"name": new}, actor=actor("gaoxin", day), at=moment(day, 8), renamed_on=day)
        names = [old, *(p.name for p in found[1:-1] or found[1:]), "合肥某某精密制造有限公司"]
        columns = [sheet.Column("name", "企业名称", required=True)]
        content = sheet.write(columns, [{"name": name} for name in names])
        title = f"安徽省{YEAR}年第三批拟认定高新技术企业公示名单"
        ladder.upload_list(
            batch, "proposed", title, "公示名单.xlsx", content, actor=actor("gaoxin", day), at=moment(day, 10)
        )

    # --- calling on firms --------------------------------------------------------------------------------------------

    def _cultivate(self) -> None:
        day = date(YEAR, 10, 15)
        officer = actor("gaoxin", day)
        many = max(int(60 * self.story.by_hand), 10)
        rows = ladder.with_standing(ladder.Prospect.objects.filter(kind__in=("condition", "fact")), "hnte", TODAY)
        near = list(rows.filter(standing="idle", rule="hnte").select_related("party").order_by("effort", "pk")[:many])
        by_owner: dict[str, list[Any]] = {}
        for place, prospect in enumerate(near):
            owner = "gaoxin" if place % 3 == 0 else self.clerks[prospect.region_id]
            by_owner.setdefault(owner, []).append(prospect)
        for owner, theirs in by_owner.items():
            account = Account.objects.get(username=owner)
            plan = "上门辅导研发费用归集，逐条对照认定条件补齐。"
            ladder.list_prospects(theirs, owner=account, year=YEAR, plan=plan, actor=officer, at=moment(day))
        for place, entry in enumerate(ladder.CultivationEntry.objects.order_by("pk")):
            if place % 4:
                self._call(entry, place)
        self._ends()

    def _call(self, entry: Any, place: int) -> None:
        on = date(YEAR, 11, 1) + timedelta(days=place % 25)
        finding, note, promised, following = VISITS[place % len(VISITS)]
        who = actor(entry.owner.username if entry.owner else "gaoxin", on)
        said = {
            "on": on, "finding": finding, "note": note, "promised": promised, "next_step": following,
            "next_on": on + timedelta(days=30),
        }  # fmt: skip
        ladder.visit(entry, said, actor=who, at=moment(on, 16))

    def _ends(self) -> None:
        """Some have applied, one gave up, one made it."""
        day = date(YEAR, 12, 2)
        officer = actor("gaoxin", day)
        rows = list(ladder.CultivationEntry.objects.filter(state="cultivating").order_by("-pk")[:3])
        for entry in rows[:2]:
            take("mark_applied", entry, actor=officer, at=moment(day))
        for entry in rows[2:]:
            take("drop", entry, actor=officer, at=moment(day), reason="企业已停产，不再具备条件。")
        for party in self._holders_of_2024(2):
            row = {"party": party, "rung": "hnte", "year": YEAR, "owner": Account.objects.get(username="gaoxin")}
            entry = ladder.list_firms([row], actor=officer, at=moment(date(YEAR, 4, 8)), source="page")[0]
            take("achieve", entry, actor=officer, at=moment(day))

    def _renewals(self) -> None:
        """Firms whose certificate ran out this autumn without a new one: some were called, some not."""
        rows = enterprises.Certification.objects.filter(kind="hnte", year=YEAR - 3, state="confirmed")
        newer = enterprises.Certification.objects.filter(kind="hnte", year=YEAR).values("party")
        lapsed = list(
            rows.exclude(party__in=newer).select_related("party").order_by("pk")[: max(int(12 * self.story.by_hand), 4)]
        )
        officer = actor("gaoxin", date(YEAR, 8, 20))
        owner = Account.objects.get(username="gaoxin")
        wanted = [
            {
                "party": c.party,
                "rung": "hnte",
                "year": YEAR,
                "owner": owner,
                "origin": "renewal",
                "plan": "提醒按时重新认定。",
            }
            for c in lapsed
        ]
        made = ladder.list_firms(wanted, actor=officer, at=moment(date(YEAR, 8, 20)), source="page")
        for place, entry in enumerate(made[: len(made) // 2 + 1]):
            self._call(entry, place)

    def _waive(self) -> None:
        day = date(YEAR, 11, 18)
        for rung in ("tech_sme", "hnte"):
            parties = self._free(("ready", "experts"), max(int(10 * self.story.by_hand), 3), rung)
            for place, party in enumerate(parties):
                reason, explanation = REASONS[place % len(REASONS)]
                clerk = actor(self.clerks[party.region_id], day)
                row = {"party": party, "rung": rung, "year": YEAR, "reason": reason, "explanation": explanation}
                waiver = ladder.propose_waivers([row], actor=clerk, at=moment(day), source="page")[0]
                if place % 3 == 0:
                    take("accept", waiver, actor=actor("gaoxin", day), at=moment(day, 16))
                elif place % 3 == 1:
                    take("reject", waiver, actor=actor("gaoxin", day), at=moment(day, 16), reason="请再上门核实一次。")

    def _chains(self) -> None:
        officer = actor("gaoxin", TODAY)
        for industry in ladder.FocusIndustry.objects.all():
            links = list(industry.segments.all())
            firms = Party.objects.filter(profile__industry_tag=industry.name).order_by("pk")[
                : max(int(30 * self.story.by_hand), 6)
            ]
            served = [s for place, s in enumerate(links) if place % 4 != 1] or links
            rows = [{"segment": served[i % len(served)], "party": p, "product": ""} for i, p in enumerate(firms)]
            ladder.place_firms(rows, actor=officer, at=moment(TODAY, 8), source="sheet")
