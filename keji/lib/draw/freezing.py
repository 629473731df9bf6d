"""Freezing: everything decided before chance comes in, in one file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from keji.lib.draw import certificate as proofs
from keji.lib.draw.columns import by_columns, seat_all
from keji.lib.draw.decompose import project
from keji.lib.draw.face import face_of
from keji.lib.draw.feasible import Impossible, examine
from keji.lib.draw.frozen import FORMAT, Frozen, gini_of
from keji.lib.draw.leximin import Leximin, leximin
from keji.lib.draw.lottery import Lottery, balls_for, lottery_of, spread_of
from keji.lib.draw.panels import Herd, first_panel
from keji.lib.draw.pool import DrawError, Expert, Pool, Quota, Request, to_plain
from keji.lib.draw.problem import Floats, Ints, Problem, problem_of
from keji.lib.draw.seed import FEWEST_DIGITS, MOST_DIGITS
from keji.lib.draw.whole import Whole, seated
from keji.lib.merkle import ALGORITHMS

BALLS = 1 << 40  # rounding to balls then costs nobody more than about 1e-12 of a seat
FEWEST_BALLS, MOST_BALLS = 1_000_000, 1 << 42
MISSED = 1e-11  # odds reached up to float noise
BATCHES = (1.75, 0.25, 0.5, 1.0, 1.5, 2.0)  # panels herded before each try to reach the odds, times the experts
CHUNKS = 20  # of the first batch: as often it is told how far it is
MOST_PRICED = 1000  # types; with more, pricing would take hours
SECONDS = 25e-6  # for each expert and seat, as measured with the pools of benchmarks/draw.py

#: Told how much is done of how much; may raise to stop.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Fairest:
    """The fairest lottery and its proof; `level_of`: expert → level."""

    lottery: Lottery
    proof: proofs.Certificate
    level_of: Ints


def freeze(
    pool: Pool,
    request: Request,
    *,
    commitment: str,
    at: str,
    digits: int = FEWEST_DIGITS,
    public: str = "",
    algorithm: str = "sha256",
    balls: int = BALLS,
    progress: Progress = lambda done, total: None,
) -> Frozen:
    """The frozen file: pool with states, request, the fairest lottery with everybody's odds and its proof.

    `commitment`: `commitment_of(nonce)` of the sealed number; `at`: ISO time as text; `digits`: how many digits the
    witness says at least; `public`: which public figure is mixed in, named before it exists, "" for none;
    `algorithm`: sha256 or sm3, what seed and order are derived with (both digests of the file are published anyway);
    `balls`: at least how many balls the lottery has, 10^6 to 2^42; `progress`: see Progress.
    Impossible (with `.finding`) where no panel meets the request; DrawError for a wrong request.
    """
    request.check()
    _check_agreed(commitment, digits, algorithm, balls)
    problem = problem_of(pool, request)
    found = fairest(problem, balls, progress) if problem.experts else None
    if found is None:
        raise Impossible(examine(pool, request))
    places = problem.positions.tolist()
    seats = found.lottery.seats(problem.experts)
    odds = [0] * len(pool.experts)
    for place, n in zip(places, seats, strict=True):
        odds[place] = n
    bounds = proofs.bounds(problem, found.proof, seats, found.lottery.balls)
    data: dict[str, Any] = to_plain(pool, request) | {
        "format": FORMAT,
        "frozen_at": at,
        "seed": {"algorithm": algorithm, "commitment": commitment, "digits": digits, "public": public},
        "lottery": {
            "balls": found.lottery.balls,
            "panels": [[places[i] for i in panel] for panel in found.lottery.panels],
            "weights": found.lottery.weights,
        },
        "odds": odds,
        "certificate": found.proof.plain(problem, len(pool.experts)),
        "fairness": {
            "least": min(seats),
            "most": max(seats),
            "gini": str(gini_of(seats)),
            "bound": str(bounds[0]),
            "proof": found.proof.kind,
            "spread": spread_of(seats, found.level_of),
        },
    }
    return Frozen.of(data)


def warm_up() -> None:
    """Compile, and keep on disk, what the first freeze on a machine would otherwise wait for (some ten seconds)."""
    pool = Pool.of(Expert(f"E{i}", f"U{i // 2}", {"c": "ab"[i % 2]}) for i in range(12))
    fairest(problem_of(pool, Request(3, (Quota("c", "a", 1, 2),))), FEWEST_BALLS)


def _check_agreed(commitment: str, digits: int, algorithm: str, balls: int) -> None:
    if not re.fullmatch("[0-9a-f]{64}", commitment):
        raise DrawError("冻结前要先封存随机数并给出它的摘要（64 位十六进制）。")
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        raise DrawError(f"监督人的数字位数要在 {FEWEST_DIGITS} 至 {MOST_DIGITS} 之间。")
    if algorithm not in ALGORITHMS:
        raise ValueError(f"unknown hash algorithm {algorithm!r}")
    if not FEWEST_BALLS <= balls <= MOST_BALLS:
        raise ValueError("balls are between 10^6 and 2^42")


def seconds_about(experts: int, seats: int) -> float:
    """How long freezing so many experts takes on a machine of today; two or three times that where quotas leave no
    room. Only for telling people."""
    return SECONDS * experts * seats


def fairest(problem: Problem, balls: int = BALLS, progress: Progress = lambda done, total: None) -> Fairest | None:
    """The leximin lottery; None when no panel meets the rules.

    Where its odds are out of reach and there are more than MOST_PRICED types, the nearest lottery found: the gap to
    its proof says by how much.
    """
    relaxed = leximin(problem)
    if relaxed is None:
        return None
    odds = relaxed.odds[problem.type_of]
    rules = face_of(problem, odds)
    start = _start(rules, odds)
    if start is None:  # no panel at all has what these odds ask of every panel
        rules, start = problem, _start(problem, odds)
        if start is None:
            return None
    balls = balls_for(problem, balls)
    panels, chances, reached = _herded(rules, odds, start, progress)
    if not reached and problem.types <= MOST_PRICED:
        return _priced(problem, relaxed, panels, balls, progress)
    level_of = relaxed.level_of[problem.type_of]
    lottery = lottery_of(problem, list(map(tuple, panels.tolist())), chances, level_of, balls)
    return Fairest(lottery, proofs.by_rules(problem, relaxed), level_of)


def _start(problem: Problem, odds: Floats) -> Ints | None:
    """Some right panel; None when there is none."""
    found = first_panel(problem, odds)
    if found is None and (some := Whole(problem).best()):
        found = seated(problem, some[0])
    return found


def _herded(problem: Problem, odds: Floats, start: Ints, progress: Progress) -> tuple[Ints, Floats, bool]:
    """Panels, their chances, and whether these reach the odds."""
    herd, rows = Herd(problem, odds, start), np.zeros((0, problem.size), dtype=np.int64)
    planned, panels, chances = int(BATCHES[0] * problem.experts), rows, np.zeros(0)
    for batch in BATCHES:
        left = max(60, int(batch * problem.experts))
        while left > 0:
            rows = np.concatenate([rows, herd.go(min(left, max(60, planned // CHUNKS)))])
            left -= max(60, planned // CHUNKS)
            progress(min(len(rows), planned), planned)
        panels, counts = np.unique(rows, axis=0, return_counts=True)
        weights, miss = project(panels, counts, odds, np.zeros(problem.experts))
        if miss < MISSED:
            used = weights > 0
            return panels[used], weights[used], True
        chances = _fairer(panels, counts / counts.sum(), weights, problem.experts)
    used = chances > 0
    return panels[used], chances[used], False


def _fairer(panels: Ints, average: Floats, weights: Floats, experts: int) -> Floats:
    """Of the herd's plain average and the weights that missed the odds, those with the larger smallest odds."""
    if not np.isfinite(weights).all() or weights.sum() <= 0:
        return average
    weights = weights / weights.sum()
    least = [
        np.bincount(panels.ravel(), np.repeat(w, panels.shape[1]), minlength=experts).min() for w in (average, weights)
    ]
    return weights if least[1] > least[0] else average


def _priced(problem: Problem, relaxed: Leximin, panels: Ints, balls: int, progress: Progress) -> Fairest:
    """Where the relaxed odds are out of reach: over the panels themselves."""
    columns = np.zeros((len(panels), problem.types), dtype=np.int64)
    np.add.at(columns, (np.arange(len(panels))[:, None], problem.type_of[panels]), 1)
    found = by_columns(problem, sorted(set(map(tuple, columns.tolist()))), progress=progress)
    level_of = found.level_of[problem.type_of]
    seats, chances = seat_all(problem, found)
    lottery = lottery_of(problem, seats, chances, level_of, balls)
    proof = proofs.by_panels(problem, found) if found.proved else proofs.by_rules(problem, relaxed)
    return Fairest(lottery, proof, level_of)
