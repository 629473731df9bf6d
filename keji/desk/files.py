"""Files as answers: the right type, a name in any script, always saved and never shown inside the page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from keji.kernel.documents.bulletins import file_name
from keji.kernel.documents.models import Paper

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


def file_answer(content: bytes, kind: str, name: str) -> HttpResponse:
    """`name` with its ending. `kind`: a key of TYPES."""
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def paper_answer(paper: Paper, kind: str, set_anew: Callable[[], bytes] | None = None) -> HttpResponse:
    """The stored file of an issued paper, "docx" or "pdf"; a draft is set anew and says so in its name."""
    if kind not in ("docx", "pdf"):
        raise Http404("没有这种文件。")
    blob = paper.docx if kind == "docx" else paper.pdf
    if blob is None and set_anew is None:
        raise Http404("这份文件还没有印发。")
    content = blob.read() if blob is not None else set_anew()  # type: ignore[misc]
    return file_answer(content, kind, file_name(paper, kind))
