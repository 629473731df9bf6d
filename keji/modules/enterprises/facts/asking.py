"""Which facts a form asks for, and what it already knows of each: from whom, since when, until when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from keji.kernel.clock import day_of
from keji.kernel.facts.known import is_derived, known
from keji.kernel.facts.models import LIVE, STANDING, Statement
from keji.kernel.facts.offers import Offer, offered
from keji.kernel.facts.services import origin_of
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor, Role
from keji.kernel.rules.judging import numbers_on
from keji.lib.figures import plain_date
from keji.lib.rules import vocabulary
from keji.lib.rules.rule import rules
from keji.lib.rules.vocabulary import Fact
from keji.modules.enterprises.facts.declared import EXPERTS

YEARS_BACK = (1, 2, 3)
STATE_TONES = {"stated": "amber", "confirmed": "green", "settled": "teal"}


@dataclass
class Item:
    """One fact of one year (0: as it stands) with what is known of it."""

    fact: Fact
    year: int
    key: str  # as rules name it: revenue-1
    rows: list[Statement] = field(default_factory=list)  # live statements, the newest first
    derived: bool = False
    value: int | None = None  # known: all sources agree, or a register answers
    expired: Statement | None = None
    mine: Statement | None = None  # what the asking person's own source says
    needed: bool = True  # some rule reads it
    offer: Offer | None = None  # not stated by anybody, but another register has it

    @property
    def place(self) -> tuple[str, int]:
        return self.fact.name, self.year

    @property
    def label(self) -> str:
        return f"{self.year}年{self.fact.label}" if self.year else self.fact.label

    @property
    def open(self) -> bool:
        """Sources differ."""
        return len({s.value for s in self.rows}) > 1

    @property
    def text(self) -> str:
        return self.fact.text(self.value)

    @property
    def best(self) -> Statement | None:
        """The statement people are shown: a confirmed one before a mere one, then the newest."""
        order = {"settled": 0, "confirmed": 1, "stated": 2}
        return min(self.rows, key=lambda s: (order[s.state], -s.stated_at.timestamp()), default=None)

    @property
    def state(self) -> tuple[str, str]:
        """(words, tone)."""
        if self.derived and self.value is not None:
            return "登记信息", "blue"
        if self.open:
            return "来源不一致", "red"
        best = self.best
        if best is None:
            return ("已过有效期", "gray") if self.expired else ("未填", "plain")
        return best.get_state_display(), STATE_TONES[best.state]

    @property
    def source(self) -> str:
        """Where it comes from, as a sentence's beginning: 来自县区填报，2024年3月20日."""
        if self.derived and self.value is not None:
            return "由登记信息得出"
        best = self.best or self.expired
        if best is None:
            return ""
        until = f"，有效期至{plain_date(best.expires_on)}" if best.expires_on else ""
        return f"来自{best.get_origin_display()}，{plain_date(day_of(best.stated_at))}{until}"


def purposes(on: date) -> dict[str, str]:
    """{rule: title} of what facts may be asked for; only rules in force that read facts of a unit."""
    found, numbers = {}, numbers_on(on)
    for code, rule in rules().items():
        if rule.about != vocabulary.PARTY:
            continue  # an incubator's facts are worked out from its own records
        try:
            rule.program(on, numbers)
        except LookupError:
            continue
        found[code] = rule.title
    return found


def keys_for(purpose: str, on: date) -> list[tuple[str, int]]:
    """(fact, how many years back) a rule reads; when none is named, what any rule reads: nothing else is asked for."""
    numbers = numbers_on(on)
    wanted = [purpose] if purpose else list(purposes(on))
    keys = dict.fromkeys(k for code in wanted for k in rules()[code].program(on, numbers).keys)
    pairs = [(name, int(back or 0)) for name, _, back in (k.partition("-") for k in keys)]
    return [(n, b) for n, b in pairs if n != "year"]


def every_fact() -> list[tuple[str, int]]:
    """All that can be known of a unit, whether a rule reads it or not."""
    found = []
    for name, fact in vocabulary.facts().items():
        if fact.about != vocabulary.PARTY:
            continue
        found += [(name, back) for back in (YEARS_BACK if fact.annual else (0,))]
    return found


def items(party: Party, year: int, on: date, pairs: Sequence[tuple[str, int]], actor: Actor) -> list[Item]:
    """What is known of each of these facts of one unit, in the order of the vocabulary, the latest year first."""
    years = {year - back if back else STANDING for _, back in pairs}
    rows: dict[tuple[str, int], list[Statement]] = defaultdict(list)
    gone: dict[tuple[str, int], Statement] = {}
    own = origin_of(actor)
    for s in Statement.objects.filter(party=party, year__in=years, state__in=LIVE).order_by("-stated_at", "-pk"):
        if s.expires_on is not None and s.expires_on < on:
            gone.setdefault((s.name, s.year), s)
        else:
            rows[s.name, s.year].append(s)
    at_hand = offered(party.pk, years, on)
    answered = known(party.pk, year, on, [n for n, b in pairs if is_derived(n)])
    order = {name: index for index, name in enumerate(vocabulary.facts())}
    found = []
    for name, back in sorted(set(pairs), key=lambda p: (order.get(p[0], 999), p[1])):
        fact = vocabulary.fact(name)
        item = Item(fact, year - back if back else STANDING, vocabulary.key_of(name, back))
        item.rows = rows[item.place]
        item.expired = gone.get(item.place)
        item.mine = next((s for s in item.rows if s.origin == own), None)
        if is_derived(name) and name in answered:
            item.derived, item.value = True, answered[name]
        elif item.rows and not item.open:
            item.value = item.rows[0].value
        elif not item.rows:
            item.offer = at_hand.get(item.place)
        found.append(item)
    return found


def may_be_asked(item: Item, actor: Actor) -> bool:
    """Experts' points are entered by the bureau after the review; what a register answers is asked of nobody."""
    if item.derived and item.value is not None:
        return False
    return item.fact.group != EXPERTS or actor.has(Role.OFFICER)


def grouped(found: Sequence[Item]) -> list[dict[str, Any]]:
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in found:
        groups[item.fact.group].append(item)
    return [{"title": title, "items": listed} for title, listed in groups.items()]
