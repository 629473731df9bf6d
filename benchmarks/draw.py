"""The expert draw: the fairest lottery with its proof, and drawing from it; sortition-algorithms beside.

sortition-algorithms is under the GPL and no part of this project. KEJI_SORTITION names a Python that has it; without,
the comparison is skipped. KEJI_SORTITION_MOST (1,000) is the largest pool it is given: 2,000 take it nine minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import house
from keji.lib.draw import Expert, Frozen, Pool, Quota, Request, Shares, commitment_of, draw, freeze
from keji.lib.draw.verify_draw import verify

NONCE = "5e" * 32
#: Experts and seats, the small ones three times with other people.
CASES = ((300, 15, 1), (300, 15, 2), (300, 15, 3), (1000, 15, 1), (300, 30, 1), (1000, 45, 1))
ALONE = ((2000, 15, 1), (5000, 15, 1), (20000, 15, 1), (20000, 45, 1))
#: Quotas with no room, and none: both once did not end within ten minutes.
EDGES = ((300, 15, 1), (1000, 15, 1), (20000, 15, 1))
DISCIPLINES, REGIONS = 12, ("本市", "省内", "省外")


def shares(count: int, power: float) -> np.ndarray:
    weights = 1.0 / np.arange(1, count + 1) ** power
    return weights / weights.sum()


def city(experts: int, seed: int, seats: int = 15) -> tuple[Pool, Request]:
    """A pool as a province's library might be, and a request with fifteen quotas over five categories."""
    rng = np.random.default_rng(seed)
    employers = max(1, experts // 8)
    of_region = rng.choice(3, size=employers, p=(0.45, 0.35, 0.20))
    employer = rng.choice(employers, size=experts, p=shares(employers, 0.8))
    discipline = rng.choice(DISCIPLINES, size=experts, p=shares(DISCIPLINES, 0.7))
    role = rng.choice(("技术", "管理", "财务"), size=experts, p=(0.72, 0.18, 0.10))
    gender = rng.choice(("男", "女"), size=experts, p=(0.74, 0.26))
    title = rng.choice(("正高", "副高", "其他"), size=experts, p=(0.45, 0.40, 0.15))
    pool = Pool.of(
        Expert(
            id=f"E{i:05d}",
            employer=f"U{employer[i]:04d}",
            features={
                "学科": f"D{discipline[i]:02d}",
                "类型": str(role[i]),
                "地区": REGIONS[of_region[employer[i]]],
                "性别": str(gender[i]),
                "职称": str(title[i]),
            },
        )
        for i in range(experts)
    )
    return pool, request(seats)


def request(seats: int) -> Request:
    """The quotas at fifteen seats, in proportion for more."""
    times = seats // 15
    of_discipline = [(5, 7), (2, 4), (1, 3)] + [(0, 2)] * (DISCIPLINES - 3)
    bounds = {("学科", f"D{i:02d}"): pair for i, pair in enumerate(of_discipline)}
    bounds |= {("类型", "技术"): (9, 11), ("类型", "管理"): (2, 3), ("类型", "财务"): (2, 3)}
    bounds |= {("地区", "本市"): (4, 6), ("地区", "省内"): (5, 7), ("地区", "省外"): (3, 5)}
    bounds |= {("性别", "男"): (9, 12), ("性别", "女"): (3, 6)}
    bounds |= {("职称", "正高"): (6, 10), ("职称", "副高"): (4, 8), ("职称", "其他"): (0, 2)}
    quotas = tuple(Quota(c, v, low * times, high * times) for (c, v), (low, high) in bounds.items())
    return Request(seats, quotas, employer_cap=1, substitutes=seats, even_allowed=True)


def tight(experts: int, seed: int, seats: int = 15) -> tuple[Pool, Request]:
    """The same people, all but the fields an exact number: hardly a single swap of members keeps that."""
    pool, asked = city(experts, seed, seats)
    quotas = []
    for category in sorted({q.category for q in asked.quotas}):
        rows = [q for q in asked.quotas if q.category == category]
        if category == "学科":
            quotas += rows
            continue
        seated = [q.least for q in rows]
        for i in sorted(range(len(rows)), key=lambda i: rows[i].least - rows[i].most):
            seated[i] += min(rows[i].most - rows[i].least, seats - sum(seated))
        quotas += [replace(q, least=n, most=n) for q, n in zip(rows, seated, strict=True)]
    return pool, replace(asked, quotas=tuple(quotas))


def free(experts: int, seed: int, seats: int = 15) -> tuple[Pool, Request]:
    """The same people with no quota at all, one of an employer."""
    pool, asked = city(experts, seed, seats)
    return pool, replace(asked, quotas=())


def ours(pool: Pool, request: Request) -> tuple[dict[str, float], Frozen]:
    """Seconds and CPU seconds for the whole file, for the draw, for the verifier; and the file."""
    times = {}
    started, used = time.perf_counter(), time.process_time()
    frozen = freeze(pool, request, commitment=commitment_of(NONCE), at="2026-11-20T09:00:00+08:00")
    times["seconds"], times["cpu"] = time.perf_counter() - started, time.process_time() - used
    ready = Frozen(frozen.content)
    _ = ready.pool, ready.sha256, ready.sm3
    started = time.perf_counter()
    outcome = draw(ready, Shares(NONCE, "483920"))
    times["draw"] = time.perf_counter() - started
    started = time.perf_counter()
    found = verify(frozen.content, outcome.content)
    times["verify"] = time.perf_counter() - started
    wrong = [told for _, right, told in found if not right]
    if wrong:
        raise AssertionError(wrong)
    return times, frozen


def theirs(pool: Pool, request: Request, folder: Path) -> dict[str, Any] | None:
    """sortition-algorithms' maximin on the same people and quotas; None where it is not installed."""
    python = os.environ.get("KEJI_SORTITION", "")
    if not python or len(pool.experts) > int(os.environ.get("KEJI_SORTITION_MOST", "1000")):
        return None
    case = {
        "size": request.size,
        "quotas": [(q.category, q.value, q.least, q.most) for q in request.quotas],
        "people": [{"id": e.id, "employer": e.employer, **e.features} for e in pool.experts],
    }
    file = folder / "case.json"
    file.write_text(json.dumps(case), encoding="utf-8")
    command = [python, str(Path(__file__).with_name("sortition_draw.py")), str(file)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder)
    return json.loads(done.stdout.splitlines()[-1])


def gini(values: list[float]) -> float:
    n = len(values)
    ranked = sum((2 * i - n + 1) * v for i, v in enumerate(sorted(values)))
    return ranked / (n * sum(values))


def dominated(ours_: list[float], theirs_: list[float]) -> bool:
    """Is our sorted vector of odds leximin-better or equal, up to their own tolerance-free sums?"""
    for a, b in zip(sorted(ours_), sorted(theirs_), strict=True):
        if abs(a - b) > 1e-9:
            return a > b
    return True


def run() -> None:
    """Print a Markdown table."""
    freeze(*city(300, 9), commitment=commitment_of(NONCE), at="x")  # compiled code is loaded once a process
    print(f"CPU seconds, which a busy machine changes less than seconds on the clock ({house.machine()})\n")
    print(
        "| experts, seats | ours CPU s | theirs CPU s | ratio | smallest odds ours / theirs | Gini ours / theirs |",
        end="",
    )
    print(" gap to the proof | panels | file MB | draw ms | verify s |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="keji-bench-") as made:
        for experts, seats, seed in (*CASES, *ALONE):
            pool, request = city(experts, seed, seats)
            times, frozen = ours(pool, request)
            print(row(f"{experts:,}, {seats}", times, frozen, theirs(pool, request, Path(made))), flush=True)
        for experts, seats, seed in EDGES:
            for said, people in (("exact quotas", tight), ("no quotas", free)):
                pool, request = people(experts, seed, seats)
                times, frozen = ours(pool, request)
                other = theirs(pool, request, Path(made)) if request.quotas else None  # theirs asks for quotas
                print(row(f"{experts:,}, {seats}, {said}", times, frozen, other), flush=True)


def row(said: str, times: dict[str, float], frozen: Frozen, other: dict[str, Any] | None) -> str:
    fair = frozen.fairness
    least, unequal = float(fair.least_odds), float(fair.gini)
    beside = ["", "", f"{least:.6f}", f"{unequal:.3f}"]
    if other:
        values = list(other["odds"].values())
        better = dominated([float(o) for o in frozen.odds().values()], values)
        beside = [
            f"{other['cpu']:.1f}",
            f"{other['cpu'] / times['cpu']:.0f}×",
            f"{least:.6f} / {min(values):.6f}{'' if better else ' (theirs better)'}",
            f"{unequal:.3f} / {gini(values):.3f}",
        ]
    gap = max(Fraction(0), fair.gap)
    cells = [said, f"{times['cpu']:.2f}", *beside, f"{float(gap):.0e}", f"{len(frozen.panels):,}"]
    cells += [f"{len(frozen.content) / 1e6:.1f}", f"{times['draw'] * 1e3:.0f}", f"{times['verify']:.1f}"]
    return "| " + " | ".join(cells) + " |"
