"""Acceptance: what the unit says, what the panel found, the grade of performance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.saving import whole
from keji.modules.projects.challenges.services.contracts import accepting_problem
from keji.modules.projects.models import Acceptance, Project, Review
from keji.modules.projects.numbers import months_later, number
from keji.modules.projects.running.services.reports import missing_years

#: what is marked → most points
MARKS = {"execution": 10, "output": 50, "benefit": 30, "satisfaction": 10}
WORDS = {"passed": "通过", "closed": "结题", "failed": "不通过"}


def grade(points: Fraction | Decimal, on: date) -> str:
    """优, 良, 中 or 差; an edge belongs to the better grade."""
    for name, word in (("grade_best", "优"), ("grade_good", "良"), ("grade_fair", "中")):
        if points >= number(name, on):
            return word
    return "差"


def execution_points(spent: int, budget: int) -> Decimal:
    """Ten points for a budget spent, by share, cut to a tenth of a point."""
    share = Fraction(min(spent, budget) * 100, budget)
    return Decimal(share.numerator // share.denominator) / 10


def asking_refusal(project: Project, actor: Actor, on: date) -> str:
    """Why this actor cannot ask for acceptance now; "" when they can."""
    if not actor.is_system and project.party_id not in actor.parties:
        return "验收由承担单位申请"
    if project.state not in ("signed", "mending"):
        return f"项目{project.get_state_display()}，不能申请验收"
    if late := missing_years(project, on):
        return f"{'、'.join(str(y) for y in late)} 年度执行报告没有交，交齐后再申请验收"
    return ""


def ask(project: Project, summary: str, *, actor: Actor, at: datetime) -> Project:
    """The unit says what it reached and asks for acceptance. Raises Refused with a sentence."""
    with writing(actor, at):
        fresh = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if why := asking_refusal(fresh, actor, day_of(at)):
            raise Refused(why)
        if len(summary.strip()) < 20:
            raise Refused("完成情况至少写 20 个字")
        rounds = fresh.acceptances.count()
        Acceptance.objects.create(
            project=fresh, round=rounds + 1, summary=whole(summary, 3000, "总结"), applied_at=at, applied_by=actor.name
        )
        found: Project = take("ask_acceptance", fresh, actor=actor, at=at)
    return found


def record_result(
    project: Project,
    *,
    held_on: date,
    panel: Sequence[Mapping[str, Any]],
    conclusion: str,
    opinion: str,
    finance_opinion: str,
    marks: Mapping[str, Decimal],
    actor: Actor,
    at: datetime,
) -> Acceptance:
    """Keep what the panel [{name, unit, finance}] found. Raises Refused with a sentence."""
    with writing(actor, at):
        fresh = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if not actor.has(Role.OFFICER):
            raise Refused("验收结果由业务科室登记")
        if fresh.state != Project.State.ACCEPTING:
            raise Refused(f"项目{fresh.get_state_display()}，不在验收")
        row = fresh.acceptances.select_for_update(of=("self",)).order_by("-round").first()
        if row is None or row.conclusion:
            raise Refused("这次验收的结论已经登记")
        if why := panel_problem(fresh, panel, held_on, day_of(at)):
            raise Refused(why)
        if conclusion not in Acceptance.Conclusion.values:
            raise Refused("请选择验收结论")
        if why := accepting_problem(fresh, conclusion):
            raise Refused(why)
        if not opinion.strip() or not finance_opinion.strip():
            raise Refused("请填写验收意见和财务意见")
        for name, most in MARKS.items():
            if not 0 <= marks.get(name, Decimal(-1)) <= most:
                raise Refused(f"{Acceptance._meta.get_field(name).verbose_name}应在 0 到 {most} 分之间")  # type: ignore[union-attr]
            setattr(row, name, marks[name])
        row.held_on, row.panel, row.conclusion = held_on, [dict(p) for p in panel], conclusion
        row.opinion, row.finance_opinion, row.recorded_by = opinion.strip(), finance_opinion.strip(), actor.name
        row.save()
        log("登记验收结论", fresh, {"结论": [None, WORDS[conclusion]], "专家": [None, f"{len(panel)} 位"]})
    return row


def panel_problem(project: Project, panel: Sequence[Mapping[str, Any]], held_on: date, today: date) -> str:
    """Why these people cannot accept this project; "" when they can."""
    least = number("acceptance_panel_least", today)
    if len(panel) < least or len(panel) % 2 == 0:
        return f"验收专家应为单数，至少 {least} 位，现在是 {len(panel)} 位"
    if not any(p.get("finance") for p in panel):
        return "验收专家中至少要有一位财务专家"
    if len({(p["name"], p["unit"]) for p in panel}) < len(panel):
        return "验收专家有重复"
    if own := next((p for p in panel if p["unit"] == project.party.name), None):
        return f"{own['name']}来自承担单位，应当回避"
    judged = set(Review.objects.filter(proposal=project.proposal_id).values_list("person__name", flat=True))
    if same := next((p for p in panel if p["name"] in judged), None):
        return f"{same['name']}评审过这个项目的立项，验收应另选"
    return "验收日期在今天之后，请核对" if held_on > today else ""


def points_of(row: Acceptance) -> Decimal | None:
    values = [getattr(row, name) for name in MARKS]
    return None if any(v is None for v in values) else sum(values, Decimal(0))


def settle(project: Project, *, actor: Actor, at: datetime) -> None:
    """Conclusion, grade and day of the last round onto the project; how long its papers are kept."""
    row = project.acceptances.order_by("-round").first()
    assert row is not None and row.held_on is not None
    points = points_of(row)
    project.conclusion = WORDS[row.conclusion]
    project.grade = "" if points is None else grade(points, row.held_on)
    project.accepted_on = row.held_on
    project.keep_until = months_later(row.held_on, 12 * number("keep_years", row.held_on))
