"""Which edition of the rules a case is handled on, from the day of the conduct and the day of the decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from keji.modules.integrity.models.catalogue import Edition


@dataclass(frozen=True)
class Choice:
    """`substance` says what is forbidden and with what measure, `procedure` how it is handled; `note` what to look
    at. None: no edition was in force on that day."""

    substance: Edition | None
    procedure: Edition | None
    note: str = ""

    @property
    def suggested(self) -> Edition | None:
        return self.substance or self.procedure

    @property
    def allowed(self) -> tuple[Edition, ...]:
        """What a case may be put on: the edition of the conduct, or the newer one where it is milder."""
        return tuple(dict.fromkeys(e for e in (self.substance, self.procedure) if e is not None))


def choose(editions: Iterable[Edition], conduct_on: date, decided_on: date) -> Choice:
    """The choice among the editions of one line. ValueError when the decision comes before the conduct."""
    if decided_on < conduct_on:
        raise ValueError("决定日期早于行为日期")
    known = list(editions)
    then = next((e for e in known if e.in_force_on(conduct_on)), None)
    now = next((e for e in known if e.in_force_on(decided_on)), None)
    if now is None:
        note = "作出决定时没有可适用的版本，请先在诚信规则目录中登记"
    elif then is None:
        note = f"行为发生时没有可适用的版本，适用{now.number}应写明理由（过渡条款待核）"
    elif then != now:
        note = (
            f"行为发生在{then.number}施行期间、决定在{now.number}施行期间：是否失信违规和怎样处理按行为时的规定，"
            "新规定处理较轻的按新规定；办理程序按现行规定（过渡条款待核）"
        )
    else:
        note = "" if then.certain else f"{then.number}的条文待核，请对照原文"
    return Choice(then, now, note)


def edition_for(line: str, conduct_on: date, decided_on: date) -> Choice:
    """The same over the editions the house keeps of a line ("misconduct" or "breach")."""
    return choose(Edition.objects.filter(line=line).order_by("-from_on"), conduct_on, decided_on)
