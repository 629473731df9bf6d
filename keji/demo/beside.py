"""What happens beside the plan: every area tells its own part of the year, day by day with the others."""

from __future__ import annotations

from datetime import date

from keji.demo.clients import connect_systems
from keji.demo.experts import ExpertStory
from keji.demo.incubation import Incubation
from keji.demo.integrity import IntegrityYear
from keji.demo.notices import NoticeYear
from keji.demo.plan import YEAR
from keji.demo.platforms import PlatformStory
from keji.demo.projects import ProjectStory
from keji.demo.projects_challenges import ChallengeStory, HigherStory
from keji.demo.rnd import RndYear
from keji.demo.story import NOW, Story, Tell
from keji.kernel.parties.models import Party


class Beside:
    """The areas that live through the year: `begin` before it, `until` each month's end, `finish` at its last day."""

    def __init__(self, story: Story, own: Party, tell: Tell) -> None:
        self.tell = tell
        self.story, self.own = story, own
        self.integrity = IntegrityYear(story.registry.parties, own)
        self.research = RndYear(story.registry.parties, story.by_hand, own)
        self.platforms, self.houses = PlatformStory(story), Incubation(story)
        self.experts = ExpertStory(story)

    def begin(self) -> None:
        self.platforms.settle()
        self.tell("2023 年底以前的创新平台")
        self.houses.settle(date(YEAR - 1, 1, 6))
        self.houses.until(date(YEAR, 1, 5))
        self.tell("孵化器和众创空间")
        self.experts.settle()
        self.tell("评审专家库")
        self.research.begin()
        self.tell("2023 年研发项目和清零清单")
        self.notices = NoticeYear()
        self.higher = HigherStory(self.story)

    def until(self, day: date) -> None:
        """Everything up to `day`, some days into the month after the one it closes."""
        self.platforms.live_until(day)
        self.notices.until(day)
        self.integrity.until(day)
        self.houses.until(day)
        self.higher.until(day)
        self.experts.until(day)
        self.research.month(day.month - 1)

    def finish(self) -> None:
        self.research.finish()
        connect_systems()
        self.platforms.leave_open()
        self.tell("创新平台：认定、培育、评估")
        self.houses.leave_open(date(YEAR, 12, 9))
        self.experts.leave_open()
        self.tell("评审专家：抽取、评价、出库")
        self.notices.until(NOW.date())
        self.tell("公示、异议和信用状态")
        self.integrity.until(NOW.date())
        self.tell("科研诚信：举报、案件、宣传教育")
        ProjectStory(self.story, self.own).tell()
        self.tell("科技计划项目：申报、评审、立项、执行、验收")
        self.higher.until(NOW.date())
        ChallengeStory(self.story, self.own).tell()
        self.tell("揭榜挂帅、成果跟踪、省级以上项目")
