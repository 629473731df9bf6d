"""科技计划项目 in the made-up city: a guideline that became projects, one under way, projects of earlier years."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from itertools import cycle
from typing import Any

from keji.demo.platforms_hands import Hands
from keji.demo.projects_joint import JointStory
from keji.demo.projects_meeting import MeetingStory
from keji.demo.projects_panels import READER, Panels
from keji.demo.projects_running import RunningStory
from keji.demo.projects_words import CONDITIONS, CONTACT, EARLIER, KINDS, LEADERS, TOPICS, contents_of, leader_name
from keji.demo.story import Story
from keji.kernel.parties.models import Party
from keji.kernel.parties.standings import blocked_parties
from keji.kernel.people.roles import Actor
from keji.modules.projects import api as projects

TELLER = Actor.system("演示数据")
SCHEME = {
    "title": "科技攻关项目网络评审方案",
    "mode": "online",
    "blind": True,
    "panel_least": 5,
    "criteria": [
        ("创新性和先进性", 30, "与同类技术相比解决什么问题"),
        ("技术路线可行性", 25, "方案、指标、风险和应对"),
        ("预期效益", 25, "经济、社会、生态效益是否可考核"),
        ("研究基础和组织", 10, "已有工作和分工，不看头衔"),
        ("经费预算合理性", 10, "与任务是否相符"),
    ],
}
LIMITS = {
    "county_days": 10,
    "form_days": 10,
    "resubmit_days": 5,
    "publicity_days": 5,
    "unit_quota": 1,
    "leader_most": 1,
}
ITEMS = [
    "申报单位在本市注册、具有独立法人资格",
    "申报书填写完整，必交材料齐全、清晰",
    "申报内容符合指南支持方向",
    "经费预算和自筹比例符合要求",
]
MATERIALS = [
    {"code": "m1", "name": "单位营业执照或法人证书", "required": True, "shown": False},
    {"code": "m2", "name": "技术方案", "required": True, "shown": True, "blind": True},
    {"code": "m3", "name": "合作协议", "required": False, "shown": False},
]
SECTIONS = [
    {"code": "s1", "title": "立项依据和必要性", "most": 1500},
    {"code": "s2", "title": "主要研究内容和技术路线", "most": 3000},
    {"code": "s3", "title": "考核指标和预期效益", "most": 1500},
]
THEMES = ["先进制造和新材料", "电子信息和智能装备", "现代农业和大健康"]
ATTENDEES = ["陈志远", "王海燕", "姜正", "孙丽"]


class ProjectStory:
    """Told in two acts: all of spring when summer begins, the autumn at the year's end."""

    def __init__(self, story: Story, own: Party) -> None:
        self.chance, self.hands, self.own = random.Random(424), Hands(), own
        days = [date(2024, m, d) for m, d in ((3, 5), (4, 22), (5, 6), (8, 20), (10, 22), (11, 20), (12, 6))]
        barred = {
            party
            for day in days
            for verb in ("apply", "recommend", "undertake")
            for party in blocked_parties(verb, day)
        }
        firms = [p for p in story.registry.parties if p.pk != own.pk and p.pk not in barred]
        # A tiny city starts over: nobody is asked twice under one guideline as long as there are forty firms.
        self.firms = cycle(self.chance.sample(firms, min(len(firms), 90)))
        self.serial = 0
        self.panels = Panels(self.hands, random.Random(425))

    def tell(self) -> None:
        self._shelf()
        spring = self.guideline(
            "2024年度科技攻关计划项目指南", self.research, date(2024, 2, 1), date(2024, 3, 15), 18_000_000
        )
        made = self._spring(spring)
        JointStory(self).tell()
        autumn = self.guideline(
            "2025年度民生科技计划项目指南", self.livelihood, date(2024, 10, 8), date(2024, 12, 31), 6_000_000
        )
        self._autumn(autumn)
        running = RunningStory(self.hands, self.chance, self.research, self.own)
        running.tell(made, [next(self.firms) for _ in range(9)])
        MeetingStory(self, running).tell()

    # --- what there is before ----------------------------------------------------------------------------------------

    def _shelf(self) -> None:
        on, officer = date(2024, 1, 8), self.hands.actor("guihua", date(2024, 1, 8))
        names = (
            ("市科技攻关计划", "research", "general"), ("市民生科技计划", "research", "livelihood"),
            ("市绿色低碳科技专项", "transfer", "green"), ("市揭榜挂帅项目", "challenge", "general"),
            ("市产学研联合攻关计划", "joint", "general"),
        )  # fmt: skip
        rows = [{"name": n, "kind": k, "tag": t} for n, k, t in names]
        made = self.hands.at(on, 9, projects.create_programmes, rows, actor=officer, source="page")
        self.research, self.livelihood, self.green, self.joint = made[0], made[1], made[2], made[4]
        self.hands.at(on, 9, projects.keep_earlier, EARLIER, actor=officer, source="sheet")
        scheme = self.hands.at(on, 10, projects.draft_schemes, [SCHEME], actor=officer, source="page")[0]
        self.scheme = self.hands.take("freeze", scheme, "gaoxin", on, 14)
        draft = SCHEME | {
            "title": "人才类项目评审方案（征求意见）", "mode": "meeting", "blind": False,
            "criteria": [("论文和奖项", 40, ""), ("负责人职称和学历", 20, ""), ("创新性", 40, "")],
        }  # fmt: skip
        self.hands.at(on, 11, projects.draft_schemes, [draft], actor=officer, source="page")

    def guideline(
        self, title: str, programme: Any, opens: date, closes: date, money: int, *, scheme: Any = None
    ) -> Any:
        row = {
            "title": title, "programme": programme, "scheme": scheme or self.scheme,
            "year": int(title[:4]), "opens_on": opens,
            "closes_on": closes, "document": f"六科计〔{opens.year}〕{opens.month + 1}号", "themes": THEMES,
            "conditions": CONDITIONS,
            "money": money, "grant_most": 1_000_000, "own_percent": 50, "months_most": 24, "sections": SECTIONS,
            "materials": MATERIALS, "form_items": ITEMS, "contact": CONTACT, **LIMITS,
        }  # fmt: skip
        officer = self.hands.actor("guihua", opens)
        call = self.hands.at(opens, 9, projects.draft_guidelines, [row], actor=officer, source="page")[0]
        return self.hands.take("publish", call, "gaoxin", opens, 15)

    # --- one proposal's way ------------------------------------------------------------------------------------------

    def _written(self, call: Any, party: Party, on: date, *, files: bool = True, topic: str = "") -> Any:
        self.serial += 1
        title = topic or KINDS[self.serial // len(TOPICS) % len(KINDS)] + TOPICS[self.serial % len(TOPICS)]
        host = self.hands.host(party)
        record = self.hands.at(on, 9, projects.apply, call, party, title, actor=host)
        asked = self.chance.randrange(20, 61) * 10_000
        equipment, indirect = asked // 10 * 3, asked // 10
        values = {
            "theme": THEMES[self.serial % 3], "leader_name": leader_name(self.serial),
            "leader_id_number": f"34240119{70 + self.serial % 25}0101{self.serial:03d}X", "months": 24,
            "contents": contents_of(title), "equipment": equipment, "labour": asked // 10, "indirect": indirect,
            "abstract": f"研制{title}。" + contents_of(title + "摘要")["s1"],
            "business": asked - equipment - indirect - asked // 10, "own_money": asked + 100_000, "promised": True,
            "contact_name": party.contact_name or "王工", "contact_phone": "13805640000",
            "members": [
                {"order": n, "name": f"{LEADERS[(self.serial + n) % len(LEADERS)]}{'建国华平'[n]}", "title": "工程师",
                 "field": "机械", "task": "试验和测试", "unit": party.name}
                for n in (1, 2)
            ],
        }  # fmt: skip
        self.hands.at(on, 10, projects.update_proposal, record, values, actor=host)
        for code, name in (("m1", "营业执照.pdf"), ("m2", "技术方案.pdf")) if files else ():
            self.hands.at(on, 11, projects.add_material, record, code, self.hands.file(name), actor=host)
        return record

    def _submitted(self, call: Any, party: Party, on: date) -> Any:
        host = self.hands.host(party)
        record = self._written(call, party, on)
        record = self.hands.take("to_unit", record, host, on, 14)
        return self.hands.take("submit", record, host, on, 16)

    def recommended(self, call: Any, party: Party, on: date, then: date) -> Any:
        record = self._submitted(call, party, on)
        return self.hands.take("recommend", record, self.hands.clerk(record.region_id), then, 10)

    def checked(self, record: Any, on: date, bad: str = "") -> Any:
        checks = [{"item": i, "passed": i != bad, "note": "与财务报表不一致" if i == bad else ""} for i in ITEMS]
        officer = self.hands.actor("gaoxin", on)
        self.hands.at(on, 9, projects.save_form_checks, record, checks, actor=officer)
        for row in record.likenesses.filter(judgement="open"):
            self.hands.at(on, 9, projects.judge, row, "different", "研究对象和技术路线不同", actor=officer)
        if bad:
            return self.hands.take("fail_form", record, officer, on, 11, reason=f"{bad}：与财务报表不一致。")
        return self.hands.take("pass_form", record, officer, on, 10)

    def marked(self, review: Any, on: date, base: int, far: int = 0) -> None:
        criteria = list(self.scheme.criteria.all())
        marks = {}
        for criterion in criteria:
            share = far or max(5, min(10, base // 10 + self.chance.randrange(-1, 2)))
            marks[criterion.pk] = (Decimal(criterion.full * share) / 10, "指标需再细化" if share < 7 else "")
        comment = (
            "技术路线清楚，指标可考核，建议支持。" if base > 75 else "创新性一般，市场前景论证不足，建议完善后再报。"
        )
        self.hands.at(on, 9, projects.save_marks, review, marks, comment, actor=TELLER)
        self.hands.at(on, 10, projects.submit_review, review, actor=TELLER)

    # --- spring: thirty-two proposals, eighteen projects -------------------------------------------------------------

    def _spring(self, call: Any) -> list[Any]:
        rows = [self.recommended(call, next(self.firms), date(2024, 3, 5), date(2024, 3, 18)) for _ in range(31)]
        refused = self._submitted(call, next(self.firms), date(2024, 3, 6))
        reason = "单位无研发人员，不符合申报条件。"
        self.hands.take(
            "not_recommend", refused, self.hands.clerk(refused.region_id), date(2024, 3, 19), 10, reason=reason
        )
        officer = self.hands.actor("gaoxin", date(2024, 3, 20))
        self.hands.at(date(2024, 3, 20), 9, projects.compare, call, actor=officer)
        for row in rows[:3]:
            self.checked(row, date(2024, 3, 25), ITEMS[3])
        for row in rows[3:]:
            self.checked(row, date(2024, 3, 26))
        batch = self.batch(call, "科技攻关评审组", date(2024, 3, 28), date(2024, 3, 29), date(2024, 4, 12))
        for n, review in enumerate(batch.reviews.order_by("pk")):
            self.marked(review, date(2024, 4, 8), 85 - review.proposal_id % 28, 4 if n % 37 == 0 else 0)
        for review in batch.reviews.filter(flagged=True):
            said = "认为关键指标在现有条件下难以达到"
            self.hands.at(date(2024, 4, 10), 9, projects.explain, review, said, actor=TELLER)
        self.hands.take("close", batch, officer, date(2024, 4, 12), 16)
        self.panels.done(batch.draw_number, date(2024, 4, 12))
        return self.decided(call, 19, date(2024, 4, 19), date(2024, 4, 22), date(2024, 5, 6), "9", "8")

    def batch(self, call: Any, title: str, on: date, review: date, due: date, *, reader: str = "") -> Any:
        """What passed the form check, before a panel drawn on `on` that reads from `review` to `due`."""
        row = {"guideline": call, "title": title, "due_on": due}
        officer = self.hands.actor("gaoxin", on)
        batch = self.hands.at(on, 9, projects.draft_batches, [row], actor=officer, source="page")[0]
        self.panel = self.panels.of_batch(batch, on, review, reader=reader)
        batch.refresh_from_db()
        seen, officer = projects.blind_digest(batch), self.hands.actor("gaoxin", review)
        batch = self.hands.at(review, 11, projects.look_at_blind, batch, seen, actor=officer)
        return self.hands.take("start", batch, "gaoxin", review, 14)

    def decided(
        self, call: Any, keep: int, on: date, notice_on: date, issued_on: date, minutes: str, document: str
    ) -> list[Any]:
        """The best `keep` become projects: meeting, notice, paper."""
        chosen = {}
        for place, row in enumerate(projects.waiting(call)):
            given = ("approved", row.asked // 100_000 * 100_000, "")
            chosen[row.pk] = given if place < keep else ("declined", 0, "得分靠后，本年度经费有限。")
        officer = self.hands.actor("gaoxin", on)
        self.hands.at(
            on, 9, projects.record_meeting, call, kind="party", held_on=on,
            minutes=f"局党组会议纪要〔2024〕{minutes}号",
            attendees=ATTENDEES, decisions=chosen, actor=officer,
        )  # fmt: skip
        notice = self.hands.at(notice_on, 9, projects.publicise, call, CONTACT, actor=officer)
        self.hands.take("publish", notice, "guihua", notice_on, 10)
        self.hands.at(issued_on, 9, projects.draft_paper, call, actor=officer)
        signer = self.hands.actor("juzhang", issued_on)
        self.hands.at(issued_on, 15, projects.issue_paper, call, f"六科计〔2024〕{document}号", actor=signer)
        return list(call.projects.order_by("pk"))

    # --- autumn: something at every stage ----------------------------------------------------------------------------

    def _autumn(self, call: Any) -> None:
        early, late = date(2024, 10, 22), date(2024, 11, 4)
        rows = [self.recommended(call, next(self.firms), early, late) for _ in range(13)]
        copy = self._written(call, next(self.firms), date(2024, 11, 20), topic=EARLIER[0]["title"])
        host = self.hands.host(copy.party)
        copy = self.hands.take(
            "submit", self.hands.take("to_unit", copy, host, date(2024, 11, 20), 14), host, date(2024, 11, 20), 15
        )
        self.hands.take("recommend", copy, self.hands.clerk(copy.region_id), date(2024, 11, 26), 10)
        for row in rows[:9]:
            self.checked(row, date(2024, 11, 11))
        self.batch(call, "民生科技评审组", date(2024, 11, 25), date(2024, 11, 26), date(2024, 12, 18), reader=READER)
        self.reader = next(p for p in self.panel if p.account and p.account.username == READER)
        for review in self._open_sheets(call):
            self.marked(review, date(2024, 12, 3), 82 - review.proposal_id % 12)
        for n, review in enumerate(projects.sheets_of(call).filter(person=self.reader).order_by("pk")[:3]):
            self.marked(review, date(2024, 12, 4), 80, 4 if n == 0 else 0)
        self.hands.take(
            "return_once", rows[9], "gaoxin", date(2024, 12, 5), 10, reason="自筹经费证明没有盖章，请补正。"
        )
        officer = self.hands.actor("gaoxin", date(2024, 12, 4))
        self.hands.at(date(2024, 12, 4), 9, projects.compare, call, actor=officer)
        passed = self.checked(rows[10], date(2024, 12, 6))
        assert passed.state == "form_passed"
        for on in (date(2024, 11, 15), date(2024, 12, 5), date(2024, 12, 6)):  # the first is overdue at its county
            self._submitted(call, next(self.firms), on)
        gone = self._submitted(call, next(self.firms), date(2024, 11, 12))
        self.hands.take("withdraw", gone, self.hands.host(gone.party), date(2024, 11, 14), 10)
        self._written(call, next(self.firms), date(2024, 12, 2), files=False)
        mine = self._written(call, self.own, date(2024, 12, 9), files=False)
        assert mine.state == "draft"

    def _open_sheets(self, call: Any) -> list[Any]:
        """All but the reader's and one more sheet: the review is under way."""
        rows = projects.sheets_of(call).filter(state="assigned").exclude(person=self.reader).order_by("pk")
        return list(rows)[:-4]
