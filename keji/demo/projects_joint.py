"""联合攻关 in the made-up city: two joint projects, one agreed by all and paid, one that waits for a partner."""

from __future__ import annotations

from datetime import date
from typing import Any

from keji.kernel.parties.models import Party
from keji.modules.projects import api as projects

TASKS = ("牵头总体方案和样机集成", "承担关键材料和工艺试验", "承担应用场景验证和示范")


class JointStory:
    """`story` lends its hands: who writes, checks, reviews and decides is the same in every guideline."""

    def __init__(self, story: Any) -> None:
        self.story, self.hands = story, story.hands

    def tell(self) -> None:
        story = self.story
        opens, closes = date(2024, 8, 5), date(2024, 9, 6)
        call = story.guideline("2024年度产学研联合攻关项目指南", story.joint, opens, closes, 3_000_000)
        firms = [next(story.firms) for _ in range(3)]
        rows = [story.recommended(call, firm, date(2024, 8, 20), date(2024, 8, 28)) for firm in firms]
        officer = self.hands.actor("gaoxin", date(2024, 9, 10))
        self.hands.at(date(2024, 9, 10), 9, projects.compare, call, actor=officer)
        for row in rows:
            story.checked(row, date(2024, 9, 11))
        batch = story.batch(call, "联合攻关评审组", date(2024, 9, 19), date(2024, 9, 20), date(2024, 9, 30))
        for review in batch.reviews.order_by("pk"):
            story.marked(review, date(2024, 9, 25), 84 - review.proposal_id % 9)
        self.hands.take("close", batch, officer, date(2024, 9, 27), 16)
        story.panels.done(batch.draw_number, date(2024, 9, 27))
        made = story.decided(call, 2, date(2024, 10, 11), date(2024, 10, 14), date(2024, 10, 28), "17", "15")
        helpers = [next(story.firms) for _ in range(3)]
        self._signed(made[0], helpers[:2])
        self._waiting(made[1], [helpers[2], story.own])

    def _shared(self, project: Any, partners: list[Party], on: date) -> list[Any]:
        """The lead writes who does what for which part of the money."""
        part = project.grant // 10 * 3
        money = (project.grant - 2 * part, part, part)
        rows = [
            {"party": party, "task": task, "grant": grant, "own_money": grant // 2}
            for party, task, grant in zip([project.party, *partners], TASKS, money, strict=True)
        ]
        made = self.hands.at(on, 10, projects.save_shares, project, rows, actor=self.hands.host(project.party))
        return [share for share in made if not share.lead]

    def _book(self, project: Any, on: date) -> None:
        first = project.grant // 10 * 6
        steps = [
            ("方案和试制", "完成总体方案和关键部件试制", date(2025, 6, 30), first),
            ("集成和示范", "样机在用户现场连续运行三个月", project.ends_on, project.grant - first),
        ]
        nodes = [dict(zip(("name", "target", "due_on", "amount"), step, strict=True)) for step in steps]
        budget = {"equipment": project.grant // 10 * 3, "labour": project.grant // 10, "indirect": project.grant // 10}
        budget["business"] = project.grant - sum(budget.values())
        text = {"content": project.abstract[:900], "targets": "主要指标达到申报书要求", "economy": "形成销售收入"}
        host = self.hands.host(project.party)
        self.hands.at(on, 9, projects.save_task_book, project, text, nodes, budget, actor=host)

    def _signed(self, project: Any, partners: list[Party]) -> None:
        on = date(2024, 11, 8)
        for share in self._shared(project, partners, on):
            self.hands.at(date(2024, 11, 12), 9, projects.agree_share, share, actor=self.hands.host(share.party))
        self._book(project, on)
        later = date(2024, 11, 14)
        self.hands.at(later, 9, projects.sign_as, project, actor=self.hands.host(project.party))
        self.hands.at(later, 15, projects.sign_as, project, actor=self.hands.clerk(project.region_id))
        project = self.hands.take("sign", project, "guihua", date(2024, 11, 20), 10)
        node, paid = project.milestones.first(), date(2024, 12, 3)
        self.hands.at(
            paid, 10, projects.pay, project, order_code=f"ZF20241203-{project.number[-4:]}", amount=node.amount,
            paid_on=paid, milestone=node, note="首期", actor=self.hands.actor("guihua", paid),
        )  # fmt: skip

    def _waiting(self, project: Any, partners: list[Party]) -> None:
        """The first partner has agreed, the firm with an account has not: the task book cannot be signed."""
        first, _ = self._shared(project, partners, date(2024, 11, 25))
        self.hands.at(date(2024, 11, 27), 9, projects.agree_share, first, actor=self.hands.host(first.party))
        self._book(project, date(2024, 11, 25))
        self.hands.at(date(2024, 12, 5), 9, projects.sign_as, project, actor=self.hands.host(project.party))
