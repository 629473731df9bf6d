"""Where openfisca-core answers otherwise: firms whose R&D expenses stand exactly on a mark of the law.

It keeps what a variable comes to as float32. Expenses that are 4% of sales to the 元 are then often a trifle less than
4%, and the firm is refused. Each answer that differs is shown here to be such a case, in exact numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from keji.lib.rnd_expense import deduction_total, hnte_total
from keji.lib.rules.formula import Share, formula
from keji.lib.rules.law import Condition
from keji.lib.rules.rule import Program, code_of
from keji.lib.rules.scores import Banded
from keji.modules.enterprises.rungs.common import items

Case = Mapping[str, int]
SPENT = "rd_staff_cost-1"  # a share that needs it is a share of R&D expenses


def differing(
    ready: Mapping[str, Program], columns: Mapping[str, Any], found: Mapping[str, Any], answers: Mapping[str, Any]
) -> int:
    """How many answers differ: the outcome of both rules and both ends of the points.

    Raises AssertionError for one that differs for another reason than expenses that float32 rounds below their mark.
    """
    low, high = found["hnte"].scores["score"]
    wrong = {code: found[code].passed != answers[code] for code in ready}
    wrong["hnte"] |= (low != answers["hnte_low"]) | (high != answers["hnte_high"])
    for code, rows in wrong.items():
        for row in np.flatnonzero(rows):
            case = {k: int(c[row]) for k, c in columns.items()}
            assert found[code].passed[row] == code_of(ready[code].judge(case).passed)
            assert answers[code][row] < found[code].passed[row], "openfisca is the one that refuses"
            assert any(_at(share, mark, case) for share, mark in _marks(ready[code].clauses)), "a mark is met exactly"
            assert _rounded_down(code, case), "its expenses are less as float32"
    return int(sum(rows.sum() for rows in wrong.values()))


def _marks(clauses: Any) -> Iterator[tuple[Share, Any]]:
    """Every share of R&D expenses in a rule with every mark it is held against, in conditions and in bands."""
    for clause in clauses:
        if isinstance(clause, Condition | Banded) and isinstance(clause.value, Share) and SPENT in clause.needs():
            marks = [band.edge for band in clause.rows] if isinstance(clause, Banded) else [clause.mark]
            yield from ((clause.value, mark) for mark in marks)
        for name in ("parts", "scores", "ways"):
            yield from _marks(getattr(clause, name, ()))


def _at(share: Share, mark: Any, case: Case) -> bool:
    held = formula(mark)
    return Fraction(*share.one()(case)) == Fraction(held.one()(case), held.scale)


@dataclass(frozen=True)
class Spent:
    """The items of a case in 万元, reached as the law reaches them."""

    case: Case

    def back(self, name: str, years: int) -> Fraction:
        return Fraction(self.case[f"{name}-{years}"], 10_000)


def _rounded_down(code: str, case: Case) -> bool:
    """Do its expenses, a year's total kept as float32, add up to less than they are?"""
    total, years = (hnte_total, min(case["operating_years"], 3)) if code == "hnte" else (deduction_total, 1)
    exact = [total(items(Spent(case), back)) for back in range(years, 0, -1)]  # type: ignore[arg-type]
    return sum(Fraction(float(np.float32(float(year)))) for year in exact) < sum(exact)
