"""Panels for many projects: the whole graph's minimum-cost flow, arc by arc, beside ours; in one run.

The peer is the published method of openreview-matcher's default solver (every pair an arc of one flow), written out
here, without that package's own overhead, because it cannot be installed from an index.
Run: python -m benchmarks assignment
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks import house
from keji.lib.assignment import FULL_FIT, Problem, Role, assign

SIZE = 5


def instance(projects: int, experts: int, load: int, seed: int = 1) -> Problem:
    """Thirty topics, a little noise, three pairs in a hundred forbidden."""
    random = np.random.default_rng(seed)
    near = random.dirichlet(np.full(30, 0.1), projects) @ random.dirichlet(np.full(30, 0.1), experts).T
    fit = (near / near.max() * 0.9 + random.random((projects, experts)) * 0.1) * FULL_FIT
    return Problem(
        fit.astype(np.int64), random.random((projects, experts)) > 0.03, SIZE,
        np.full(experts, load, np.int64), np.zeros(experts, np.int64), (Role(0, SIZE),), seed="测速",
    )  # fmt: skip


def whole_graph(problem: Problem) -> int:
    """The greatest total fit by the peer's method: every allowed pair an arc, added one by one."""
    solver = min_cost_flow.SimpleMinCostFlow()
    source, sink = problem.projects + problem.experts, problem.projects + problem.experts + 1
    for project in range(problem.projects):
        solver.add_arc_with_capacity_and_unit_cost(source, project, SIZE, 0)
    pairs = [
        (
            solver.add_arc_with_capacity_and_unit_cost(
                project, problem.projects + expert, 1, -int(problem.fit[project, expert])
            ),
            project,
            expert,
        )
        for project in range(problem.projects)
        for expert in range(problem.experts)
        if problem.allowed[project, expert]
    ]
    for expert in range(problem.experts):
        solver.add_arc_with_capacity_and_unit_cost(problem.projects + expert, sink, int(problem.load[expert]), 0)
    solver.set_node_supply(source, SIZE * problem.projects)
    solver.set_node_supply(sink, -SIZE * problem.projects)
    assert solver.solve() == solver.OPTIMAL
    return sum(int(problem.fit[project, expert]) for arc, project, expert in pairs if solver.flow(arc))


def run() -> None:
    """Print a Markdown table: seconds, the ratio, whether the totals agree, and what fairness changes."""
    print(f"{house.machine()}.\n")
    print("| projects × experts | whole graph | ours | ratio | same total |\n|---|---:|---:|---:|---|")
    small, large = instance(500, 800, 5), instance(5_000, 3_000, 13)
    theirs, total = timed(lambda: whole_graph(small))
    ours, found = timed(lambda: assign(small), 5)
    print(f"| 500 × 800 | {theirs:.2f} s | {ours:.3f} s | {theirs / ours:.0f}× | {total == found.total} |")
    alone, _ = timed(lambda: assign(large), 3)
    print(f"| 5,000 × 3,000 | not run | {alone:.2f} s | | proved |")
    spent, even = timed(lambda: assign(small, fair=True))
    print(
        f"\nFair, 500 × 800: the worst-off project {even.worst / FULL_FIT:.3f} instead of "
        f"{found.worst / FULL_FIT:.3f}, total {even.total / found.total:.2%}, {spent:.2f} s."
    )


def timed(work: Callable[[], Any], times: int = 1) -> tuple[float, Any]:
    """(median seconds, the last answer)."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        answer = work()
        spent.append(time.perf_counter() - start)
    return median(spent), answer


if __name__ == "__main__":
    run()
