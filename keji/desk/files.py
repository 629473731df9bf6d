"""Files as answers: the right type, a name in any script, always saved and never shown inside the page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import content_disposition_header

from keji.kernel.documents.bulletins import file_name
from keji.kernel.documents.models import Blob, Paper

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def file_answer(content: bytes | str, name: str) -> HttpResponse:
    """Bytes made for this answer; the type comes from the name's ending. 404 for an ending nobody writes."""
    kind = name.rpartition(".")[2]
    if kind not in TYPES:
        raise Http404("没有这种格式的文件。")
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def blob_answer(blob: Blob, name: str) -> FileResponse:
    """A stored file as somebody handed it in: of no type a browser would open by itself."""
    response = FileResponse(blob.path.open("rb"), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def paper_answer(paper: Paper, kind: str, set_anew: Callable[[], bytes] | None = None) -> HttpResponse:
    """The stored file of an issued paper, "docx" or "pdf"; a draft is set anew and says so in its name."""
    if kind not in ("docx", "pdf"):
        raise Http404("没有这种格式的文件。")
    blob = paper.docx if kind == "docx" else paper.pdf
    if blob is None and set_anew is None:
        raise Http404("这份文件还没有印发。")
    return file_answer(blob.read() if blob is not None else set_anew(), file_name(paper, kind))  # type: ignore[misc]
