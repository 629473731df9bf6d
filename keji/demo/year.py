"""The year from the plan of January to the bulletin of December."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from keji.demo.beside import Beside
from keji.demo.facts import FirmFacts
from keji.demo.ladder import Helping
from keji.demo.people import settle_firm_user
from keji.demo.plan import YEAR, PlanYear
from keji.demo.race import RaceYear
from keji.demo.story import NOW, Story, Tell, actor, moment
from keji.demo.verdicts import judge_everybody, keep_some
from keji.kernel import clock
from keji.lib.figures import Period
from keji.modules.plan import api as plans


def tell_the_year(*, scale: Fraction = Fraction(1), tell: Tell = lambda _: None) -> datetime:
    """Fill the house; returns the moment from which it lives on."""
    with clock.stopped_at(moment(NOW.date(), NOW.hour)):
        story = Story(scale=scale, tell=tell)
        story.settle()
        story.certify_until(date(YEAR, 1, 5))
        tell("2023 年底以前的资质")
        own = story.registry.holder("hnte", YEAR - 2)
        settle_firm_user(own)
        beside = Beside(story, own, tell)
        beside.begin()
        year = PlanYear(story)
        year.file_last_years_research()
        plans.freeze_month(
            Period.month(YEAR - 1, 12), actor=actor("guihua", date(YEAR, 1, 5)), at=moment(date(YEAR, 1, 5))
        )
        year.adopt()
        year.share_out()
        tell("2024 年工作要点：识别、采用、分解下达")
        race = RaceYear(story, year, tell)
        race.begin()
        _month_by_month(story, year, beside, race, tell)
        race.finish()
        year.leave_open()
        FirmFacts(story, own).tell()
        beside.finish()
        at = moment(NOW.date(), NOW.hour)
        if units := judge_everybody(at):
            tell(f"评判 {units:,} 家企业，留存评价结论 {keep_some(at)} 份")
        Helping(story).tell()
        return moment(NOW.date(), NOW.hour)


def _month_by_month(story: Story, year: PlanYear, beside: Beside, race: RaceYear, tell: Tell) -> None:
    told = date(YEAR, 1, 5)
    for month in range(1, 12):
        until = date(YEAR, month + 1, 6)
        story.certify_until(until, since=told)
        told = until
        beside.until(until)
        year.file_figures(month)
        year.file_progress(month)
        year.file_notes(month)
        if month == 10:
            year.object_to_october()
        paper = year.bulletin(month)
        if month == 10:
            story.certify_until(date(YEAR, 11, 13), since=told)
            told = date(YEAR, 11, 13)
            year.correct_october(paper)
        race.month(month)
        tell(f"{month} 月：填报、定格、通报、赛马")
    story.certify_until(NOW.date(), since=told)
