"""What a rule finds of one case: every condition with what it takes, what there is and how much is short.

Three values throughout: True, False, and None for 资料不足. Unknown is never "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Any

Truth = bool | None
Facts = frozenset[str]  # labels of facts
Route = tuple[Facts, int]  # with these facts known: at most so many points
Plain = dict[str, Any]


@dataclass(slots=True)
class Check:
    """One condition. `need` says what it takes, `found` what there is, `gap` how much is short, for people."""

    label: str
    passed: Truth
    cites: str = ""
    need: str = ""
    found: str = ""
    gap: str = ""
    missing: tuple[str, ...] = ()
    key: str = ""
    short: Fraction | None = None  # what is short, in the smallest step of what is counted
    effort: Fraction | None = None  # that, as a share of what is needed: sorts near misses

    def plain(self) -> Plain:
        """It as JSON has it, as all of these can say."""
        found = _stated(self)
        if self.missing:
            found["missing"] = list(self.missing)
        if self.short is not None:
            found["short"] = str(self.short)
        return found

    def children(self) -> tuple[Any, ...]:
        return ()


@dataclass(slots=True)
class Score:
    """Points within [low, high] of `full`; low == high when nothing is left open."""

    label: str
    low: int
    high: int
    full: int
    cites: str = ""
    found: str = ""
    missing: tuple[str, ...] = ()
    more: str = ""  # what the next band takes
    note: str = ""  # what a person has to decide
    parts: tuple[Score, ...] = ()
    best: bool = False  # the best of its parts, not their sum
    of: Any = field(default=None, compare=False, repr=False)  # what gave it: its bands, for a page to show

    def plain(self) -> Plain:
        found: Plain = {"label": self.label, "low": self.low, "high": self.high, "full": self.full}
        found["cites"], found["found"] = self.cites, self.found
        if self.more:
            found["more"] = self.more
        if self.note:
            found["note"] = self.note
        if self.missing:
            found["missing"] = list(self.missing)
        if self.parts:
            found["parts"] = [part.plain() for part in self.parts]
        return found

    def children(self) -> tuple[Any, ...]:
        return self.parts

    def routes(self, free: Facts) -> list[Route]:
        """What learning facts could bring, as (facts beyond `free`, points); the first way asks for nothing."""
        if self.low == self.high:
            return [(frozenset(), self.high)]
        if self.best:
            return _leading([r for part in self.parts for r in part.routes(free)])
        if self.parts:
            return [(facts, min(points, self.full)) for facts, points in _added(self.parts, free)]
        if wanted := frozenset(self.missing) - free:
            return [(frozenset(), self.low), (wanted, self.high)]
        return [(frozenset(), self.high)]


@dataclass(slots=True)
class Total:
    """The sum of scores against a pass mark: 必过, 必不过, or open while the mark lies inside the interval."""

    label: str
    scores: tuple[Score, ...]
    at_least: int
    cites: str = ""
    above: bool = False  # True: the sum must exceed the mark, not only reach it
    cap: int | None = None
    key: str = ""

    @property
    def low(self) -> int:
        return self._capped(sum([s.low for s in self.scores]))

    @property
    def high(self) -> int:
        return self._capped(sum([s.high for s in self.scores]))

    def _capped(self, points: int) -> int:
        return points if self.cap is None else min(points, self.cap)

    def _reaches(self, points: int) -> bool:
        return points > self.at_least if self.above else points >= self.at_least

    @property
    def passed(self) -> Truth:
        if self._reaches(self.low):
            return True
        return None if self._reaches(self.high) else False

    @property
    def missing(self) -> tuple[str, ...]:
        """The fewest facts that could settle a pass; () when it is settled."""
        return () if self.passed is not None else shortest([self])

    def ways(self, free: Facts) -> list[Facts]:
        """Sets of facts whose best case reaches the mark."""
        return [facts for facts, points in _added(self.scores, free) if self._reaches(self._capped(points))]

    @property
    def need(self) -> str:
        return f"{'超过' if self.above else '不低于'} {self.at_least} 分"

    @property
    def found(self) -> str:
        return f"{self.low} 分" if self.low == self.high else f"{self.low}–{self.high} 分"

    @property
    def short(self) -> Fraction | None:
        return Fraction(self.at_least - self.high + (1 if self.above else 0)) if self.passed is False else None

    @property
    def effort(self) -> Fraction | None:
        short = self.short
        return None if short is None else short / max(self.at_least, 1)

    @property
    def gap(self) -> str:
        return f"差 {self.short} 分" if self.passed is False else ""

    def plain(self) -> Plain:
        found = _stated(self)
        if (short := self.short) is not None:
            found["short"] = str(short)
        return _with_parts(found, self.scores)

    def children(self) -> tuple[Score, ...]:
        return self.scores


@dataclass(slots=True)
class All:
    """Every part must hold."""

    label: str
    parts: tuple[Any, ...]
    cites: str = ""
    need: str = ""
    found: str = ""
    gap: str = ""
    key: str = ""

    @property
    def passed(self) -> Truth:
        values = [p.passed for p in self.parts]
        if False in values:
            return False
        return None if None in values else True

    @property
    def effort(self) -> Fraction | None:
        return sum((p.effort or Fraction(1) for p in self.parts if p.passed is not True), Fraction(0))

    @property
    def missing(self) -> tuple[str, ...]:
        return () if self.passed is not None else shortest(self.parts)

    def plain(self) -> Plain:
        return _with_parts(_stated(self), self.parts)

    def children(self) -> tuple[Any, ...]:
        return self.parts


@dataclass(slots=True)
class Any_:
    """`count` parts are enough: direct routes, alternatives, two of three."""

    label: str
    parts: tuple[Any, ...]
    cites: str = ""
    need: str = "满足任意一项"
    found: str = ""
    gap: str = ""
    key: str = ""
    count: int = 1

    @property
    def passed(self) -> Truth:
        values = [p.passed for p in self.parts]
        if values.count(True) >= self.count:
            return True
        return None if values.count(True) + values.count(None) >= self.count else False

    @property
    def effort(self) -> Fraction | None:
        nearest = sorted(Fraction(0) if p.passed else p.effort or Fraction(1) for p in self.parts)
        return sum(nearest[: self.count], Fraction(0))

    @property
    def missing(self) -> tuple[str, ...]:
        """Of the routes still open, the one that asks for the fewest facts."""
        return () if self.passed is not None else shortest([self])

    def plain(self) -> Plain:
        return _with_parts(_stated(self), self.parts)

    def children(self) -> tuple[Any, ...]:
        return self.parts


Node = Check | Total | All | Any_


@dataclass(slots=True)
class Verdict:
    """What a rule says of one party on one day: the answer, every check, and the shortest way to a yes."""

    rule: str
    title: str
    edition: date
    cites: str
    passed: Truth
    nodes: tuple[Node, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    numbers: Mapping[str, Any] = field(default_factory=dict)  # the dated numbers it used
    by_experts: bool = False  # people's points decide what facts leave open

    @property
    def word(self) -> str:
        return {True: "符合", False: "不符合", None: "资料不足"}[self.passed]

    @property
    def outlook(self) -> str:
        """必过 / 需评审 / 必不过 where experts have a say; 需评审 where only people can settle what is open."""
        if self.passed is None:
            return self.word if self.missing else "需评审"
        return {True: "必过", False: "必不过"}[self.passed] if self.by_experts else self.word

    @property
    def missing(self) -> tuple[str, ...]:
        """The shortest list of facts that could settle the question; empty when it is settled or up to people."""
        return shortest(self.nodes) if self.passed is None else ()

    @property
    def failing(self) -> tuple[Node, ...]:
        """Every condition that fails, not only the first."""
        return tuple(n for n in self.nodes if n.passed is False)

    @property
    def open(self) -> tuple[Node, ...]:
        return tuple(n for n in self.nodes if n.passed is None)

    def trace(self) -> dict[str, Any]:
        """The whole explanation as JSON that stays the same for the same facts."""
        return {
            "rule": self.rule,
            "title": self.title,
            "outlook": self.outlook,
            "edition": self.edition.isoformat(),
            "cites": self.cites,
            "passed": self.passed,
            "missing": list(self.missing),
            "numbers": {name: str(value) for name, value in sorted(self.numbers.items())},
            "checks": [n.plain() for n in self.nodes],
        }


MOST_WAYS = 24  # alternatives kept on the way up: law has a handful, a mistake would have thousands
MOST_ROUTES = 6  # ways to points kept for each number of facts, those with the most points


def _added(scores: Sequence[Score], free: Facts) -> list[Route]:
    """Ways to points of several scores together."""
    found: list[Route] = [(frozenset(), 0)]
    for score in scores:
        routes = score.routes(free)
        found = _leading([(facts | more, points + plus) for facts, points in found for more, plus in routes])
    return found


def _leading(routes: list[Route]) -> list[Route]:
    """Of each number of facts the ways with the most points, and only if fewer facts do not bring as many."""
    best: dict[Facts, int] = {}
    for facts, points in routes:
        best[facts] = max(points, best.get(facts, points))
    kept: list[Route] = []
    most, size, room = -1, -1, 0
    for facts, points in sorted(best.items(), key=lambda r: (len(r[0]), -r[1], sorted(r[0]))):
        if len(facts) != size:
            most, size, room = max([most, *(p for _, p in kept)]), len(facts), MOST_ROUTES
        if points > most and room:
            kept.append((facts, points))
            room -= 1
    return kept


def ways(node: Any, free: Facts = frozenset()) -> list[Facts]:
    """The sets of unknown facts, beyond those asked for anyway, that could bring a node to a yes: [∅] when it is one
    or it is for people to say, [] when none can."""
    if node.passed is not None:
        return [frozenset()] if node.passed else []
    if isinstance(node, Total):
        return _fewest(node.ways(free))
    if isinstance(node, Any_):
        groups = combinations([p for p in node.parts if p.passed is not False], node.count)
        return _fewest(way for group in groups for way in _together(group, free))
    if isinstance(node, All):
        return _together(node.parts, free)
    return [frozenset(node.missing) - free]


def _together(nodes: Iterable[Any], free: Facts = frozenset()) -> list[Facts]:
    """The ways that bring all of these to a yes: a fact two of them wait for is asked once."""
    nodes = list(nodes)
    if any(n.passed is False for n in nodes):
        return []
    asked = frozenset(m for n in nodes if isinstance(n, Check) for m in n.missing) - free
    found: list[Facts] = [asked]
    for node in (n for n in nodes if not isinstance(n, Check)):
        found = _fewest(way | more for way in found for more in ways(node, free | way))
    return found


def _fewest(found: Iterable[Facts]) -> list[Facts]:
    """Shortest first, without those that hold another one."""
    kept: list[Facts] = []
    for way in sorted(set(found), key=lambda w: (len(w), sorted(w))):
        if len(kept) == MOST_WAYS:
            break
        if not any(shorter <= way for shorter in kept):
            kept.append(way)
    return kept


def shortest(nodes: Sequence[Any]) -> tuple[str, ...]:
    """The fewest unknown facts that could bring all of these to a yes, in the order they are asked for."""
    found = _together(nodes)
    if not found:
        return ()
    return tuple(name for name in dict.fromkeys(_mentioned(nodes)) if name in found[0])


def _mentioned(nodes: Iterable[Any]) -> Iterator[str]:
    for node in nodes:
        if children := node.children():
            yield from _mentioned(children)
        yield from node.missing if isinstance(node, Check | Score) else ()


def walk(nodes: Iterable[Any]) -> Iterator[Any]:
    """Every node with all that stands below it, in order."""
    for node in nodes:
        yield node
        yield from walk(node.children())


def _stated(node: Node) -> Plain:
    """What every condition says of itself."""
    found: Plain = {"label": node.label, "passed": node.passed, "need": node.need}
    found["cites"], found["found"] = node.cites, node.found
    if node.key:
        found["key"] = node.key
    if gap := node.gap:
        found["gap"] = gap
    return found


def _with_parts(found: Plain, parts: Sequence[Any]) -> Plain:
    if parts:
        found["parts"] = [part.plain() for part in parts]
    return found
