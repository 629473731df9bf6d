"""The published ASEM example: our levels, treatment and points are those COINr gives."""

import csv

import numpy as np
import pytest

from keji.lib.race.choices import Choices, Gaps, Normalisation
from keji.lib.race.scheme import Treatment
from keji.lib.race.scoring import column_of, score
from keji.lib.race.tables import tables_of
from tests.lib.races import ASEM, asem_data, asem_scheme, table

CLOSE = 1e-9


def whole_numbers():
    """Indicators that need no denominator: the raw file has none, so only these can be followed from the start."""
    with (ASEM / "asem_meta.csv").open(encoding="utf-8") as file:
        return [r["iCode"] for r in csv.DictReader(file) if r["Type"] == "Indicator" and r["Denominator"] == "NA"]


@pytest.fixture(scope="module")
def run():
    return score(asem_scheme(), asem_data())


def test_every_level_and_the_index_are_those_published(run):
    codes, rows = table("aggregated")
    levels = [c for c in codes if c in run.levels["CHN"]]
    assert len(levels) == 11
    for unit, row in rows.items():
        for code in levels:
            assert float(run.levels[unit][code]) == pytest.approx(float(row[codes.index(code)]), abs=CLOSE)


def test_the_places_are_those_published(run):
    printed = {s.unit: (str(s.printed), s.place) for s in run.placings}
    assert [s.unit for s in run.placings[:10]] == "CHE NLD DNK NOR BEL SWE AUT LUX DEU MLT".split()
    assert printed["CHE"] == ("68.38", 1)
    assert [printed[u] for u in ("CHN", "PAK", "RUS")] == [("37.77", 49), ("37.63", 50), ("35.66", 51)]


def test_outliers_are_drawn_in_and_points_given_as_published():
    only = whole_numbers()
    scheme, data = asem_scheme("MINMAX", Treatment(), only), asem_data("raw", only)
    codes, rows = table("norm")
    treated, filed_by_all = 0, 0
    for indicator in scheme.indicators:
        points = column_of(scheme, data, indicator)
        if any(p.points is None for p in points.values()):
            continue  # published after its gaps were filled, so its outliers are others
        filed_by_all += 1
        treated += any("极端值" in p.note for p in points.values())
        for unit, p in points.items():
            published = float(rows[unit][codes.index(indicator.code)])
            assert float(p.points) == pytest.approx(published, abs=CLOSE), (indicator.code, unit)
    assert (filed_by_all, treated) == (20, 2)


def test_the_tables_of_the_replicates_hold_the_same_points():
    scheme, data = asem_scheme("MINMAX", Treatment()), asem_data("raw")
    run = score(scheme, data)
    choices = Choices(
        normalisations=(Normalisation.DECLARED, Normalisation.MINMAX), gaps=(Gaps.DECLARED,),
        treatments=(None, Treatment()),
    )  # fmt: skip
    tables = tables_of(run, choices)
    assert tables.points.shape == (4, 49, 51)
    for other in tables.points[1:]:
        assert np.abs(other - tables.points[0]).max() < CLOSE
