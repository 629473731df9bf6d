"""Proving that nothing better exists, for the pairs left out of the flow as well.

Potentials π make every residual arc's reduced cost ≥ 0. If the reduced costs of all pairs left out are ≥ 0 too, the
flow is the optimum over all pairs (complementary slackness), and anyone can check π by subtraction.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from keji.lib.assignment.flow import Solved
from keji.lib.assignment.problem import Mask, Matrix, Problem

Potentials = npt.NDArray[np.int64]


def potentials(solved: Solved) -> Potentials:
    """Shortest residual distances to every node (Bellman–Ford, all arcs at once). Raises if the flow is not optimal."""
    net = solved.network
    forward, back = solved.flow < net.capacity, solved.flow > 0
    tail = np.concatenate([net.tail[forward], net.head[back]])
    head = np.concatenate([net.head[forward], net.tail[back]])
    cost = np.concatenate([net.cost[forward], -net.cost[back]])
    order = np.argsort(head, kind="stable")
    tail, head, cost = tail[order], head[order], cost[order]
    starts = np.flatnonzero(np.r_[True, head[1:] != head[:-1]])
    reached = head[starts]
    distance = np.zeros(len(net.supply), np.int64)
    for _ in range(len(distance) + 1):
        nearest = np.minimum(np.minimum.reduceat(distance[tail] + cost, starts), distance[reached])
        if np.array_equal(nearest, distance[reached]):
            return distance
        distance[reached] = nearest
    raise ArithmeticError("the flow has a cheaper cycle: it is not optimal")


def violated(problem: Problem, cost: Matrix, may: Mask, solved: Solved, found: Potentials) -> Mask:
    """Pairs (P, E) outside the network that would make the assignment cheaper; all False proves the optimum."""
    kinds = len(problem.roles)
    seats = problem.experts + np.arange(problem.projects)[:, None] * kinds + problem.kind[None, :]
    reduced = cost + found[None, : problem.experts] - found[seats]
    better: Mask = (reduced < 0) & may
    better[solved.network.project, solved.network.expert] = False
    return better


def least_cost(solved: Solved, found: Potentials) -> int:
    """What any assignment costs at least, by the potentials: exact, and equal to the flow's own cost at its optimum.

    Summed over all nodes and arcs, cost = Σ reduced·flow − Σ π·supply; a flow is at least 0 and at most the capacity.
    Pairs left out of the network add nothing, for `violated` has shown that theirs are ≥ 0.
    """
    net = solved.network
    reduced = net.cost + found[net.tail] - found[net.head]
    saved = np.minimum(reduced, 0) * net.capacity
    return int(saved.sum()) - int((found * net.supply).sum())
