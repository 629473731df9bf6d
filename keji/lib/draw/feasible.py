"""Can the request be met at all? If not, the smallest change of it that could, as data and as a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from keji.lib.draw.pool import DrawError, Pool, Request


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
    """Whether some panel of eligible experts keeps quotas and cap, else the smallest relaxation. Exact (by MIP).

    DrawError for a request that contradicts itself.
    """
    raise NotImplementedError
