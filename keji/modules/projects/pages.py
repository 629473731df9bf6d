"""What the pages of projects share: telling a refusal, laying out a form, a form's page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def laid_out(form: Any) -> list[dict[str, Any]]:
    """A form's fields under their headings, as the shared form part wants them."""
    return [{"title": title, "fields": [form[name] for name in names]} for title, names in form.fieldsets]


def form_page(
    request: HttpRequest,
    record: Any,
    form: Any,
    title: str,
    *,
    desk: str,
    list_title: str,
    fieldsets: Any = None,
    note: str = "",
    back: str = "",
) -> HttpResponse:
    """The page on which something is written of a record; `back` where cancelling leads, else the record's own page."""
    home = f"/d/{desk}/{record.pk}"
    context = {
        "form": form,
        "fieldsets": fieldsets or [{"title": title, "fields": list(form)}],
        "note": note,
        "cancel_url": back or home,
        "page_title": title,
        "page_subtitle": f"{record.number}　{record}",
        "crumbs": [(list_title, f"/d/{desk}/"), (str(record), home), (title, "")],
    }
    return render(request, "desk/form.html", context, status=422 if request.method == "POST" else 200)


def refuse(why: str) -> None:
    """403 with its reason; nothing when there is none."""
    if why:
        raise PermissionDenied(f"{why}。")
