"""会议评审 and 分配评审 in the made-up city: a panel that met and was minuted, one that sits today, one shared out."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time
from decimal import Decimal
from typing import Any

from keji.demo.projects_panels import SITTER
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.modules.projects import api as projects

TELLER = Actor.system("演示数据")
SCHEME = {
    "title": "民生和重大项目会议评审方案",
    "mode": "meeting",
    "blind": False,
    "panel_least": 5,
    "quorum": "2/3",
    "conclusions": ["建议立项", "修改后再评", "不建议立项"],
    "criteria": [
        ("需求和必要性", 25, "是否解决群众和产业的实际问题"),
        ("方案可行性", 30, "路线、指标、风险和应对"),
        ("推广前景", 25, "本市哪些地方能用、谁来用"),
        ("基础和组织", 10, "已有工作和分工，不看头衔"),
        ("经费预算", 10, "与任务是否相符"),
    ],
}
#: by place on the agenda: tenths of the full points, conclusion, opinion
JUDGED = (
    (9, "建议立项", "项目针对基层的实际需求，样机已经试用，指标可以考核，推广对象明确，建议立项。"),
    (8, "建议立项", "技术路线可行，合作单位分工清楚，预算基本合理，建议压减会议费后立项。"),
    (8, "建议立项", "前期试点数据完整，示范点已落实，建议立项并把用户满意度列为考核指标。"),
    (7, "修改后再评", "需求真实，但与现有生产线怎样衔接没有说明，示范点没有落实，建议补充后再评。"),
    (5, "不建议立项", "研究内容与已有产品重复，创新点不清楚，投入与效果不匹配，不建议立项。"),
)
DISSENT = "示范点虽未签约，但已有书面意向，我认为可以先立项、把签约作为首期拨款条件。"


class MeetingStory:
    """`story` lends its hands: who writes, checks and decides is the same in every guideline."""

    def __init__(self, story: Any, running: Any) -> None:
        self.story, self.hands, self.running = story, story.hands, running

    def tell(self) -> None:
        on, officer = date(2024, 4, 29), self.hands.actor("guihua", date(2024, 4, 29))
        scheme = self.hands.at(on, 9, projects.draft_schemes, [SCHEME], actor=officer, source="page")[0]
        self.scheme = self.hands.take("freeze", scheme, "gaoxin", on, 14)
        self._met()
        self._sits_today()
        self._shared_out()

    def _waiting(self, title: str, programme: Any, days: tuple[date, ...], count: int, money: int, **terms: Any) -> Any:
        """A guideline with `count` proposals ready for review. `days`: opens, closes, filed, sent on, checked."""
        opens, closes, filed, sent_on, checked = days
        call = self.story.guideline(title, programme, opens, closes, money, **terms)
        rows = [self.story.recommended(call, next(self.story.firms), filed, sent_on) for _ in range(count)]
        self.hands.at(checked, 8, projects.compare, call, actor=self.hands.actor("gaoxin", checked))
        for row in rows:
            self.story.checked(row, checked)
        return call

    def _called(
        self, call: Any, title: str, asked: date, held: date, begins: time, digits: str, sitter: str = ""
    ) -> Any:
        """A batch with its drawn panel and its meeting, begun on the day it meets."""
        officer = self.hands.actor("gaoxin", asked)
        row = {"guideline": call, "title": title, "due_on": held}
        batch = self.hands.at(asked, 9, projects.draft_batches, [row], actor=officer, source="page")[0]
        self.hands.at(
            asked, 9, projects.call_meeting, batch, held_on=held, starts_at=begins, place="市科技大厦三楼会议室",
            secretary=self.hands.account("guihua").pk, digits=digits, minutes_each=20, actor=officer,
        )  # fmt: skip
        self.story.panels.of_batch(batch, asked, held, reader=sitter)
        batch.refresh_from_db()
        return self.hands.take("start", batch, "gaoxin", held, 9)

    # --- from call to projects ---------------------------------------------------------------------------------------

    def _met(self) -> None:
        days = (date(2024, 5, 6), date(2024, 6, 14), date(2024, 5, 22), date(2024, 5, 30), date(2024, 6, 18))
        call = self._waiting(
            "2024年度民生科技计划项目指南", self.story.livelihood, days, 5, 3_000_000, scheme=self.scheme
        )
        held = date(2024, 6, 28)
        batch = self._called(call, "民生科技会议评审组", date(2024, 6, 26), held, time(10), "620519")
        meeting: Any = projects.meeting_of(batch)
        seats = self._seated(meeting, held)
        self._marked(batch, meeting, held)
        for place, item in enumerate(meeting.items.order_by("order")):
            self._said(item, seats, place, held)
        officer = self.hands.actor("guihua", held)
        meeting = self.hands.at(held, 16, projects.draw_up_minutes, batch, actor=officer)
        self.hands.at(held, 17, projects.agree_minutes, seats[0], meeting.docx_id, actor=TELLER)
        batch = self.hands.take("close", batch, "gaoxin", held, 17)
        self.story.panels.done(batch.draw_number, held)
        made = self.story.decided(call, 3, date(2024, 7, 5), date(2024, 7, 8), date(2024, 7, 22), "12", "12")
        for project in made:
            self.running.signed(project, date(2024, 8, 9), date(2024, 8, 16))
        for project in made[:2]:
            self.running.pay(project, date(2024, 9, 5), Decimal("0.6"))

    def _seated(self, meeting: Any, held: date) -> list[Any]:
        """One does not come and the next in order does; they elect their chair. → those present, the chair first."""
        officer = self.hands.actor("guihua", held)
        rows = list(meeting.attendees.order_by("code"))
        gone = rows.pop(1)
        self.hands.at(held, 9, projects.record_absent, gone, "高速公路封闭，赶不到会场", actor=officer)
        with suppress(Refused):  # nobody left keeps the quotas: then four of five sit
            rows.append(self.hands.at(held, 9, projects.call_substitute, gone, actor=officer))
        for row in rows[:-1]:
            self.hands.at(held, 9, projects.sign_in, row, actor=TELLER)
        self.hands.at(held, 10, projects.record_present, rows[-1], actor=officer)
        for row in rows[:3]:
            self.hands.at(held, 10, projects.vote_for_chair, row, rows[0], actor=TELLER)
        return rows

    def _marked(self, batch: Any, meeting: Any, held: date) -> None:
        """All on the telephone but one expert's, who filled in paper."""
        order = {item.proposal_id: item.order - 1 for item in meeting.items.all()}
        criteria = list(self.scheme.criteria.all())
        last = meeting.attendees.filter(state="present").order_by("-code").first()
        for n, review in enumerate(batch.reviews.filter(state="assigned").order_by("pk")):
            tenths = JUDGED[order[review.proposal_id]][0]
            marks = {
                c.pk: (Decimal(c.full * tenths) / 10 - (n + c.order) % 2, "依据不够充分" if tenths < 8 else "")
                for c in criteria
            }
            said = "针对性强，指标可以考核，建议支持。" if tenths > 7 else "需要补充示范点和生产衔接的说明。"
            if review.person_id == last.person_id:
                paper = self.hands.file(f"{review.code}评分表.pdf")
                first, second = (self.hands.actor(name, held) for name in ("guihua", "gaoxin"))
                self.hands.at(held, 11, projects.type_sheet, review, marks, said, paper, actor=first)
                self.hands.at(held, 12, projects.confirm_sheet, review, actor=second)
                continue
            self.hands.at(held, 11, projects.save_marks, review, marks, said, actor=TELLER)
            self.hands.at(held, 11, projects.submit_review, review, actor=TELLER)

    def _said(self, item: Any, seats: list[Any], place: int, held: date) -> None:
        """The chair drafts; all agree but one in one matter."""
        _, conclusion, opinion = JUDGED[place]
        self.hands.at(held, 14, projects.draft_opinion, item, seats[0], conclusion, opinion, actor=TELLER)
        for row in seats[1:]:
            against = place == 3 and row is seats[2]
            words = DISSENT if against else ""
            self.hands.at(held, 15, projects.answer_opinion, item, row, not against, words, actor=TELLER)

    # --- today -------------------------------------------------------------------------------------------------------

    def _sits_today(self) -> None:
        """A panel has begun to gather: three have signed in, nobody chairs yet."""
        days = (date(2024, 10, 8), date(2024, 11, 22), date(2024, 10, 28), date(2024, 11, 6), date(2024, 11, 26))
        call = self._waiting(
            "2025年度重大科技攻关项目指南", self.story.research, days, 3, 3_000_000, scheme=self.scheme
        )
        held = date(2024, 12, 10)
        asked = date(2024, 12, 6)
        batch = self._called(call, "重大项目会议评审组", asked, held, time(9, 30), "117346", sitter=SITTER)
        meeting: Any = projects.meeting_of(batch)
        for row in meeting.attendees.exclude(person__account__username=SITTER).order_by("code")[:3]:
            self.hands.at(held, 9, projects.sign_in, row, actor=TELLER)

    # --- shared out --------------------------------------------------------------------------------------------------

    def _shared_out(self) -> None:
        """Seven experts, eight proposals, five experts each: the best there is, one changed by hand; a second batch
        has its panel and waits to be shared out."""
        days = (date(2024, 9, 2), date(2024, 10, 18), date(2024, 9, 24), date(2024, 10, 10), date(2024, 10, 24))
        call = self._waiting("2025年度绿色低碳科技专项项目指南", self.story.green, days, 12, 5_000_000)
        themes = sorted(set(call.proposals.values_list("theme", flat=True)))
        first, second = date(2024, 11, 18), date(2024, 12, 6)
        batch = self._drawn(call, "绿色低碳评审组", themes[:2], date(2024, 11, 14), first, date(2024, 12, 16))
        officer = self.hands.actor("gaoxin", first)
        plan = self.hands.at(first, 10, self._best, batch)
        self.hands.at(first, 10, projects.adopt_plan, batch, plan.options, plan.digest, actor=officer)
        self._swapped(batch, first, officer)
        batch = self._begun(batch, first)
        for review in list(batch.reviews.order_by("pk"))[:12]:
            self.story.marked(review, date(2024, 11, 28), 80)
        self._drawn(call, "绿色低碳补充评审组", themes[2:], date(2024, 12, 4), second, date(2024, 12, 27))

    def _drawn(self, call: Any, title: str, themes: list[str], asked: date, review: date, due: date) -> Any:
        row = {"guideline": call, "title": title, "due_on": due, "themes": themes}
        officer = self.hands.actor("gaoxin", asked)
        batch = self.hands.at(asked, 9, projects.draft_batches, [row], actor=officer, source="page")[0]
        self.story.panels.of_batch(batch, asked, review, size=7, seat=False)
        batch.refresh_from_db()
        return batch

    @staticmethod
    def _best(batch: Any, at: Any) -> Any:
        return projects.plan_for(batch, projects.usual_options(batch))

    def _swapped(self, batch: Any, on: date, officer: Actor) -> None:
        """The officer changes the first reviewer who can be changed: somebody asked to look at this one."""
        reason = "该项目涉及用户现场数据，请熟悉现场的专家评审"
        sheet = batch.reviews.order_by("pk").first()
        there = set(batch.reviews.filter(proposal=sheet.proposal_id).values_list("person", flat=True))
        for row in batch.reviews.exclude(person__in=there).select_related("person").order_by("code", "pk"):
            with suppress(Refused):  # who must keep away from this one is no substitute
                self.hands.at(on, 11, projects.swap_reviewer, sheet, row.person, reason, actor=officer)
                return

    def _begun(self, batch: Any, on: date) -> Any:
        seen = projects.blind_digest(batch)
        batch = self.hands.at(on, 11, projects.look_at_blind, batch, seen, actor=self.hands.actor("gaoxin", on))
        return self.hands.take("start", batch, "gaoxin", on, 14)
