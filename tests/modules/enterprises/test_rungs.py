"""What holds for every rung by itself: rows and columns agree, edges are edges, citations and numbers are on file."""

from __future__ import annotations

import tomllib
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keji.lib.rules import vocabulary
from keji.lib.rules.found import walk
from keji.lib.rules.law import Clause
from keji.lib.rules.rule import Program, code_of, leaves, rules, short_of
from keji.lib.rules.scores import Scored
from keji.lib.rules.vocabulary import Kind
from keji.modules import enterprises
from keji.modules.enterprises import regulations  # noqa: F401 - enters the rules
from keji.modules.enterprises.rungs import LADDER
from tests.modules.enterprises.firms import YEAR

FOLDER = Path(enterprises.__file__).parent / "regulations"
PARAMETERS = tomllib.loads((FOLDER / "parameters.toml").read_text(encoding="utf-8"))["parameter"]
DOCUMENTS = tomllib.loads((FOLDER / "shelf.toml").read_text(encoding="utf-8"))["document"]


def numbers_on(on: date) -> dict[str, Fraction]:
    rows = sorted((p for p in PARAMETERS if p["from_on"] <= on), key=lambda p: p["from_on"])
    return {p["name"]: Fraction(str(p["value"])) for p in rows}


def editions() -> list[Program]:
    found = []
    for code in LADDER:
        rule = rules()[code]
        found += [rule.program(since, numbers_on(since)) for since, _, _ in rule.editions]
    return found


PROGRAMS = editions()
every_edition = pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: f"{p.rule.code}-{p.since_on.year}")
MARKS = (0, 1, 100, 300, 500, 800, 1000, 1200, 1500, 2000, 3000, 5000, 6000, 8000, 10_000, 20_000)  # 万元
SHARES = (1, 2, 3, 4, 5, 6, 10, 15, 20, 25, 30, 35, 50, 55, 60, 65, 70, 75, 80, 90, 95, 100, 105, 110, 115, 125, 135)


def draw(rng: Any, key: str, size: int, base: Any) -> Any:
    """A column of one fact: unknowns, zeros, amounts on and beside every edge, shares of `base`, a few giants."""
    fact = vocabulary.fact(key.partition("-")[0])
    if fact.kind is Kind.YES_NO:
        column = rng.integers(0, 2, size).astype(float)
    elif fact.kind is Kind.CHOICE:
        column = rng.choice([float(c) for c in fact.choices], size)
    elif fact.kind is Kind.MONEY:
        marks = rng.choice(MARKS, size) * 10_000.0
        shares = np.floor(base * rng.choice(SHARES, size) / 100.0)
        column = np.where(rng.random(size) < 0.5, marks, shares) + rng.integers(-1, 2, size)
        column = np.where(rng.random(size) < 0.02, rng.choice([-3e7, 2e12, 1e15], size), column)
    else:
        column = rng.integers(0, 13, size) * float(rng.choice([1, 50, 100])) + rng.integers(-1, 2, size)
    return np.where(rng.random(size) < 0.06, np.nan, column)


