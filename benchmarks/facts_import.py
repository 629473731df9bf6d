"""How long a workbook of 5,000 firms with forty facts each takes: read, checked, stated, files worked out, logged.

Run: python -m benchmarks.facts_import (in data folders of its own; nothing of the house is touched).
"""

from __future__ import annotations

import io
import resource
from typing import Any

from benchmarks import house

FIRMS, FACTS = 5000, 40


def run() -> None:
    """Print a Markdown table: step, seconds on each database."""
    found: dict[str, dict[str, float]] = {}
    with house.folder() as folder:
        for kind in house.DATABASES:
            with house.database(kind) as url:
                data = folder / f"facts-{kind.lower()}"
                found[kind] = house.ask("benchmarks.facts_import", "measure", data=data, url=url)
    head = f"{FIRMS:,} firms × {FACTS} facts, seconds ({house.machine()})"
    print(f"| {head} | {' | '.join(found)} |\n|---|{'---:|' * len(found)}")
    for step in found["SQLite"]:
        print(f"| {step} | {' | '.join(f'{times[step]:.1f}' for times in found.values())} |")


def measure() -> dict[str, float]:
    """Seconds of each step, in the house this process works in; the most memory it took, in hundreds of MB."""
    from keji.kernel import clock
    from keji.kernel.documents.models import keep
    from keji.kernel.facts.models import FactFile, Statement
    from keji.kernel.jobs.models import Job
    from keji.kernel.parties.models import Party, Region
    from keji.lib.codes import make_uscc, organisation_check
    from keji.modules.enterprises.facts.jobs import run_export, run_import

    now = clock.now()
    region = Region.objects.create(code="341502", level="county", name="金安区", short_name="金安")
    bodies = [f"MA{n:06d}" for n in range(FIRMS)]
    codes = [make_uscc(f"91341502{body}{organisation_check(body)}") for body in bodies]
    Party.objects.bulk_create(
        [Party(uscc=c, name=f"六安{i}实业有限公司", region=region, created_at=now) for i, c in enumerate(codes)],
        batch_size=500,
    )

    def sent(content: bytes, origin: str = "statistics") -> Job:
        params = {"sha256": keep(content).sha256, "name": "资料.xlsx", "unit": "万元", "origin": origin, "accepted": ""}
        return Job.objects.create(kind="facts-import", title="资料", params=params, created_at=now)

    content = workbook(codes)
    found: dict[str, float] = {}
    result: dict[str, Any] = {}
    first = sent(content)
    found["read, checked, stated, logged"] = house.seconds(
        lambda: result.update(run_import(first, lambda *_: None) or {})
    )
    assert result["written"] == FIRMS * FACTS == Statement.objects.count(), result
    assert FactFile.objects.count() == 2 * FIRMS
    second = sent(content)
    found["the same workbook once more: nothing new"] = house.seconds(lambda: run_import(second, lambda *_: None))
    export = Job.objects.create(kind="facts-export", title="导出", params={"unit": "万元"}, created_at=now)
    found["exported in the same shape"] = house.seconds(lambda: run_export(export, lambda *_: None))
    found["most memory, GB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return found


def workbook(codes: list[str]) -> bytes:
    import xlsxwriter

    from keji.kernel import clock
    from keji.lib.rules.vocabulary import Kind, fact
    from keji.modules.enterprises.facts.sheet import columns

    listed = columns("万元", "", clock.today())
    facts = [c for c in listed[3:-1] if c.kind in ("decimal", "integer", "yes_no", "choice")][:FACTS]
    assert len(facts) == FACTS, len(facts)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [c.header for c in (*listed[:3], *facts)])
    large = {"revenue": 9000, "total_income": 9000, "total_cost": 9000, "staff": 900, "rd_depreciation": 90}
    large |= {"part_time_183": 90, "part_time_6m": 90}
    for line, code in enumerate(codes, 1):
        sheet.write_row(line, 0, [code, "", clock.today().year - 1])
        for place, column in enumerate(facts, 3):
            if fact(column.name).kind is Kind.YES_NO:
                sheet.write_string(line, place, "否" if line % 7 else "是")
            elif column.kind == "choice":
                sheet.write_string(line, place, list(column.labels.values())[line % len(column.labels)])
            else:
                sheet.write_number(line, place, large.get(column.name, 8 + (line + place) % 40))
    book.close()
    return out.getvalue()


if __name__ == "__main__":
    run()
