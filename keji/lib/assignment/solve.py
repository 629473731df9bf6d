"""From the problem to the panels: pairs worth looking at, the flow, its proof, and what must not be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keji.lib.assignment import proof
from keji.lib.assignment.flow import Indices, Solved, fullest, network_of, solve
from keji.lib.assignment.problem import CannotAssign, Mask, Matrix, Problem

_NEAREST = 40  # pairs a project looks at first; the proof adds what these leave out
_FAIR_ROUNDS, _WORST = 24, 50  # rounds of weighting; one project in so many counts as worst off
_BASE = 1 << 8  # weight 1, so that weights grow in whole numbers


@dataclass(frozen=True)
class Assignment:
    """Panels of a batch.

    panels     int64 (P, size): experts of each project, ascending
    fits       int64 (P,): total fit of each project's panel
    proved     no other assignment has a greater total fit (over all pairs that may be): the total is the bound
    cut        pairs given up because two would have reviewed each other's projects, as (project, expert)
    bound      the total fit that no assignment exceeds, by the potentials of the best one before any pair was given up
    """

    panels: npt.NDArray[np.int64]
    fits: npt.NDArray[np.int64]
    proved: bool
    cut: tuple[tuple[int, int], ...] = ()
    bound: int = 0

    @property
    def total(self) -> int:
        return int(self.fits.sum())

    @property
    def worst(self) -> int:
        return int(self.fits.min())


def assign(problem: Problem, *, fair: bool = False) -> Assignment:
    """The panels with the greatest total fit; with `fair`, those whose worst-off project fares best among the rounds
    tried, total fit second. Raises CannotAssign with sentences naming the projects that cannot be filled.
    """
    if not problem.projects:
        return Assignment(np.zeros((0, problem.size), np.int64), np.zeros(0, np.int64), True)
    may = problem.open()
    cut: list[tuple[int, int]] = []
    best = _best(problem, problem.costs(), may)
    bound = problem.bound(proof.least_cost(best, proof.potentials(best)))
    while True:
        found = _fairest(problem, may) if fair else best if not cut else _best(problem, problem.costs(), may)
        mutual = list(_favours(problem, found))
        if not mutual:
            return _assignment(problem, found, bound, cut)
        for pair in mutual:
            may[pair] = False
            cut.append(pair)


def _best(problem: Problem, cost: Matrix, may: Mask) -> Solved:
    """The optimum over every pair that may be, by growing a sparse network until the proof holds."""
    project, expert = _nearest(problem, cost, may)
    solved = solve(network_of(problem, cost, project, expert))
    if solved is None:
        project, expert = np.nonzero(may)
        solved = solve(network_of(problem, cost, project, expert))
        if solved is None:
            raise CannotAssign(_why(problem, may))
        return solved
    while True:
        better = proof.violated(problem, cost, may, solved, proof.potentials(solved))
        if not better.any():
            return solved
        more = np.nonzero(better)
        project, expert = np.concatenate([project, more[0]]), np.concatenate([expert, more[1]])
        again = solve(network_of(problem, cost, project, expert))
        assert again is not None, "adding pairs never makes a problem infeasible"
        solved = again


def _nearest(problem: Problem, cost: Matrix, may: Mask) -> tuple[Indices, Indices]:
    """Each project's cheapest pairs, and each expert's, in canonical order."""
    far = np.iinfo(np.int64).max
    seen = np.where(may, cost, far)
    chosen = np.zeros(may.shape, bool)
    width = min(_NEAREST, problem.experts)
    rows = np.argpartition(seen, width - 1, axis=1)[:, :width]
    np.put_along_axis(chosen, rows, True, axis=1)
    height = min(max(2, _NEAREST * problem.projects // max(problem.experts, 1) // 4), problem.projects)
    columns = np.argpartition(seen, height - 1, axis=0)[:height]
    np.put_along_axis(chosen, columns, True, axis=0)
    project, expert = np.nonzero(chosen & may)
    return project.astype(np.int64), expert.astype(np.int64)


def _fairest(problem: Problem, may: Mask) -> Solved:
    """Weigh the worst-off projects up, round by round; keep the round with the best worst, then the best total."""
    weight = np.full(problem.projects, _BASE, np.int64)
    kept, best = None, (-1, -1)
    for _ in range(_FAIR_ROUNDS):
        solved = _best(problem, problem.weighed(weight), may)
        fits = _fits(problem, solved)
        score = (int(fits.min()), int(fits.sum()))
        if score > best:
            kept, best = solved, score
        worst = np.argsort(fits, kind="stable")[: max(1, problem.projects // _WORST)]
        weight[worst] += _BASE // 8
    assert kept is not None
    return kept


def _fits(problem: Problem, solved: Solved) -> npt.NDArray[np.int64]:
    project, expert = solved.chosen()
    return np.bincount(project, problem.fit[project, expert], problem.projects).astype(np.int64)


def _favours(problem: Problem, solved: Solved) -> Iterator[tuple[int, int]]:
    """Of two projects whose people would review each other, the pair (project, expert) that costs less to forbid."""
    project, expert = solved.chosen()
    reviews = set(zip(project.tolist(), expert.tolist(), strict=True))
    of: dict[int, list[int]] = {}
    for led, people in sorted(problem.leads.items()):
        for person in people:
            of.setdefault(person, []).append(led)
    told = set()
    for one, person in sorted(reviews):
        for other in of.get(person, ()):
            for back in problem.leads.get(one, ()):
                if (other, back) in reviews and (other, one) not in told and other != one:
                    told.add((one, other))
                    yield min((one, person), (other, back), key=lambda pair: (int(problem.fit[pair]), pair))


def _assignment(problem: Problem, solved: Solved, bound: int, cut: list[tuple[int, int]]) -> Assignment:
    project, expert = solved.chosen()
    order = np.lexsort((expert, project))
    panels, fits = expert[order].reshape(problem.projects, problem.size), _fits(problem, solved)
    return Assignment(panels, fits, int(fits.sum()) == bound, tuple(cut), bound)


def _why(problem: Problem, may: Mask) -> list[str]:
    """Which seats stay empty when as many as possible are filled, and what is short."""
    seats, places = problem.size * problem.projects, int(problem.load.sum())
    if places < seats:
        return [f"共需{seats}人次，专家可承担的工作量合计{places}人次，差{seats - places}人次"]
    sentences = []
    for at in range(problem.projects):
        for kind, role in enumerate(problem.roles):
            there = int((may[at] & (problem.kind == kind) & (problem.load > 0)).sum())
            if there < role.least:
                sentences.append(f"第{at + 1}个项目至少要第{kind + 1}类专家{role.least}人，回避后只有{there}人")
    if sentences:
        return sentences
    project, expert = np.nonzero(may)
    filled = np.bincount(
        fullest(network_of(problem, problem.costs(), project, expert)).chosen()[0], minlength=problem.projects
    )
    return [
        f"第{at + 1}个项目最多只能配到{int(filled[at])}人，需要{problem.size}人"
        for at in np.flatnonzero(filled < problem.size)
    ]
