"""How long a county waits for a sheet of 10,000 certifications: read, checked, written, logged.

Run: python -m benchmarks.excel_import (in data folders of its own; nothing of the house is touched).
"""

from __future__ import annotations

import io
from datetime import date

from benchmarks import house

ROWS = 10_000


def run() -> None:
    """Print a Markdown table: step, seconds on each database."""
    found: dict[str, dict[str, float]] = {}
    with house.folder() as folder:
        for kind in house.DATABASES:
            with house.database(kind) as url:
                data = folder / f"sheet-{kind.lower()}"
                found[kind] = house.ask("benchmarks.excel_import", "measure", data=data, url=url)
    print(f"| {ROWS:,} rows, seconds ({house.machine()}) | {' | '.join(found)} |\n|---|{'---:|' * len(found)}")
    for step in found["SQLite"]:
        print(f"| {step} | {' | '.join(f'{times[step]:.1f}' for times in found.values())} |")


def measure() -> dict[str, float]:
    """Seconds of each step, in the house this process works in."""
    import openpyxl

    from keji.desk.desk import desks
    from keji.desk.uploads import run_upload, submit_quietly
    from keji.kernel import clock
    from keji.kernel.documents.models import keep
    from keji.kernel.parties.models import Region
    from keji.kernel.people.roles import Actor
    from keji.modules.enterprises.api import Certification, confirm_in_bulk, create_parties

    system, now = Actor.system(), clock.now()
    region = Region.objects.create(code="341502", level="county", name="金安区", short_name="金安")
    codes = valid_codes()
    firms = [
        {"uscc": c, "name": f"六安{i * 7919:08x}实业有限公司", "kind": "enterprise", "region": region}
        for i, c in enumerate(codes)
    ]
    found = {"firms put on file, look-alikes searched": house.seconds(
        lambda: create_parties(firms, actor=system, at=now, source="import")
    )}  # fmt: skip
    content = workbook(codes)
    job = submit_quietly(desks()["certifications"], system, "高企.xlsx", keep(content))
    result: dict[str, object] = {}
    found["sheet of certifications: read, checked, written, logged"] = house.seconds(
        lambda: result.update(run_upload(job, lambda *_: None) or {})
    )
    assert result["written"] == ROWS, result
    ids = list(Certification.objects.values_list("pk", flat=True))
    found["all of them confirmed"] = house.seconds(lambda: confirm_in_bulk(ids, actor=system, at=now))
    found["openpyxl only reading the same sheet"] = house.seconds(
        lambda: list(openpyxl.load_workbook(io.BytesIO(content), read_only=True).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    )
    return found


def valid_codes() -> list[str]:
    from keji.lib.codes import make_uscc, organisation_check

    bodies = [f"MA{n:06d}" for n in range(ROWS)]
    return [make_uscc(f"91341502{body}{organisation_check(body)}") for body in bodies]


def workbook(codes: list[str]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet, style = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["统一社会信用代码", "资质类型", "证书（登记）编号", "发证（入库）日期", "批次"])
    for i, code in enumerate(codes, 1):
        sheet.write_row(i, 0, [code, "高新技术企业", f"GR202434{i:06d}"])
        sheet.write_datetime(i, 3, date(2024, 10, 29), style)  # type: ignore[arg-type]
        sheet.write(i, 4, "2024年第一批")
    book.close()
    return out.getvalue()


if __name__ == "__main__":
    run()
