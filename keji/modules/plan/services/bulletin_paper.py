"""From a bulletin's kept content to the paper that is set, checked and stored."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from keji.kernel.documents.bulletins import roots_note
from keji.kernel.documents.letters import framed
from keji.kernel.documents.models import Paper
from keji.kernel.documents.numbering import grouped
from keji.lib.paper import model as set_as


def as_paper(paper: Paper) -> set_as.Paper:
    """The paper as plain values."""
    content = paper.content
    return framed(
        paper,
        addressee=content.get("addressee", ""),
        body=set_as.numbered([block for raw in content["blocks"] for block in _block(raw)]),
        copies_to=content.get("copies_to", ""),
        footnotes=tuple(footnotes(paper)),
    )


def footnotes(paper: Paper) -> list[str]:
    """What lets anybody prove the figures later: version and digest of the data, roots of the log."""
    content = paper.content
    version = f"数据版本：{content['data_version']}。数据摘要（SHA-256）：{grouped(paper.data_digest)}。"
    return [version, *roots_note(paper)]


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
