"""How long an official paper takes: a monthly bulletin with tables, a picture and two attachments."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

from keji.lib.paper import fonts
from keji.lib.paper.check import check
from keji.lib.paper.docx import to_docx
from keji.lib.paper.model import Attachment, Column, Paper, Table, Text
from keji.lib.paper.pdf import to_pdf
from tests.lib.papers import bulletin

ROUNDS = 7


def run() -> None:
    """Print a Markdown table of milliseconds: first, middle and slowest of several new papers."""
    found = fonts.find()
    short, whole = Paper("关于工作的通知", body=(Text("推进科技创新工作" * 150),)), bulletin()
    rows = [(f"企业{n}", *range(n, n + 8)) for n in range(1000)]
    ledger = Table([Column(f"列{n}") for n in range(9)], rows)
    big = replace(whole, attachments=(Attachment("台账", (ledger,)),))
    print("| 公文 | 输出 | 首次（毫秒） | 中位（毫秒） | 最慢（毫秒） | 大小（KB） |")
    print("|---|---|---:|---:|---:|---:|")
    for name, paper in (("3页通知", short), ("8页月通报", whole), ("附1000行台账", big)):
        _row(name, "PDF", lambda item: to_pdf(item, found), paper)
        _row(name, "docx", lambda item: to_docx(item, found), paper)
    data = to_docx(whole, found)
    _row("8页月通报", "格式检查", lambda _: (check(data), data)[1], whole)


def _row(name: str, kind: str, work: Callable[[Paper], bytes], paper: Paper) -> None:
    times, size = [], 0
    for number in range(ROUNDS):
        # a new number and title each round: the compiler remembers what it has set before
        fresh = replace(paper, number=f"临科〔2024〕{number + 1}号", title=f"{paper.title[:-2]}（{number + 1}）通报")
        start = time.perf_counter()
        size = len(work(fresh))
        times.append((time.perf_counter() - start) * 1000)
    middle = statistics.median(times)
    print(f"| {name} | {kind} | {times[0]:.0f} | {middle:.0f} | {max(times):.0f} | {size / 1024:.0f} |")


if __name__ == "__main__":
    run()
