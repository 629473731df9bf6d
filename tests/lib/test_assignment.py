"""Panels for many projects at once: the best total fit there is, and nothing that must not be."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib.assignment import FULL_FIT, CannotAssign, Problem, Role, assign, relaxations

ANY = (Role(0, 9),)


def problem(fit, *, allowed=None, size=2, load=2, kind=None, roles=ANY, leads=None, seed="第一批"):
    fit = np.array(fit, np.int64)
    experts = fit.shape[1]
    return Problem(
        fit,
        np.ones(fit.shape, bool) if allowed is None else np.array(allowed, bool),
        size,
        np.full(experts, load, np.int64),
        np.zeros(experts, np.int64) if kind is None else np.array(kind, np.int64),
        roles,
        leads or {},
        seed,
    )


def best_by_trying_all(given: Problem) -> int | None:
    """The greatest total over every combination of panels, for a handful of people."""
    may, best = given.open(), None
    panels = [
        [
            panel
            for panel in combinations(range(given.experts), given.size)
            if fits_roles(given, panel) and may[at, list(panel)].all()
        ]
        for at in range(given.projects)
    ]
    for choice in product(*panels):
        if (np.bincount(np.array(choice).ravel(), minlength=given.experts) <= given.load).all():
            total = sum(int(given.fit[at, list(panel)].sum()) for at, panel in enumerate(choice))
            best = total if best is None else max(best, total)
    return best


def fits_roles(given: Problem, panel) -> bool:
    counts = np.bincount(given.kind[list(panel)], minlength=len(given.roles))
    return all(role.least <= count <= role.most for role, count in zip(given.roles, counts, strict=True))


@st.composite
def small(draw):
    projects, experts = draw(st.integers(1, 3)), draw(st.integers(3, 6))
    cells = projects * experts
    fit = draw(st.lists(st.integers(0, FULL_FIT), min_size=cells, max_size=cells))
    allowed = draw(st.lists(st.booleans() | st.just(True), min_size=cells, max_size=cells))
    kind = draw(st.lists(st.integers(0, 1), min_size=experts, max_size=experts))
    roles = draw(st.sampled_from([(Role(0, 3), Role(0, 3)), (Role(1, 3), Role(0, 1)), (Role(2, 3), Role(1, 1))]))
    return problem(
        np.reshape(fit, (projects, experts)), allowed=np.reshape(allowed, (projects, experts)), size=3,
        load=draw(st.integers(1, 3)), kind=kind, roles=roles,
    )  # fmt: skip


@given(small())
def test_the_total_is_what_trying_every_combination_finds(given):
    best = best_by_trying_all(given)
    if best is None:
        with pytest.raises(CannotAssign) as caught:
            assign(given)
        assert caught.value.sentences
        return
    found = assign(given)
    assert found.proved and found.total == best
    assert found.total == sum(int(given.fit[at, panel].sum()) for at, panel in enumerate(found.panels))


def city(projects=60, experts=90, *, seed=3, **more):
    random = np.random.default_rng(seed)
    fit = random.integers(0, FULL_FIT, (projects, experts))
    kind = random.integers(0, 3, experts)
    return problem(
        fit, allowed=random.random((projects, experts)) > 0.05, size=5, load=5, kind=kind,
        roles=(Role(2, 4), Role(1, 2), Role(1, 2)), **more,
    )  # fmt: skip


@pytest.mark.parametrize("fair", [False, True])
def test_loads_kinds_and_avoidance_are_kept(fair):
    given = city(leads={at: [at, at + 1] for at in range(40)})
    found = assign(given, fair=fair)
    assert (np.bincount(found.panels.ravel(), minlength=given.experts) <= given.load).all()
    for at, panel in enumerate(found.panels):
        assert len(set(panel.tolist())) == given.size
        assert given.open()[at, panel].all() and fits_roles(given, panel)


@given(small())
def test_the_proof_s_bound_is_the_total_and_holds_for_the_fair_one_too(given):
    best = best_by_trying_all(given)
    if best is not None:
        plain, fair = assign(given), assign(given, fair=True)
        assert plain.bound == plain.total == best and plain.proved
        assert fair.bound == best >= fair.total and fair.proved == (fair.total == best)


@given(small())
def test_the_smallest_relaxation_works_and_one_less_does_not(given):
    if best_by_trying_all(given) is not None:
        return
    for found in relaxations(given):
        if found.what == "load":
            assert best_by_trying_all(replace(given, load=given.load + found.after)) is not None
            if found.after > 1:
                assert best_by_trying_all(replace(given, load=given.load + found.after - 1)) is None
        if found.what == "size":
            assert best_by_trying_all(replace(given, size=found.after)) is not None
            for size in range(found.after + 1, found.before):
                assert best_by_trying_all(replace(given, size=size)) is None
        if found.what == "least":
            roles = list(given.roles)
            roles[found.kind] = Role(found.after, roles[found.kind].most)
            assert best_by_trying_all(replace(given, roles=tuple(roles))) is not None
            assert found.after < found.before
    if best_by_trying_all(replace(given, load=given.load + given.projects)) is not None:
        assert any(found.what == "load" for found in relaxations(given))


def test_fairness_lifts_the_worst_off_project_and_gives_up_little():
    plain, fair = assign(city()), assign(city(), fair=True)
    assert fair.worst >= plain.worst
    assert plain.total * 97 // 100 <= fair.total <= plain.total


def test_two_projects_never_review_each_other():
    fit = np.zeros((2, 6), np.int64)
    fit[0, 1] = fit[1, 0] = FULL_FIT  # each one's leader fits the other's project best
    fit[0, 1] -= 5
    found = assign(problem(fit, leads={0: [0], 1: [1]}))
    assert not (1 in found.panels[0] and 0 in found.panels[1])
    assert found.cut == ((0, 1),) and not found.proved
    assert 0 in found.panels[1]


def test_the_same_seed_gives_the_same_panels_and_another_seed_shares_out_what_fits_equally():
    equal = np.full((8, 40), 500_000)
    first, again, other = (assign(problem(equal, seed=seed)).panels for seed in ("甲", "甲", "乙"))
    assert (first == again).all()
    assert (first != other).any()


@given(st.permutations(range(12)))
def test_the_order_of_the_list_of_projects_does_not_change_the_total(order):
    given = city(12, 40)
    turned = problem(given.fit[order], allowed=given.allowed[order], size=5, load=5, kind=given.kind, roles=given.roles)
    assert assign(turned).total == assign(given).total


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"load": 0}, "共需4人次，专家可承担的工作量合计0人次，差4人次"),
        (
            {"kind": [0, 0, 0, 1], "roles": (Role(0, 2), Role(1, 1)), "allowed": [[1, 1, 1, 0], [1, 1, 1, 1]]},
            "第1个项目至少要第2类专家1人，回避后只有0人",
        ),
        ({"allowed": [[1, 1, 0, 0], [1, 0, 0, 0]]}, "第2个项目最多只能配到1人，需要2人"),
    ],
)
def test_what_cannot_be_filled_is_named(change, sentence):
    with pytest.raises(CannotAssign) as caught:
        assign(problem(np.full((2, 4), 1), **change))
    assert sentence in caught.value.sentences


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"roles": (Role(3, 4),)}, "每组2人与各类型人数不符"),
        ({"allowed": [[True]]}, "行列数不一致"),
        ({"fit": [[-1]]}, "契合度应在"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        problem(change.pop("fit", np.ones((2, 3))), **change)


def test_an_empty_batch_has_no_panels():
    assert assign(problem(np.zeros((0, 3)))).panels.shape == (0, 2)


@pytest.mark.parametrize(
    "order", [("highspy", "ortools.graph.python.min_cost_flow"), ("ortools.graph.python.min_cost_flow", "highspy")]
)
def test_the_solver_of_the_draw_and_that_of_the_panels_live_in_one_process(order):
    code = "".join(f"import {name};" for name in order) + "import highspy; highspy.Highs()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
