"""Who may review what, how well each fits, and what a panel must be made of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: A fit is a whole number from 0 to this: what was 0.537 214 as a share is 537 214.
FULL_FIT = 1_000_000
_TIES = 1 << 10  # how finely equal fits are told apart by the seed


class CannotAssign(ValueError):
    """There is no assignment; `sentences` says for which projects and why, in Chinese."""

    def __init__(self, sentences: Sequence[str]):
        super().__init__("；".join(sentences))
        self.sentences = tuple(sentences)


@dataclass(frozen=True)
class Role:
    """How many of a panel are of one kind (技术, 管理, 财务)."""

    least: int
    most: int


@dataclass(frozen=True)
class Problem:
    """P projects, E experts. Raises ValueError with a Chinese sentence when the parts do not fit together.

    fit        int64 (P, E), 0…FULL_FIT: how well an expert fits a project
    allowed    bool (P, E): False where avoidance forbids
    size       reviewers a project
    load       int64 (E,): how many projects an expert takes at most
    kind       int64 (E,): index into `roles`
    roles      one Role a kind; Σ least ≤ size ≤ Σ most
    leads      project → the experts who lead it or take part: they never review it, nor each other in turn
    seed       what equal fits are told apart by; the same seed gives the same panels
    """

    fit: Matrix
    allowed: Mask
    size: int
    load: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    roles: tuple[Role, ...]
    leads: Mapping[int, Sequence[int]] = field(default_factory=dict)
    seed: str = ""

    def __post_init__(self) -> None:
        if (
            self.fit.shape != self.allowed.shape
            or self.fit.shape[1] != len(self.load)
            or len(self.kind) != len(self.load)
        ):
            raise ValueError("项目数、专家数与契合度、回避表、工作量、类型的行列数不一致")
        if self.fit.size and (int(self.fit.min()) < 0 or int(self.fit.max()) > FULL_FIT):
            raise ValueError(f"契合度应在0到{FULL_FIT}之间")
        least, most = sum(role.least for role in self.roles), sum(role.most for role in self.roles)
        if not least <= self.size <= most:
            raise ValueError(f"每组{self.size}人与各类型人数不符：至少共{least}人，至多共{most}人")

    @property
    def projects(self) -> int:
        return int(self.fit.shape[0])

    @property
    def experts(self) -> int:
        return int(self.fit.shape[1])

    def open(self) -> Mask:
        """Pairs that may be: not forbidden, and nobody reviews their own project."""
        found = self.allowed.copy()
        for project, people in self.leads.items():
            found[project, list(people)] = False
        return found

    def costs(self) -> Matrix:
        """What a pair costs, int64 (P, E): the fit dominates, the seed only orders what fits equally."""
        scale = _TIES * (self.projects * self.size + 1)
        return (FULL_FIT - self.fit) * scale + _ties(self.seed, self.projects, self.experts)

    def bound(self, least_cost: int) -> int:
        """The total fit no assignment exceeds when none costs less than this (in terms of `costs`)."""
        seats = self.projects * self.size
        misfit = -(-(least_cost - (_TIES - 1) * seats) // (_TIES * (seats + 1)))
        return FULL_FIT * seats - misfit

    def weighed(self, weight: npt.NDArray[np.int64]) -> Matrix:
        """Costs with each project's misfit counted `weight` times, int64 (P,); the seed orders what is nearly equal."""
        return (FULL_FIT - self.fit) * weight[:, None] * _TIES + _ties(self.seed, self.projects, self.experts)


def _ties(seed: str, projects: int, experts: int) -> Matrix:
    """A number below 1,024 for every pair, the same on every machine (splitmix64 over the seed's SHA-256)."""
    start = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    with np.errstate(over="ignore"):
        z = np.uint64(start) + np.arange(1, projects * experts + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z % np.uint64(_TIES)).astype(np.int64).reshape(projects, experts)
