"""Can the request be met at all? If not, the smallest change of it that could, as data and as a sentence."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keji.lib.draw.pool import DrawError, Expert, Pool, Quota, Request
from keji.lib.draw.problem import problem_of
from keji.lib.draw.whole import Whole


@dataclass(frozen=True)
class Change:
    """One bound to relax: `what` is least, most (of a quota), employer_cap or size; the numbers before and after."""

    what: str
    category: str
    value: str
    before: int
    after: int

    def __str__(self) -> str:
        if self.what == "size":
            return f"评审组人数由 {self.before} 减为 {self.after}"
        if self.what == "employer_cap":
            return f"同单位人数上限由 {self.before} 提高到 {self.after}"
        if self.what == "least":
            return f"{self.category}「{self.value}」的下限由 {self.before} 降为 {self.after}"
        return f"{self.category}「{self.value}」的上限由 {self.before} 提高到 {self.after}"


@dataclass(frozen=True)
class Finding:
    """`possible`, or the smallest relaxation: the changes that move the fewest seats, together enough.

    `reasons`: what can be said of single quotas (who is missing), empty when only their combination fails.
    """

    possible: bool
    changes: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What happened, why, what to do; "" when possible."""
        if self.possible:
            return ""
        why = "；".join(self.reasons) or "单看每一条名额都够，合在一起抽不出一个评审组"
        do = "；".join(map(str, self.changes))
        return f"按现在的要求抽不出评审组：{why}。最小的放宽办法：{do}。也可以补充专家后再冻结。"


class Impossible(DrawError):
    """No panel meets the request; `finding` says which relaxation would do."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.sentence)
        self.finding = finding


def examine(pool: Pool, request: Request) -> Finding:
    """Whether some panel of eligible experts keeps quotas and cap, else the smallest relaxation. Exact.

    Smallest: the fewest seats by which bounds are moved; the cap counts half more than a quota, and seats are given up
    only where nothing else helps. DrawError for a request that contradicts itself.
    """
    request.check()
    problem = problem_of(pool, request)
    if problem.experts and Whole(problem).best():
        return Finding(True)
    reasons = tuple(_reasons(pool, request))
    if not problem.experts:
        return Finding(False, (), ("没有一名可抽取的专家",))
    pairs, cap, seats = Whole(problem).relaxed(1 if request.even_allowed else 2)
    changes = []
    for quota, (fewer, more) in zip(problem.quotas, pairs, strict=True):
        if fewer:
            changes.append(Change("least", quota.category, quota.value, quota.least, quota.least - fewer))
        if more:
            most = min(quota.most, request.size)
            changes.append(Change("most", quota.category, quota.value, most, most + more))
    if cap:
        changes.append(Change("employer_cap", "", "", request.employer_cap, request.employer_cap + cap))
    if seats:
        changes.append(Change("size", "", "", request.size, request.size - seats))
    return Finding(False, tuple(changes), reasons)


def relax(request: Request, changes: tuple[Change, ...]) -> Request:
    """The request with the changes made."""
    quotas = {(q.category, q.value): q for q in request.quotas}
    size, cap = request.size, request.employer_cap
    for change in changes:
        key = (change.category, change.value)
        if change.what == "size":
            size = change.after
        elif change.what == "employer_cap":
            cap = change.after
        elif change.what == "least":
            quotas[key] = dataclasses.replace(quotas[key], least=change.after)
        else:
            quotas[key] = dataclasses.replace(quotas[key], most=change.after)
    return dataclasses.replace(request, size=size, employer_cap=cap, quotas=tuple(quotas.values()))


def _seats_of(experts: Sequence[Expert], cap: int) -> int:
    """How many of these could sit together by the cap."""
    units = Counter(e.employer for e in experts)
    return sum(min(n, cap) if unit and cap else n for unit, n in units.items())


def _reasons(pool: Pool, request: Request) -> Iterator[str]:
    """What can be said of the pool, of a category and of single quotas."""
    experts, cap = [pool.experts[i] for i in pool.eligible()], request.employer_cap
    capped = f"（同单位最多 {cap} 人）" if cap else ""
    if (whole := _seats_of(experts, cap)) < request.size:
        yield f"可抽取的专家最多能组成 {whole} 人{capped}，评审组要 {request.size} 人"
    by_category: dict[str, list[Quota]] = {}
    for quota in request.quotas:
        by_category.setdefault(quota.category, []).append(quota)
    for category, quotas in sorted(by_category.items()):
        if (least := sum(q.least for q in quotas)) > request.size:
            yield f"{category}各项下限合计 {least} 人，多于评审组 {request.size} 人"
        named = {q.value for q in quotas}
        others = [e for e in experts if e.features.get(category, "") not in named]
        most = sum(min(q.most, sum(e.features.get(category) == q.value for e in experts)) for q in quotas)
        if whole >= request.size and most + len(others) < request.size:
            yield f"{category}各项最多合计 {most + len(others)} 人，不足评审组 {request.size} 人"
        for quota in sorted(quotas, key=lambda q: q.value):
            there = _seats_of([e for e in experts if e.features.get(category) == quota.value], cap)
            if there < quota.least:
                yield f"{quota.name}的专家最多能出 {there} 人{capped}，下限 {quota.least} 人"
