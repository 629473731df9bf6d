"""A paper set as a file, with the fonts this house has."""

from __future__ import annotations

from keji.kernel.documents.fonts import house_fonts
from keji.lib.paper import model
from keji.lib.paper.docx import to_docx
from keji.lib.paper.pdf import to_pdf

MAKERS = {"docx": to_docx, "pdf": to_pdf}
KINDS = tuple(MAKERS)


def typeset(paper: model.Paper, kind: str) -> bytes:
    """The file's bytes. LookupError for a kind that is neither "docx" nor "pdf"; PaperError for what cannot be set."""
    return MAKERS[kind](paper, house_fonts())
