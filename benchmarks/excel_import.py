"""How long a county waits for a sheet of 10,000 certifications: read, checked, written, logged.

Run: python -m benchmarks.excel_import (in a data folder of its own; nothing of the house is touched).
"""

from __future__ import annotations

import io
import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from typing import Any

ROWS = 10_000


def run() -> None:
    """Print a Markdown table: step, seconds."""
    with tempfile.TemporaryDirectory(prefix="keji-bench-") as folder:
        os.environ["KEJI_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keji.site.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        steps = measure()
    print(f"| 步骤（{ROWS:,} 行，{steps.pop('database')}） | 秒 |\n|---|---:|")
    for step, seconds in steps.items():
        print(f"| {step} | {seconds:.1f} |")


def measure() -> dict[str, Any]:
    from django.db import connection

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
    found: dict[str, Any] = {"database": connection.vendor}
    firms = [
        {"uscc": c, "name": f"六安{i * 7919:08x}实业有限公司", "kind": "enterprise", "region": region}
        for i, c in enumerate(codes)
    ]
    found["企业建档（含疑似重复比对）"] = timed(lambda: create_parties(firms, actor=system, at=now, source="import"))
    content = workbook(codes)
    job = submit_quietly(desks()["certifications"], system, "高企.xlsx", keep(content))
    found["上传科技资质：读取、核对、写入、留痕"] = timed(lambda: run_upload(job, lambda *_: None))
    ids = list(Certification.objects.values_list("pk", flat=True))
    found["全部确认"] = timed(lambda: confirm_in_bulk(ids, actor=system, at=now))
    return found


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


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
