"""Where there is no assignment: the smallest single change that makes one possible, found exactly.

Each rule is loosened alone, by as little as will do; more load never takes an assignment away, nor do fewer seats with
the same least numbers, so halving the interval finds the edge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from keji.lib.assignment.flow import network_of, solve
from keji.lib.assignment.problem import Problem, Role


@dataclass(frozen=True)
class Relaxation:
    """`what`: load (added to everybody's limit), size (reviewers a project) or least (of kind `kind`); from, to."""

    what: str
    before: int
    after: int
    kind: int = -1


def possible(problem: Problem) -> bool:
    """Is there any assignment? Favours in turn are not looked at."""
    if not problem.projects:
        return True
    project, expert = np.nonzero(problem.open())
    nothing = np.zeros(problem.fit.shape, np.int64)
    return solve(network_of(problem, nothing, project.astype(np.int64), expert.astype(np.int64))) is not None


def relaxations(problem: Problem, *, step: int = 1) -> list[Relaxation]:
    """Each rule that, loosened alone, would do, and by how much at least. `step` 2 keeps an odd panel odd."""
    found = []
    more = _least(1, problem.projects, lambda n: possible(replace(problem, load=problem.load + n)))
    if more is not None:
        found.append(Relaxation("load", 0, more))
    lowest = sum(role.least for role in problem.roles)
    for size in range(problem.size - step, max(lowest, 1) - 1, -step):
        if possible(replace(problem, size=size)):
            found.append(Relaxation("size", problem.size, size))
            break
    for kind, role in enumerate(problem.roles):
        for least in range(role.least - 1, -1, -1):
            roles = (*problem.roles[:kind], Role(least, role.most), *problem.roles[kind + 1 :])
            if possible(replace(problem, roles=roles)):
                found.append(Relaxation("least", role.least, least, kind))
                break
    return found


def _least(low: int, high: int, good: Callable[[int], bool]) -> int | None:
    """The smallest number from low to high for which it is good; None where none is. Good stays good going up."""
    if high < low or not good(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle + 1, high)
    return low
