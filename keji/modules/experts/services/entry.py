"""Who may join, and until when a confirmation holds."""

from __future__ import annotations

from datetime import date

from keji.kernel.parties.standings import blocks
from keji.lib.months import add_months
from keji.modules.experts.models import Expert
from keji.modules.experts.services.numbers import number

#: Levels that open the door: 副高 and above, or what counts as equal for those who have no such title.
EQUAL = {
    Expert.Level.CTO: Expert.Kind.INDUSTRY,
    Expert.Level.ACCOUNTANT: Expert.Kind.FINANCE,
    Expert.Level.INVESTOR: Expert.Kind.INVESTMENT,
    Expert.Level.LAWYER: Expert.Kind.LEGAL,
}
HIGH = frozenset({Expert.Level.SENIOR, Expert.Level.ASSOCIATE})


def confirmed_from(on: date) -> date:
    """The last day of a confirmation given on a day."""
    return add_months(on, number("experts.confirm_months", on))


def entry_problems(expert: Expert, on: date) -> list[str]:
    """Every entry rule this expert does not keep on a day, each a sentence; empty when they may join."""
    return problems_with(expert, on, number("experts.age_limit", on), blocks(expert.person, "review", on))


def problems_with(expert: Expert, on: date, most: int, sanction: str) -> list[str]:
    """The same for many: the age limit in force and the sanction's sentence ("" for none) are asked beforehand."""
    wrong = []
    if expert.level not in HIGH and EQUAL.get(Expert.Level(expert.level)) != expert.kind:
        wrong.append(f"{expert.get_kind_display()}类专家应有副高级以上职称或同等条件，现为{expert.get_level_display()}")
    age = expert.age_on(on)
    if age is None:
        wrong.append("没有出生日期，不能核对年龄")
    elif age > most:
        wrong.append(f"年龄 {age} 岁，超过 {most} 岁")
    if sanction:
        wrong.append(sanction)
    if expert.agreed_on is None:
        wrong.append("还没有同意专家守则")
    return wrong
