"""Law as dated, cited methods. A rule yields its checks: what it explains is what it decides.

Three values throughout: True, False, and None for 资料不足. Unknown is never "no".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any, ClassVar

Truth = bool | None
Number = int | Decimal | Fraction


@dataclass(frozen=True)
class Check:
    """One condition. `need` says what it takes, `found` what there is, `gap` how much is short."""

    label: str
    passed: Truth
    cites: str = ""
    need: str = ""
    found: str = ""
    gap: str = ""
    missing: tuple[str, ...] = ()

    def children(self) -> tuple[Any, ...]:
        return ()


@dataclass(frozen=True)
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

    @classmethod
    def unknown(cls, label: str, full: int, missing: Sequence[str], cites: str = "") -> Score:
        return cls(label, 0, full, full, cites, "资料不足", tuple(missing))


@dataclass(frozen=True)
class Total:
    """The sum of scores against a pass mark: 必过, 必不过, or open while the mark lies inside the interval."""

    label: str
    scores: tuple[Score, ...]
    at_least: int
    cites: str = ""
    above: bool = False  # True: the sum must exceed the mark, not only reach it
    cap: int | None = None

    @property
    def low(self) -> int:
        return self._capped(sum(s.low for s in self.scores))

    @property
    def high(self) -> int:
        return self._capped(sum(s.high for s in self.scores))

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

    def ways(self) -> list[frozenset[str]]:
        """Every set of open scores whose best case reaches the mark, by the facts they wait for."""
        open_ = [s for s in self.scores if s.low != s.high]
        found = []
        for size in range(len(open_) + 1):
            for chosen in combinations(open_, size):
                if self._reaches(self._capped(sum(s.low for s in self.scores) + sum(s.high - s.low for s in chosen))):
                    found.append(frozenset(m for s in chosen for m in s.missing))
        return found

    @property
    def need(self) -> str:
        return f"{'超过' if self.above else '不低于'} {self.at_least} 分"

    @property
    def found(self) -> str:
        return f"{self.low} 分" if self.low == self.high else f"{self.low}–{self.high} 分"

    @property
    def gap(self) -> str:
        short = self.at_least - self.high + (1 if self.above else 0)
        return f"差 {short} 分" if self.passed is False else ""

    def children(self) -> tuple[Score, ...]:
        return self.scores


@dataclass(frozen=True)
class All:
    """Every part must hold."""

    label: str
    parts: tuple[Any, ...]
    cites: str = ""
    need: str = ""
    found: str = ""
    gap: str = ""

    @property
    def passed(self) -> Truth:
        values = [p.passed for p in self.parts]
        if False in values:
            return False
        return None if None in values else True

    @property
    def missing(self) -> tuple[str, ...]:
        return () if self.passed is not None else shortest(self.parts)

    def children(self) -> tuple[Any, ...]:
        return self.parts


@dataclass(frozen=True)
class Any_:
    """One part is enough: direct routes, alternatives."""

    label: str
    parts: tuple[Any, ...]
    cites: str = ""
    need: str = "满足任意一项"
    found: str = ""
    gap: str = ""

    @property
    def passed(self) -> Truth:
        values = [p.passed for p in self.parts]
        if True in values:
            return True
        return None if None in values else False

    @property
    def missing(self) -> tuple[str, ...]:
        """Of the routes still open, the one that asks for the fewest facts."""
        return () if self.passed is not None else shortest([self])

    def children(self) -> tuple[Any, ...]:
        return self.parts


Node = Check | Total | All | Any_
Edition = Callable[[Any, "Facts"], Iterator[Node]]


class Facts(Mapping[str, Any]):
    """Plain facts of one party; what is not known is absent or None."""

    def __init__(self, known: Mapping[str, Any], labels: Mapping[str, str] | None = None) -> None:
        self._known = {k: v for k, v in known.items() if v is not None}
        self.labels = labels or {}

    def __getitem__(self, name: str) -> Any:
        return self._known.get(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def lacks(self, *names: str) -> tuple[str, ...]:
        """Which of these are unknown, by the label people read."""
        return tuple(self.labels.get(n, n) for n in names if n not in self._known)

    def with_(self, **changes: Any) -> Facts:
        """The same facts with some changed: what if."""
        return Facts({**self._known, **changes}, self.labels)


@dataclass(frozen=True)
class Verdict:
    """What a rule says of one party on one day: the answer, every check, and the shortest way to a yes."""

    rule: str
    title: str
    edition: date
    cites: str
    passed: Truth
    nodes: tuple[Node, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def word(self) -> str:
        return {True: "符合", False: "不符合", None: "资料不足"}[self.passed]

    @property
    def missing(self) -> tuple[str, ...]:
        """The shortest list of facts that could settle the question; empty when it is settled."""
        if self.passed is not None:
            return ()
        return shortest(self.nodes)

    @property
    def failing(self) -> tuple[Node, ...]:
        """Every condition that fails, not only the first."""
        return tuple(n for n in self.nodes if n.passed is False)

    def trace(self) -> dict[str, Any]:
        """The whole explanation as JSON that stays the same for the same facts."""
        return {
            "rule": self.rule,
            "edition": self.edition.isoformat(),
            "cites": self.cites,
            "passed": self.passed,
            "missing": list(self.missing),
            "checks": [_plain(n) for n in self.nodes],
        }


class Rule:
    """One rule of law. Subclass, then one method per edition marked with `@since`; old editions stay."""

    code: ClassVar[str]
    title: ClassVar[str]
    labels: ClassVar[Mapping[str, str]] = {}  # fact → what people call it
    _editions: ClassVar[tuple[tuple[date, str, str], ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        found = [(method.since, name, method.cites) for name, method in vars(cls).items() if hasattr(method, "since")]
        cls._editions = tuple(sorted([*cls._editions, *found]))
        if getattr(cls, "code", "") and found:
            if cls.code in _rules:
                raise TypeError(f"two rules are called {cls.code}")
            _rules[cls.code] = cls()

    def edition_on(self, on: date) -> tuple[date, str, str]:
        """(first day, method, citation) of the edition in force. Raises LookupError before the first one."""
        in_force = [e for e in self._editions if e[0] <= on]
        if not in_force:
            raise LookupError(f"《{self.title}》在 {on} 尚未施行")
        return in_force[-1]

    def judge(self, facts: Mapping[str, Any], on: date) -> Verdict:
        """Apply the edition in force on `on`."""
        known = facts if isinstance(facts, Facts) else Facts(facts, self.labels)
        since_on, name, cites = self.edition_on(on)
        nodes = tuple(getattr(self, name)(known))
        return Verdict(self.code, self.title, since_on, cites, All(self.title, nodes).passed, nodes, dict(known))


_rules: dict[str, Rule] = {}


def since(day: str, *, cites: str) -> Callable[[Edition], Edition]:
    """Mark a method as the edition in force from `day` (ISO), resting on the document `cites`."""

    def mark(method: Edition) -> Edition:
        method.since, method.cites = date.fromisoformat(day), cites  # type: ignore[attr-defined]
        return method

    return mark


def rules() -> Mapping[str, Rule]:
    return _rules


def at_least(value: Number | None, mark: Number) -> Truth:
    return None if value is None else value >= mark


def at_most(value: Number | None, mark: Number) -> Truth:
    return None if value is None else value <= mark


def ratio(part: Number | None, whole: Number | None) -> Fraction | None:
    """part / whole exactly; None when either is unknown or the whole is zero or less: such a ratio does not exist."""
    if part is None or whole is None or whole <= 0:
        return None
    return Fraction(part) / Fraction(whole)


def percent(value: Fraction | None, places: int = 2) -> str:
    """A ratio for people; thresholds are compared before this rounds."""
    if value is None:
        return "无法计算"
    shown = (Decimal(value.numerator) * 100 / Decimal(value.denominator)).quantize(Decimal(1).scaleb(-places))
    return f"{shown.normalize():f}%" if shown == shown.to_integral() else f"{shown}%"


MOST_WAYS = 64  # alternatives kept on the way up: law has a handful, a mistake would have thousands


def ways(node: Any) -> list[frozenset[str]]:
    """The alternative sets of unknown facts that could bring a node to a yes: [∅] when it is one, [] when none can."""
    if node.passed is not None:
        return [frozenset()] if node.passed else []
    if isinstance(node, Total):
        return _fewest(node.ways())
    if isinstance(node, Any_):
        return _fewest(way for part in node.parts for way in ways(part))
    if isinstance(node, All):
        return _together(node.parts)
    return [frozenset(node.missing)]


def _together(nodes: Iterable[Any]) -> list[frozenset[str]]:
    """The ways that bring all of these to a yes: a fact two of them wait for is asked once."""
    found: list[frozenset[str]] = [frozenset()]
    for node in nodes:
        found = _fewest(way | more for way in found for more in ways(node))
    return found


def _fewest(found: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Shortest first, without those that hold another one."""
    kept: list[frozenset[str]] = []
    for way in sorted(set(found), key=lambda w: (len(w), sorted(w))):
        if not any(shorter <= way for shorter in kept):
            kept.append(way)
    return kept[:MOST_WAYS]


def shortest(nodes: Sequence[Any]) -> tuple[str, ...]:
    """The fewest unknown facts that could bring all of these to a yes, in the order they are asked for."""
    found = _together(nodes)
    if not found:
        return ()
    return tuple(name for name in dict.fromkeys(_mentioned(nodes)) if name in found[0])


def _mentioned(nodes: Iterable[Any]) -> Iterator[str]:
    for node in nodes:
        children = () if isinstance(node, Score) else node.children()
        if children:
            yield from _mentioned(children)
        else:
            yield from node.missing


def _plain(node: Any) -> dict[str, Any]:
    if isinstance(node, Score):
        return {"label": node.label, "low": node.low, "high": node.high, "full": node.full, "found": node.found}
    found = {"label": node.label, "passed": node.passed, "cites": node.cites, "need": node.need, "found": node.found}
    found["gap"] = node.gap
    if children := node.children():
        found["parts"] = [_plain(c) for c in children]
    return found
