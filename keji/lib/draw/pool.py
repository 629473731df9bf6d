"""What a draw is made from: the experts with their states, the quotas, the request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MOST_SEATS = 999
MOST_EXPERTS = 1_000_000


class DrawError(ValueError):
    """The draw cannot go on; the text is a sentence for the user."""


def _is_text(value: object) -> bool:
    """Text that can be written as UTF-8: no numbers (a float has no one form) and no halves of characters."""
    try:
        return isinstance(value, str) and value.encode("utf-8") is not None
    except UnicodeEncodeError:
        return False


class State(StrEnum):
    """How an expert of the library stands at the moment of freezing."""

    ELIGIBLE = "eligible"
    AVOIDED = "avoided"
    RESTING = "resting"
    RESTRICTED = "restricted"


#: What a page calls the states.
STATE_NAMES = {
    State.ELIGIBLE: "可抽取",
    State.AVOIDED: "回避",
    State.RESTING: "轮休",
    State.RESTRICTED: "限制",
}


@dataclass(frozen=True)
class Expert:
    """One expert of the pool.

    `id`: what the published file calls this expert (a number or a salted digest), unique in the pool.
    `employer`: text that is equal for colleagues, "" where no cap applies. `features`: category → value.
    Whoever is not eligible names the `rule` that says so and the `record` it was seen in.
    """

    id: str
    employer: str = ""
    features: Mapping[str, str] = field(default_factory=dict)
    state: State = State.ELIGIBLE
    rule: str = ""
    record: str = ""


@dataclass(frozen=True)
class Quota:
    """How many of the panel have this value in this category: from `least` to `most`, both included."""

    category: str
    value: str
    least: int = 0
    most: int = MOST_SEATS

    @property
    def name(self) -> str:
        return f"{self.category}「{self.value}」"


@dataclass(frozen=True)
class Request:
    """What panel is wanted.

    `size`: seats, an odd number unless `even_allowed`. `employer_cap`: seats one employer may have, 0 for no cap.
    `substitutes`: how many substitutes are named. `about`: text → text, goes into the published file as it is
    (task, who asked, the rotation cap that was applied …).
    """

    size: int
    quotas: tuple[Quota, ...] = ()
    employer_cap: int = 1
    substitutes: int = 0
    about: Mapping[str, str] = field(default_factory=dict)
    even_allowed: bool = False

    def check(self) -> None:
        """DrawError where the request contradicts itself."""
        if not 1 <= self.size <= MOST_SEATS:
            raise DrawError(f"评审组人数要在 1 至 {MOST_SEATS} 之间，现为 {self.size}，请改正。")
        if self.size % 2 == 0 and not self.even_allowed:
            raise DrawError(f"评审组人数要为单数，现为 {self.size}，请改为 {self.size - 1} 或 {self.size + 1}。")
        if self.employer_cap < 0 or self.substitutes < 0:
            raise DrawError("同单位人数上限和备选人数不能为负，请改正。")
        for quota in self.quotas:
            if not 0 <= quota.least <= quota.most:
                raise DrawError(f"{quota.name}的下限 {quota.least} 大于上限 {quota.most}，或者为负，请改正。")
        if not all(_is_text(word) for pair in self.about.items() for word in pair):
            raise TypeError("what a request is about is text")
        twice = [pair for pair, n in Counter((q.category, q.value) for q in self.quotas).items() if n > 1]
        if twice:
            raise DrawError(f"{twice[0][0]}「{twice[0][1]}」写了两条名额要求，请合并成一条。")


@dataclass(frozen=True)
class Pool:
    """The experts in canonical order (by id). Make one with `Pool.of`."""

    experts: tuple[Expert, ...]

    @classmethod
    def of(cls, experts: Iterable[Expert]) -> Pool:
        """DrawError for no id, an id twice, or somebody left out without rule and record."""
        ordered = tuple(sorted(experts, key=lambda e: e.id))
        if len(ordered) > MOST_EXPERTS:
            raise DrawError(f"专家库一次最多 {MOST_EXPERTS:,} 人，现为 {len(ordered):,} 人，请先按专业筛选。")
        for before, expert in zip((None, *ordered), ordered, strict=False):
            if not expert.id:
                raise DrawError("有一名专家没有编号，请补上后再冻结。")
            if before is not None and before.id == expert.id:
                raise DrawError(f"专家编号 {expert.id} 出现两次，请去掉重复的再冻结。")
            if not all(map(_is_text, (expert.id, expert.employer, expert.rule, expert.record))) or not all(
                _is_text(word) for pair in expert.features.items() for word in pair
            ):
                raise TypeError(f"everything said of an expert is text: {expert.id}")
            if expert.state != State.ELIGIBLE and not (expert.rule and expert.record):
                raise DrawError(f"专家 {expert.id} 不参加抽取，却没有写明依据和出处，请补上。")
        return cls(ordered)

    def states(self) -> dict[str, int]:
        """State → how many; sums to the pool."""
        found = Counter(e.state.value for e in self.experts)
        return {state.value: found[state.value] for state in State}

    def eligible(self) -> list[int]:
        """Positions in `experts` of those who may be drawn."""
        return [i for i, e in enumerate(self.experts) if e.state == State.ELIGIBLE]


def to_plain(pool: Pool, request: Request) -> dict[str, Any]:
    """Request, pool and counts as the published file has them: text, integers, lists and objects only."""
    return {
        "about": dict(request.about),
        "request": {
            "size": request.size,
            "employer_cap": request.employer_cap,
            "substitutes": request.substitutes,
            "quotas": [
                {"category": q.category, "value": q.value, "least": q.least, "most": min(q.most, request.size)}
                for q in sorted(request.quotas, key=lambda q: (q.category, q.value))
            ],
        },
        "experts": [
            {
                "id": e.id,
                "employer": e.employer,
                "features": dict(e.features),
                "state": e.state.value,
                "rule": e.rule,
                "record": e.record,
            }
            for e in pool.experts
        ],
        "states": pool.states(),
    }


def from_plain(data: Mapping[str, Any]) -> tuple[Pool, Request]:
    """Back from `to_plain`."""
    asked = data["request"]
    request = Request(
        size=asked["size"],
        quotas=tuple(Quota(q["category"], q["value"], q["least"], q["most"]) for q in asked["quotas"]),
        employer_cap=asked["employer_cap"],
        substitutes=asked["substitutes"],
        about=data["about"],
        even_allowed=True,
    )
    experts = (
        Expert(e["id"], e["employer"], e["features"], State(e["state"]), e["rule"], e["record"])
        for e in data["experts"]
    )
    return Pool.of(experts), request
