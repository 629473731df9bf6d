"""What the pages of projects share: finding what the reader may see, telling a refusal, laying out a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from keji.desk.guard import actor_of
from keji.kernel.records.flow import Refused


def visible_or_404(request: HttpRequest, model: type[models.Model], pk: int) -> Any:
    """The record, if the reader may see it; otherwise it does not exist for them."""
    found = model._default_manager.visible_to(actor_of(request)).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404(f"没有找到这条{model._meta.verbose_name}，或者它不在您的查看范围内。")
    return found


def attempt(request: HttpRequest, act: Callable[[], Any], said: str) -> bool:
    """Do it and say so; a refusal is told in its own words. Returns whether it was done."""
    try:
        act()
    except Refused as why:
        messages.error(request, f"没有办成：{str(why).rstrip('。')}。")
        return False
    if said:
        messages.success(request, said)
    return True


def tell_errors(request: HttpRequest, form: Any) -> None:
    """The first problem of each field as one message, for forms that stand inside another page."""
    told = "；".join(f"{form[n].label}：{e[0]}" if n in form.fields else str(e[0]) for n, e in form.errors.items())
    messages.error(request, f"没有保存：{told.rstrip('。')}。")


def to_record(desk: str, record: Any, anchor: str = "") -> HttpResponse:
    return redirect(f"/d/{desk}/{record.pk}{anchor}")


def laid_out(form: Any) -> list[dict[str, Any]]:
    """A form's fields under their headings, as the shared form part wants them."""
    return [{"title": title, "fields": [form[name] for name in names]} for title, names in form.fieldsets]


def refuse(why: str) -> None:
    """403 with its reason; nothing when there is none."""
    if why:
        raise PermissionDenied(f"{why}。")