def city(program: Program, seed: int, size: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    base = rng.choice(MARKS, size) * 10_000.0
    return {key: draw(rng, key, size, base) for key in program.keys}


@every_edition
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_city_by_columns_is_the_city_firm_by_firm(program, seed):
    size = 120
    columns = city(program, seed, size)
    found = program.judge_many(columns, size)
    for row in range(size):
        verdict = program.judge({k: int(c[row]) for k, c in columns.items() if not np.isnan(c[row])})
        assert found.truth(row) is verdict.passed
        nodes = {n.key: n for n in leaves(verdict.nodes)}
        for i, key in enumerate(found.keys):
            node = nodes.get(key)
            assert found.conditions[i, row] == (2 if node is None else code_of(node.passed)), key
            assert found.short[i, row] == pytest.approx(short_of(node), rel=1e-9, abs=1e-6), key
        totals = {n.key: n for n in walk(verdict.nodes) if hasattr(n, "at_least")}
        for key, (low, high) in found.scores.items():
            assert key not in totals or (low[row], high[row]) == (totals[key].low, totals[key].high)


@every_edition
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_learning_more_never_turns_a_settled_condition(program, seed):
    rng = np.random.default_rng(seed)
    columns = {k: np.abs(c) for k, c in city(program, seed, 40).items()}
    for row in range(40):
        full = {k: int(c[row]) for k, c in columns.items() if not np.isnan(c[row])}
        partly = {k: v for k, v in full.items() if rng.random() < 0.7}
        after = {n.key: n for n in leaves(program.judge(full).nodes)}
        for node in leaves(program.judge(partly).nodes):
            if node.passed is not None:
                assert after[node.key].passed is node.passed, (node.key, full, partly)


@every_edition
def test_somebody_can_pass_and_somebody_can_fail_and_nobody_knows_of_an_empty_file(program):
    columns = city(program, 11, 3000)
    for key in program.keys:  # half of the city has its papers in order
        fact = vocabulary.fact(key.partition("-")[0])
        if fact.kind is Kind.YES_NO:
            bad = fact.name.startswith(("restricted", "serious", "research_dis", "listed"))
            columns[key] = np.where(np.arange(3000) % 2, columns[key], 0.0 if bad else 1.0)
    found = program.judge_many(columns, 3000)
    assert (found.passed == 0).any()
    assert program.judge({}).passed is None
    assert len(set(found.keys)) == len(found.keys)


def cited(clause: Any) -> set[str]:
    """Every citation of a clause and of what stands below it, branches not taken included."""
    found = {clause.cites} if getattr(clause, "cites", "") else set()
    for name in ("parts", "scores", "ways", "then", "otherwise"):
        below = getattr(clause, name, ())
        for part in below if isinstance(below, list | tuple) else (below,):
            if isinstance(part, Clause | Scored):
                found |= cited(part)
    return found


def on_shelf(citation: str) -> bool:
    return any(citation.startswith(d["number"]) for d in DOCUMENTS)


@every_edition
def test_every_citation_stands_on_the_shelf(program):
    citations = {program.cites} | {c for clause in program.clauses for c in cited(clause)}
    assert {c for c in citations if not on_shelf(c)} == set()


def test_every_number_rests_on_a_document():
    assert [p["name"] for p in PARAMETERS if not on_shelf(p["cites"])] == []


@every_edition
def test_only_what_was_not_read_is_a_number_and_it_says_so(program):
    uncertain = {p["name"] for p in PARAMETERS if not p["certain"]}
    assert set(program.numbers) <= uncertain


@pytest.mark.django_db
def test_a_house_has_every_document_and_every_number_after_its_migrations():
    from keji.kernel.rules.judging import numbers_on as in_force
    from keji.kernel.rules.models import Regulation

    assert {d["number"] for d in DOCUMENTS} <= set(Regulation.objects.values_list("number", flat=True))
    for code in LADDER:
        for since, _, _ in rules()[code].editions:
            assert rules()[code].program(since, in_force(since)).numbers.keys() <= in_force(since).keys()


def test_editions_follow_each_other_and_the_older_ones_stay():
    for code in LADDER:
        days = [since for since, _, _ in rules()[code].editions]
        assert all(a < b for a, b in pairwise(days))
    srdi = rules()["srdi"]
    assert [srdi.edition_on(d)[2] for d in (date(2026, 3, 31), date(2026, 4, 1))] == [
        "工信部企业〔2022〕63号",
        "工信部企业〔2026〕2号",
    ]


def test_the_year_of_the_tests_is_judged_by_the_editions_of_that_year():
    on = date(YEAR, 12, 10)
    assert {code: rules()[code].program(on, numbers_on(on)).since_on.year for code in LADDER} == {
        "tech_sme": 2017,
        "innovative_sme": 2022,
        "hnte": 2016,
        "srdi": 2022,
        "little_giant": 2022,
        "city_centre": 2023,
        "province_centre": 2020,
    }


@pytest.mark.django_db
def test_every_edition_of_every_rule_can_judge_by_columns():
    from keji.kernel.rules.judging import numbers_on as in_force

    for rule in rules().values():
        for since, _, _ in rule.editions:
            assert rule.program(since, in_force(since)).judge_many({}, 0).passed.shape == (0,)
