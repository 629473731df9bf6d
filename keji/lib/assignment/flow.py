"""The assignment as a flow of least cost over some of the pairs.

Units flow from experts (at most `load`) to (project, kind) nodes, which keep the least of each kind and pass the rest
on to the project's free seats. A pair's arc carries one unit. Method: minimum-cost flow, lower bounds as demands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.graph.python import min_cost_flow

from keji.lib.assignment.problem import Matrix, Problem

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Network:
    """Arcs of the flow. Nodes: experts 0…E−1, then a node for each (project, kind), then projects, then the source."""

    tail: Indices
    head: Indices
    capacity: Indices
    cost: Indices
    supply: Indices
    pairs: int  # the first so many arcs are pairs
    project: Indices  # of each pair
    expert: Indices


@dataclass(frozen=True)
class Solved:
    """What came out: the flow on every arc, or None when there is no assignment over these pairs."""

    network: Network
    flow: Indices

    def chosen(self) -> tuple[Indices, Indices]:
        """(projects, experts) of the pairs taken."""
        taken = self.flow[: self.network.pairs] > 0
        return self.network.project[taken], self.network.expert[taken]


def network_of(problem: Problem, cost: Matrix, project: Indices, expert: Indices) -> Network:
    """The network over the pairs (project[i], expert[i])."""
    kinds, projects, experts = len(problem.roles), problem.projects, problem.experts
    seats, free, source = experts, experts + projects * kinds, experts + projects * kinds + projects
    cells = np.arange(projects * kinds, dtype=np.int64)
    least = np.array([role.least for role in problem.roles], dtype=np.int64)
    most = np.array([role.most for role in problem.roles], dtype=np.int64)
    tail = np.concatenate([expert, seats + cells, np.full(experts, source)])
    head = np.concatenate([seats + project * kinds + problem.kind[expert], free + cells // kinds, np.arange(experts)])
    capacity = np.concatenate([np.ones(len(expert), np.int64), np.tile(most - least, projects), problem.load])
    prices = np.concatenate([cost[project, expert], np.zeros(projects * kinds + experts, np.int64)])
    supply = np.zeros(source + 1, np.int64)
    supply[seats:free] = -np.tile(least, projects)
    supply[free:source] = -(problem.size - least.sum())
    supply[source] = problem.size * projects
    return Network(tail, head, capacity, prices, supply, len(expert), project, expert)


def solve(network: Network) -> Solved | None:
    """The cheapest flow, exact in integers; None when the demands cannot be met."""
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.capacity, network.cost)
    solver.set_nodes_supplies(np.arange(len(network.supply)), network.supply)
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the solver gave up ({status}): costs too large for so many nodes")
    return Solved(network, np.asarray(solver.flows(arcs), dtype=np.int64))


def fullest(network: Network) -> Solved:
    """The flow that fills as many seats as can be filled, for telling which stay empty."""
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.capacity, network.cost)
    solver.set_nodes_supplies(np.arange(len(network.supply)), network.supply)
    solver.solve_max_flow_with_min_cost()
    return Solved(network, np.asarray(solver.flows(arcs), dtype=np.int64))
