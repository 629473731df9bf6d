"""A race run thousands of times: pymcdm beside in the same run, COINr beside or its figure measured elsewhere.

KEJI_PYMCDM names a Python that has pymcdm (MIT); without, the comparison is skipped. COINr (MIT) is an R package: where
`Rscript` has it, its `Regen` of the same ASEM example is timed in the same run; where not, the figure once measured on
an idle core is printed and said to be that. Neither is a dependency of this project.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks import house
from keji.lib.race.choices import Averages, Choices, Gaps, Normalisation
from keji.lib.race.replicates import Draws, blocks, replicate, simulated
from keji.lib.race.run import Run
from keji.lib.race.scheme import Data, Missing, Scheme, Treatment
from keji.lib.race.scoring import score
from keji.lib.race.sensitivity import sensitivity
from keji.lib.race.tables import tables_of
from tests.lib.races import asem_data, asem_scheme, data, indicator, scheme

COUNT, FEWER, ROUNDS = 10_000, 1_000, 5
COINR_SECONDS = 0.106  # a replicate of COINr 1.1.14's uncertainty analysis on ASEM, measured on an idle core elsewhere
COINR = """
suppressMessages(library(COINr)); coin <- build_example_coin(quietly = TRUE)
cat(system.time(for (i in 1:20) coin <- Regen(coin, quietly = TRUE))[["elapsed"]] / 20)
"""
WHOLE_CHAIN = Choices(
    treatments=tuple(Treatment(most=most) for most in range(1, 6)),
    normalisations=(Normalisation.MINMAX, Normalisation.PERCENTILE, Normalisation.ZSCORE),
    averages=(Averages.ARITHMETIC, Averages.GEOMETRIC),
)


def race(units: int, indicators: int, gaps: float = 0.0) -> tuple[Scheme, Data]:
    """A race of that size, figures of two decimals, a share of them missing."""
    rng = np.random.default_rng(units + indicators)
    values = np.round(np.exp(rng.normal(2, 1, (units, indicators))), 2)
    missing = rng.random((units, indicators)) < gaps
    codes = [f"x{i}" for i in range(indicators)]
    rows = {
        f"U{u:04d}": [None if missing[u, i] else str(values[u, i]) for i in range(indicators)] for u in range(units)
    }
    policy = Missing.SHARED if gaps else Missing.NOTHING
    return scheme(*(indicator(c, missing=policy) for c in codes), whole=None), data(rows, codes)


def middle(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    return median(house.seconds(work) for _ in range(rounds))


def sizes() -> None:
    """Exact scoring, and 10,000 replicates over weights, scoring, aggregation and gaps."""
    print(
        f"| units × indicators | missing | scored exactly, s | {COUNT:,} replicates, s | µs a replicate | memory, MB |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    for units, indicators, gaps in ((8, 12, 0.0), (8, 12, 0.05), (100, 30, 0.03), (2_900, 30, 0.02)):
        given = race(units, indicators, gaps)
        started = time.perf_counter()
        run = score(*given)
        scored = time.perf_counter() - started
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        took = middle(lambda run=run: replicate(run, count=COUNT), 1 if units > 1_000 else ROUNDS)  # type: ignore[misc]
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        each = took / COUNT * 1e6
        print(
            f"| {units:,} × {indicators} | {gaps:.0%} | {scored:.3f} | {took:.3f} | {each:.1f} | {more:.0f} |",
            flush=True,
        )


def beside_pymcdm() -> None:
    """100 × 30, min–max, arithmetic and geometric: the same weights in both, places compared."""
    run = score(*race(100, 30))
    plain = Choices(
        normalisations=(Normalisation.MINMAX,),
        averages=(Averages.ARITHMETIC, Averages.GEOMETRIC),
        gaps=(Gaps.DECLARED,),
    )
    tables = tables_of(run, plain)
    drawn = list(blocks(tables, plain, FEWER, 1))
    matrix = np.array(
        [[float(run.data.figure(u, i.code).value or 0) for i in run.scheme.indicators] for u in tables.units]
    )
    weights = np.concatenate([b.weights for b in drawn])
    geometric = np.concatenate([b.how for b in drawn]) == 2

    def ours() -> None:
        replicate(run, plain, count=FEWER)

    python = os.environ.get("KEJI_PYMCDM", "")
    if not python:
        print(f"\n100 × 30, {FEWER:,} replicates: {middle(ours) / FEWER * 1e6:.1f} µs a replicate.")
        print("KEJI_PYMCDM names no Python with pymcdm: the comparison was skipped.")
        return
    with tempfile.TemporaryDirectory(prefix="keji-bench-") as made:
        given, answers = Path(made) / "given.npz", Path(made) / "answers.npz"
        np.savez(given, matrix=matrix, types=np.ones(matrix.shape[1]), weights=weights, geometric=geometric)
        times: list[float] = []
        mine: list[float] = []
        for _ in range(3):  # in turn, so that both meet the machine in the same mood
            mine.append(middle(ours, 3) / FEWER)
            command = [python, str(Path(__file__).with_name("pymcdm_race.py")), str(given), str(answers), "1"]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
            times += json.loads(done.stdout.splitlines()[-1])["replicate"]
        theirs = np.load(answers)["counts"]
    same = differing(run, plain, weights[~geometric], theirs)
    a, b = median(mine) * 1e6, median(times) * 1e6
    print(f"\n| 100 × 30, {FEWER:,} replicates | ours, µs | pymcdm, µs | ratio |\n|---|---:|---:|---:|")
    print(f"| min–max, weighted sum or product, places | {a:.1f} | {b:,.0f} | {b / a:.0f}× |")
    print(f"\nPlaces in the {int((~geometric).sum()):,} weighted sums that differ: {same:,} of {theirs.sum():,}.")


def differing(run: Run, choices: Choices, weights: Any, theirs: Any) -> int:
    """How many places of the arithmetic replicates are not pymcdm's."""
    none = np.zeros(len(weights), np.int64)
    draws = Draws(none, none + 1, weights, np.zeros((len(weights), 0), np.int64))
    counts = simulated(tables_of(run, choices), iter([draws]))[0]
    return int(np.abs(counts - theirs).sum() // 2)


def beside_coinr() -> None:
    """The ASEM example, 51 × 49 with gaps: outliers treated, scored, eight pillars, two halves, one index."""
    given = asem_scheme("MINMAX", Treatment()), asem_data("raw")
    scored = middle(lambda: score(*given), 3)
    asem = score(*given)
    took = middle(lambda: replicate(asem, WHOLE_CHAIN, count=COUNT))
    sobol = middle(lambda: sensitivity(asem, WHOLE_CHAIN, points=1024), 3)
    theirs, where = coinr()
    each = took / COUNT
    print("\n| ASEM, 51 × 49 | ours | COINr | ratio |\n|---|---:|---:|---:|")
    print(
        f"| whole chain, µs a replicate of {COUNT:,} | {each * 1e6:.0f} | {theirs * 1e6:,.0f} | {theirs / each:,.0f}× |"
    )
    print(f"| scored once, exactly, every step kept, s | {scored:.3f} | {theirs:.3f} | {theirs / scored:.1f}× |")
    print(f"| sensitivity, 5 factors, 7,168 replicates, s | {sobol:.2f} | | |")
    print(f"\nCOINr: {where}.")


def coinr() -> tuple[float, str]:
    """(seconds a replicate, where that was measured)."""
    if shutil.which("Rscript"):
        done = subprocess.run(["Rscript", "-e", COINR], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if done.returncode == 0:
            return float(done.stdout), "`Regen` on this machine, in this run"
    return COINR_SECONDS, "not here; the figure was measured on an idle core elsewhere, so the ratio is not of one run"


def run() -> None:
    """Print Markdown tables."""
    replicate(score(*race(8, 12, 0.05)), count=10)  # compiled before anything is timed
    print(f"{house.machine()}, load {os.getloadavg()[0]:.1f}\n")
    sizes()
    beside_pymcdm()
    beside_coinr()


if __name__ == "__main__":
    sys.exit(run())
