"""What the pages of platforms share: finding what the reader may see, and telling a refusal."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from keji.desk.acts import visible_or_404


def part_or_404(request: HttpRequest, parts: Any, pk: int, owner: str) -> Any:
    """A part of a record, if the reader may see the record."""
    found = parts.select_related(owner).filter(pk=pk).first()
    if found is None:
        raise Http404("没有找到这一项，可能已经删去。")
    record = getattr(found, owner)
    visible_or_404(request, type(record), record.pk)
    return found
