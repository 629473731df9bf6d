"""Which number a paper gets: all papers of the house share one series for each mark and year."""

from __future__ import annotations

import re

from keji.kernel.documents.letterhead import letterhead
from keji.kernel.documents.models import Paper
from keji.kernel.records.flow import Refused
from keji.lib.paper.model import PaperError
from keji.lib.paper.number import DocumentNumber


def next_number(year: int) -> str:
    """六科通〔2024〕11号: one more than the highest of the year."""
    mark = letterhead().mark
    given = Paper.objects.filter(number__startswith=f"{mark}〔{year}〕").values_list("number", flat=True)
    serials = [int(found[1]) for number in given if (found := re.search(r"〕(\d+)号$", number))]
    return str(DocumentNumber(mark, year, max(serials, default=0) + 1))


def sample_number(year: int) -> str:
    """What a draft is set with, so that it is checked as it would look with a number."""
    return str(DocumentNumber(letterhead().mark, year, 1))


def official_number(typed: str, *, year: int = 0) -> str:
    """A number as typed, in its standard form. Refused when it is none, of another year (0: any), or used already."""
    try:
        found = DocumentNumber.parse(typed)
    except PaperError as problem:
        raise Refused(str(problem).rstrip("。")) from None
    if year and found.year != year:
        raise Refused(f"发文字号的年份应为 {year}，不是 {found.year}")
    if Paper.objects.filter(number=str(found)).exists():
        raise Refused(f"发文字号{found}已经用过，请换一个")
    return str(found)


def grouped(digest: str) -> str:
    """Eight figures at a time: a digest on paper is compared by eye, and breaks where a line ends."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))
