"""Races the tests score: the seven counties of the worked example, small ones made by hand, the ASEM example."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from keji.lib.race.scheme import (
    Data,
    Direction,
    Figure,
    Indicator,
    Level,
    Scheme,
    Treatment,
    Unit,
    exact,
)

ASEM = Path(__file__).resolve().parents[1] / "data/asem"
WEIGHTS = {"rd": "0.30", "fiscal": "0.15", "fiscal_growth": "0.15", "loans": "0.15", "value_added": "0.25"}
TITLES = dict(
    zip(WEIGHTS, ("研发经费增速", "财政科技投入", "财政科技投入增速", "科技贷款增速", "增加值增速"), strict=True)
)
COUNTIES = {
    "金安": ("18.2", "3.20", "12.0", "22.0", "9.5"),
    "裕安": ("12.5", "2.85", "-4.5", "18.5", "11.2"),
    "叶集": ("25.0", "0.96", "30.0", "15.0", "14.8"),
    "霍邱": ("9.8", "3.60", "8.0", "28.0", "7.3"),
    "舒城": ("15.0", "2.40", "16.0", "20.0", "10.0"),
    "金寨": ("12.5", "2.10", "5.5", "16.0", "6.1"),
    "霍山": ("20.4", "1.88", "10.2", "25.5", "12.4"),
}


def indicator(code="x", function="MINMAX", weight=1, **more):
    """`weight` and parameters may be given as text; `parameters` of the function as p_name=…"""
    own = {k[2:]: exact(v) for k, v in more.items() if k.startswith("p_")}
    rest = {k: v for k, v in more.items() if not k.startswith("p_")}
    return Indicator(code, rest.pop("title", code), weight=exact(weight), function=function, parameters=own, **rest)


def scheme(*parts, **more):
    level = {k: more.pop(k) for k in ("aggregation", "whole") if k in more}
    return Scheme("race", "赛马", "2024年版", Level("total", "总分", parts, **level), **more)


def counties_scheme(function="MINMAX", level=None, **more):
    parts = (indicator(c, function, w, title=TITLES[c], **more) for c, w in WEIGHTS.items())
    return scheme(*parts, **(level or {}))


def data(rows, codes, groups=None, **more):
    """`rows`: {unit: (figure as text, Figure or None, …)} in the order of `codes`."""

    def figure(value):
        return value if isinstance(value, Figure) else Figure(None if value is None else exact(value))

    units = tuple(Unit(u, u, (groups or {}).get(u, "")) for u in rows)
    figures = {u: {c: figure(v) for c, v in zip(codes, row, strict=True)} for u, row in rows.items()}
    return Data(more.pop("version", "v1"), more.pop("period", "2024年一季度"), units, figures, **more)


def counties_data(**changed):
    return data(COUNTIES | changed, tuple(WEIGHTS))


def column(values, function="MINMAX", **more):
    """One indicator scored: (scheme, data) of units A, B, C …"""
    rows = {chr(65 + i): (v,) for i, v in enumerate(values)}
    return scheme(indicator("x", function, **more)), data(rows, ("x",))


def table(name):
    """(codes, {unit: row of texts}) of one ASEM file."""
    with (ASEM / f"asem_{name}.csv").open(encoding="utf-8") as file:
        head, *rows = list(csv.reader(file))
    return head[1:], {row[0]: row[1:] for row in rows}


def asem_scheme(function="AS_IS", treatment=None, only=None):
    """The ASEM tree: eight pillars, two halves, one index, all weights alike. `only`: these indicators alone."""
    with (ASEM / "asem_meta.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Type"] in ("Indicator", "Aggregate")]

    def part(row):
        if row["Type"] == "Indicator":
            way = Direction.LESS if row["Direction"] == "-1" and function != "AS_IS" else Direction.MORE
            return Indicator(
                row["iCode"], row["iName"], weight=Fraction(row["Weight"]), direction=way, function=function,
                treatment=treatment,
            )  # fmt: skip
        below = tuple(p for r in rows if r["Parent"] == row["iCode"] and (p := part(r)) is not None)
        return Level(row["iCode"], row["iName"], below, Fraction(row["Weight"]), whole=None) if below else None

    if only is not None:
        rows = [row for row in rows if row["Type"] == "Aggregate" or row["iCode"] in only]
    return Scheme("asem", "ASEM", "2018", part(next(r for r in rows if r["iCode"] == "Index")))


def asem_data(name="norm", only=None):
    codes, rows = table(name)
    kept = [i for i, c in enumerate(codes) if only is None or c in only]
    given = {u: tuple(None if row[i] == "NA" else Decimal(row[i]) for i in kept) for u, row in rows.items()}
    return data(given, [codes[i] for i in kept], version="COINr 1.1.14")


def treatment(**more):
    return Treatment(**more)
