"""Before an edition or a dated number takes effect: who would gain, who would lose, of whom more must be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from keji.kernel.parties.models import Party, Region
from keji.kernel.rules.judging import numbers_on, rehearse
from keji.kernel.rules.models import ParameterValue
from keji.lib.figures import plain_date
from keji.lib.rules.rule import Program, rules
from keji.lib.rules.vocabulary import decimals
from keji.modules.enterprises.rungs import LADDER

KIND = "rehearse"
AT_ONCE = 5_000  # firms up to which the page waits for the answer
SHOWN = 200
EFFECTS = (
    ("gaining", "将新符合", "green"),
    ("losing", "将不再符合", "red"),
    ("opening", "须补充资料才能判断", "amber"),
)


@dataclass(frozen=True)
class Proposal:
    """What is to be tried: a rule as of another day, or one proposed number in every rule that uses it."""

    code: str = ""
    then: date | None = None
    parameter: int = 0

    @classmethod
    def read(cls, asked: Mapping[str, Any]) -> Proposal:
        """From an address or a job's parameters; what cannot be read asks for nothing."""
        code, number = str(asked.get("code", "")), str(asked.get("parameter", "") or 0)
        try:
            then = date.fromisoformat(str(asked.get("then", "") or ""))
        except ValueError:
            then = None
        return cls(code if code in LADDER else "", then, int(number) if number.isdecimal() else 0)

    def plain(self) -> dict[str, Any]:
        return {"code": self.code, "then": self.then.isoformat() if self.then else "", "parameter": self.parameter}

    def __bool__(self) -> bool:
        return bool(self.parameter or (self.code and self.then))


@dataclass
class Effect:
    """What one rule would do to everybody."""

    code: str
    title: str
    change: str  # from what to what
    gaining: list[int] = field(default_factory=list)
    losing: list[int] = field(default_factory=list)
    opening: list[int] = field(default_factory=list)
    units: int = 0

    @property
    def quiet(self) -> bool:
        return not (self.gaining or self.losing or self.opening)


@dataclass
class Rehearsed:
    effects: list[Effect]

    @property
    def sentence(self) -> str:
        if not self.effects:
            return "没有现行规则使用这个数值，或者该日期没有不同的版本"
        return "；".join(
            f"{e.title}：新符合 {len(e.gaining)} 家，不再符合 {len(e.losing)} 家，须补充资料 {len(e.opening)} 家"
            for e in self.effects
        )

    def plain(self) -> list[dict[str, Any]]:
        return [vars(e) for e in self.effects]

    @classmethod
    def read(cls, rows: list[dict[str, Any]]) -> Rehearsed:
        return cls([Effect(**row) for row in rows])


def rehearsed(proposal: Proposal, *, on: date) -> Rehearsed:
    """Judge everybody by the law of today and by the law proposed, on the facts of today."""
    effects = []
    for code, now, then, change in _programs(proposal, on):
        found = rehearse(code, now=now, then=then, on=on)
        effects.append(
            Effect(code, rules()[code].title, change, found.gaining, found.losing, found.opening, found.units)
        )
    return Rehearsed(effects)


def _programs(proposal: Proposal, on: date) -> list[tuple[str, Program, Program, str]]:
    if proposal.parameter:
        return _with_number(ParameterValue.objects.filter(pk=proposal.parameter).first(), on)
    if not (proposal.code and proposal.then):
        return []
    rule = rules()[proposal.code]
    try:
        now = rule.program(on, numbers_on(on))
        then = rule.program(proposal.then, numbers_on(proposal.then))
    except LookupError:
        return []
    change = f"{plain_date(on)}的规定（{now.cites}）→ {plain_date(proposal.then)}的规定（{then.cites}）"
    return [(proposal.code, now, then, change)]


def _with_number(number: ParameterValue | None, on: date) -> list[tuple[str, Program, Program, str]]:
    if number is None:
        return []
    day, found = max(number.from_on, on), []
    for code in LADDER:
        try:
            now = rules()[code].program(day, numbers_on(day))
        except LookupError:
            continue
        if number.name not in now.numbers:
            continue
        then = rules()[code].program(day, numbers_on(day, [number]))
        old, new = (decimals(*p.numbers[number.name].as_integer_ratio(), 6) for p in (now, then))
        found.append((code, now, then, f"{number.label}：{old} → {new} {number.unit}".rstrip()))
    return found


def users_of(number: ParameterValue) -> list[str]:
    """Titles of the rules whose editions ask for this number."""
    found = []
    for code in LADDER:
        for since, _, _ in rules()[code].editions:
            try:
                program = rules()[code].program(since, numbers_on(max(since, number.from_on)))
            except LookupError:
                continue
            if number.name in program.numbers and rules()[code].title not in found:
                found.append(rules()[code].title)
    return found


def shown(found: Rehearsed) -> list[dict[str, Any]]:
    """Each effect for the page: counts by county, and the first firms by name."""
    return [_shown(effect) for effect in found.effects]


def _shown(effect: Effect) -> dict[str, Any]:
    parties = {pk for name, _, _ in EFFECTS for pk in getattr(effect, name)}
    where: dict[int, tuple[str, str]] = {}
    pks = sorted(parties)
    for start in range(0, len(pks), 900):
        rows = Party.objects.filter(pk__in=pks[start : start + 900]).values_list("pk", "name", "region_id")
        where |= {pk: (name, region) for pk, name, region in rows}
    counts = {name: Counter(where[pk][1] for pk in getattr(effect, name) if pk in where) for name, _, _ in EFFECTS}
    regions = [r for r in Region.objects.order_by("order", "code") if any(c[r.code] for c in counts.values())]
    lists = [
        {
            "title": title,
            "tone": tone,
            "count": len(getattr(effect, name)),
            "firms": [
                {"name": where[pk][0], "url": f"/enterprises/{pk}/rules/{effect.code}"}
                for pk in getattr(effect, name)[:SHOWN]
                if pk in where
            ],
        }
        for name, title, tone in EFFECTS
    ]
    by_county = [
        {"cells": [{"value": r.name}, *({"value": counts[name][r.code], "number": True} for name, _, _ in EFFECTS)]}
        for r in regions
    ]
    columns = [{"label": "县区"}, *({"label": title, "align": "end"} for _, title, _ in EFFECTS)]
    return {"effect": effect, "lists": lists, "rows": by_county, "columns": columns}
