"""From a bulletin's kept content to the paper that is set, checked and stored."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from keji.kernel.documents.fonts import house_fonts
from keji.kernel.documents.letterhead import letterhead
from keji.kernel.documents.models import Paper
from keji.lib.figures import plain_date
from keji.lib.paper import model as set_as
from keji.lib.paper.check import check
from keji.lib.paper.docx import to_docx
from keji.lib.paper.pdf import to_pdf


def as_paper(paper: Paper, *, number: str = "", issued_on: date | None = None) -> set_as.Paper:
    """The paper as plain values. `number` and `issued_on` are those it is about to be given."""
    content, head = paper.content, letterhead()
    day = issued_on or paper.issued_on
    return set_as.Paper(
        title=paper.title,
        issuer_mark=f"{head.issuer}文件",
        number=number or paper.number,
        addressee=content.get("addressee", ""),
        body=set_as.numbered([block for raw in content["blocks"] for block in _block(raw)]),
        signer=head.issuer,
        issued_on=day,
        copies_to=content.get("copies_to", ""),
        printed_by=head.office,
        printed_on=day,
        footnotes=tuple(footnotes(paper)),
    )


def footnotes(paper: Paper) -> list[str]:
    """What lets anybody prove the figures later: version and digest of the data, roots of the log."""
    content = paper.content
    lines = [f"数据版本：{content['data_version']}。数据摘要（SHA-256）：{grouped(paper.data_digest)}。"]
    if roots := content.get("roots"):
        pair = f"SHA-256 {grouped(roots['sha256'])}；SM3 {grouped(roots['sm3'])}"
        lines.append(f"操作记录前{roots['size']}条的根值：{pair}。")
    return lines


def grouped(digest: str) -> str:
    """Eight figures at a time: a digest on paper is compared by eye, and breaks where a line ends."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


def _block(raw: dict[str, Any]) -> list[set_as.Block]:
    match raw["kind"]:
        case "heading":
            return [set_as.Heading(raw["level"], raw["text"])]
        case "text":
            return [set_as.Text(raw["text"])] if raw["text"] else []
        case "note":
            return [set_as.Note(raw["text"])]
        case "table":
            columns = [
                set_as.Column(c["title"], align=c["align"], unit=c["unit"], width=c["width"]) for c in raw["columns"]
            ]
            numeric = [c["numeric"] for c in raw["columns"]]
            rows = [[_cell(v, n) for v, n in zip(row, numeric, strict=True)] for row in raw["rows"]]
            return [set_as.Table(columns, rows, caption=raw["caption"], note=raw["note"])]
    raise ValueError(raw["kind"])


def _cell(value: str | None, numeric: bool) -> set_as.Value:
    if value is None or not numeric:
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        return value


def word_file(paper: Paper, **given: Any) -> bytes:
    return to_docx(as_paper(paper, **given), house_fonts())


def pdf_file(paper: Paper, **given: Any) -> bytes:
    return to_pdf(as_paper(paper, **given), house_fonts())


def findings(word: bytes) -> list[dict[str, str]]:
    """What the format checker says of the Word file, as the pages list it."""
    return [{"where": f.where, "rule": f.rule, "message": f.message, "severity": f.severity} for f in check(word)]


def file_name(paper: Paper, suffix: str) -> str:
    """六科通〔2024〕11号 关于….docx; a draft says so."""
    head = f"{paper.number} " if paper.number else "（草稿）"
    day = f"（{plain_date(paper.issued_on)}印发）" if paper.issued_on else ""
    return f"{head}{paper.title}{day}.{suffix}"
