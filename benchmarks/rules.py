"""Two rules of law: one firm with every reason, a province by columns, a city through the database; openfisca beside.

openfisca-core is under the AGPL and no part of this project. KEJI_OPENFISCA names a Python that has it; without, the
comparison is skipped.
"""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import house
from benchmarks.rules_edges import differing

MANY, ROUNDS, CITY, SLICE = 500_000, 5, 100_000, 50_000
ON = date(2024, 12, 10)
NUMBERS = {
    "rnd.outsourced_counted": Fraction(4, 5),
    "hnte.other_share": Fraction(1, 5),
    "deduction.other_share": Fraction(1, 10),
    "deduction.abroad_thirds": Fraction(2),
}


def programs() -> dict[str, Any]:
    from keji.lib.rules.rule import rules
    from keji.modules.enterprises.rungs import hnte, tech_sme

    return {r.code: rules()[r.code].program(ON, NUMBERS) for r in (hnte.HnteRecognition, tech_sme.TechSmeEvaluation)}


def firms(size: int, seed: int = 1) -> dict[str, Any]:
    """{fact: column} of firms as a province has them, whole 万元 and nothing unknown: openfisca knows no unknown."""
    rng = np.random.default_rng(seed)
    base = np.exp(rng.normal(7.6, 1.3, size)).clip(20, 90_000)
    staff = np.maximum(1, base / 60 * rng.uniform(0.4, 2, size))

    def wan(column: Any) -> Any:
        return np.floor(np.maximum(column, 0)) * 10_000.0

    found: dict[str, Any] = {}
    for back, pace in ((3, 0.7), (2, 0.85), (1, 1.0)):
        sales = base * pace * rng.uniform(0.7, 1.3, size)
        found[f"revenue-{back}"] = wan(sales)
        found[f"assets-{back}"] = wan(sales * rng.uniform(0.5, 1.6, size))
        found[f"liabilities-{back}"] = wan(sales * rng.uniform(0.1, 0.9, size))
        found[f"conversions-{back}"] = rng.integers(0, 9, size) * 1.0
        parts = {"staff_cost": 0.03, "materials": 0.015, "depreciation": 0.006, "amortisation": 0.002}
        parts |= {"building_depreciation": 0.001, "design": 0.002, "commissioning": 0.002, "other": 0.01}
        parts |= {"outsourced": 0.006, "outsourced_abroad": 0.002}
        for name, share in parts.items():
            found[f"rd_{name}-{back}"] = wan(sales * share * rng.uniform(0, 2, size) * (rng.random(size) < 0.8))
    found["total_income-1"] = found["revenue-1"] + wan(base * 0.02)
    found["hightech_revenue-1"] = wan(found["revenue-1"] / 10_000 * rng.uniform(0.3, 1, size))
    found["total_cost-1"] = wan(base * rng.uniform(0.6, 1.1, size))
    found["staff-1"] = np.floor(staff) + 1
    found["rnd_staff-1"] = np.floor(staff * rng.uniform(0, 0.5, size))
    for name in ("part_time_183", "part_time_6m", "rnd_part_time_183", "rnd_part_time_6m"):
        found[f"{name}-1"] = rng.integers(0, 4, size) * 1.0
    found["age_days"] = rng.integers(100, 8000, size) * 1.0
    found["operating_years"] = np.minimum(found["age_days"] // 365, 20)
    found |= {
        "class1_ip": rng.poisson(0.8, size) * 1.0,
        "class2_ip": rng.poisson(4, size) * 1.0,
        "class2_ip_used": np.zeros(size),
    }
    for name, most in (("advance", 5), ("support", 5), ("technology_field", 9), ("org_system", 7)):
        found[name] = rng.integers(0, most, size) * 1.0
    for name, most in (("org_institute", 7), ("org_reward", 5), ("org_talent", 5)):
        found[name] = rng.integers(0, most, size) * 1.0
    rare = ("serious_incident", "restricted", "research_dishonesty", "listed_abnormal", "award", "institution")
    for name, share in (*((n, 0.02) for n in rare), ("standard", 0.03), ("hnte", 0.15), ("resident", 0.98)):
        found[name] = (rng.random(size) < share) * 1.0
    found["own_ip"], found["standard_setting"] = (rng.random(size) < 0.7) * 1.0, (rng.random(size) < 0.1) * 1.0
    return found


def middle(values: list[float]) -> float:
    return statistics.median(values)


def one_by_one(ready: dict[str, Any], columns: dict[str, Any]) -> dict[str, float]:
    """CPU µs a firm for both rules: judged with every reason in words, and written out as JSON."""
    cases = [{k: int(c[i]) for k, c in columns.items()} | {"year": 2024} for i in range(400)]
    judged, traced, encode = [], [], json.JSONEncoder(ensure_ascii=False).encode
    for case in cases:
        started = time.process_time()
        verdicts = [program.judge(case) for program in ready.values()]
        judged.append(time.process_time() - started)
        for verdict in verdicts:
            encode(verdict.trace())
        traced.append(time.process_time() - started)
    return {"judged": middle(judged) * 1e6, "traced": middle(traced) * 1e6}


def by_columns(ready: dict[str, Any], columns: dict[str, Any]) -> tuple[float, dict[str, Any]]:
    """CPU seconds for everybody with every shortfall, on one thread as openfisca works, and the findings."""
    times, found = [], {}
    for _ in range(ROUNDS):
        started = time.process_time()
        found = {code: program.judge_many(columns, MANY, threads=1) for code, program in ready.items()}
        times.append(time.process_time() - started)
    return middle(times), found


def stored(ready: dict[str, Any], columns: dict[str, Any], file: Path) -> dict[str, float]:
    """Judge a slice at a time and store outcome, points, and every failed condition with what is short."""
    database = sqlite3.connect(file)
    database.execute("create table outcome (firm integer, rule text, passed integer, low integer, high integer)")
    database.execute("create table failing (firm integer, rule text, condition text, short real)")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, kept = time.perf_counter(), 0
    for start in range(0, MANY, SLICE):
        some = {k: c[start : start + SLICE] for k, c in columns.items()}
        for code, program in ready.items():
            found = program.judge_many(some, SLICE, threads=2)
            firm = range(start, start + SLICE)
            low, high = (c.tolist() for c in found.scores["score"])
            rows = zip(firm, [code] * SLICE, found.passed.tolist(), low, high, strict=True)
            database.executemany("insert into outcome values (?, ?, ?, ?, ?)", rows)
            for i, key in enumerate(found.keys):
                where = np.flatnonzero(found.conditions[i] == 0)
                short = zip(
                    (where + start).tolist(),
                    [code] * len(where),
                    [key] * len(where),
                    found.short[i][where].tolist(),
                    strict=True,
                )
                database.executemany("insert into failing values (?, ?, ?, ?)", short)
                kept += len(where)
        database.commit()
    took = time.perf_counter() - started
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"seconds": took, "failing": kept, "more_mb": more / 1024}


def beside(columns: dict[str, Any], folder: Path) -> dict[str, Any] | None:
    """openfisca's CPU times and answers on the same firms; None where it is not installed."""
    python = os.environ.get("KEJI_OPENFISCA", "")
    if not python:
        return None
    whole = {
        k: c / 10_000 if c.max() >= 10_000 and k.partition("-")[0] not in ("age_days",) else c
        for k, c in columns.items()
    }
    np.savez(folder / "columns.npz", **whole)
    command = [
        python,
        str(Path(__file__).with_name("openfisca_rules.py")),
        str(folder / "columns.npz"),
        str(folder / "answers.npz"),
        str(ROUNDS),
    ]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=folder)
    times = json.loads(done.stdout.splitlines()[-1])
    return {
        "batch": middle(times["batch"]),
        "one": middle(times["one"]) * 1e6,
        "answers": dict(np.load(folder / "answers.npz")),
    }


def city() -> dict[str, float]:
    """100,000 firms with their files in a database: everybody judged by every rung, and again with nothing new."""
    from keji.kernel import clock
    from keji.kernel.facts.models import STANDING, FactFile
    from keji.kernel.parties.models import Party, Region
    from keji.kernel.people.roles import Actor
    from keji.modules.enterprises.verdicts.runs import judge_everybody

    at = clock.now()
    region, _ = Region.objects.get_or_create(code="341502", level="county", name="金安区", short_name="金安")
    year = at.year
    columns = firms(CITY, seed=2)
    rng = np.random.default_rng(3)
    Party.objects.bulk_create(
        [Party(uscc=f"9134{i:014d}", name=f"企业{i}", region=region, created_at=at) for i in range(CITY)],
        batch_size=500,
    )
    pks = list(Party.objects.order_by("pk").values_list("pk", flat=True))
    by_back: dict[int, dict[str, list[int]]] = {}
    for key, column in columns.items():
        name, _, back = key.partition("-")
        by_back.setdefault(int(back or 0), {})[name] = column.astype(int).tolist()
    for back, table in by_back.items():
        names, known = list(table), rng.random((len(table), CITY)) > 0.03
        files = (
            FactFile(
                party_id=pk,
                year=year - back if back else STANDING,
                values={n: table[n][i] for j, n in enumerate(names) if known[j, i]},
                changed_at=at,
            )
            for i, pk in enumerate(pks)
        )
        FactFile.objects.bulk_create(files, batch_size=500)
    found: dict[str, float] = {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in ("first", "nothing new"):
        started, worked = time.perf_counter(), time.process_time()
        run = judge_everybody(name, on=at.date(), actor=Actor.system(), at=at)
        found[name], found[f"{name} cpu"] = time.perf_counter() - started, time.process_time() - worked
        found[f"{name} judged"] = run.judged
    found["more_mb"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return found


def run() -> None:
    """Print Markdown tables."""
    ready, columns = programs(), firms(MANY)
    with tempfile.TemporaryDirectory(prefix="keji-bench-") as made:
        folder = Path(made)
        kept = stored(ready, columns, folder / "found.sqlite3")
        singly = one_by_one(ready, columns)
        took, found = by_columns(ready, columns)
        other = beside(columns, folder)
    print(f"高企 and 科技型中小企业, {house.machine()}\n\n| what | ours | openfisca | ratio |\n|---|---:|---:|---:|")
    one, batch = (other["one"], other["batch"]) if other else (0.0, 0.0)
    rows = [
        ("one firm, every reason in words, CPU µs", singly["judged"], one, 0, "no reasons"),
        ("… and written out as JSON, CPU µs", singly["traced"], one, 0, "no reasons"),
        (f"{MANY:,} firms by columns with every shortfall, CPU s", took, batch, 2, "no shortfalls"),
    ]
    for what, ours, theirs, places, less in rows:
        beside_it = f"{theirs:,.{places}f} ({less}) | {theirs / ours:.1f}×" if other else "not installed | "
        print(f"| {what} | {ours:,.{places}f} | {beside_it} |")
    print(f"| {MANY:,} firms judged and {kept['failing']:,} shortfalls stored, s | {kept['seconds']:.1f} | | |")
    print(f"| … memory beyond the facts, MB | {kept['more_mb']:.0f} | | |")
    if other:
        count = differing(ready, columns, found, other["answers"])
        print(f"\nAnswers in which the two differ: {count:,} of {2 * MANY:,},")
        print("each a firm whose R&D expenses stand on a mark to the 元; as float32 they are a trifle below it.")
    else:
        print("\nKEJI_OPENFISCA names no Python with openfisca-core: the comparison was skipped.")
    with house.folder() as data:
        told = house.ask("benchmarks.rules", "city", data=data / "rules")
    print(f"\n| {CITY:,} firms × 7 rungs through SQLite | s | of it CPU | verdicts |\n|---|---:|---:|---:|")
    for name in ("first", "nothing new"):
        print(f"| {name} | {told[name]:.0f} | {told[f'{name} cpu']:.0f} | {told[f'{name} judged']:,.0f} |")
    print(f"\nMemory beyond the start: {told['more_mb']:.0f} MB.")


if __name__ == "__main__":
    sys.exit(run())
