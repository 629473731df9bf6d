"""What a module's own pages do all the time: find what the reader may see, act, tell a refusal, go back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from keji.desk.guard import actor_of
from keji.kernel.records.flow import Refused

#: What is told when it is done; "" for nothing, or made from what the act made.
Said = Callable[[Any], str] | str


def visible_or_404(request: HttpRequest, model: type[models.Model], pk: int) -> Any:
    """The record, if the reader may see it; otherwise it does not exist for them."""
    found = model._default_manager.visible_to(actor_of(request)).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404(f"没有找到这条{model._meta.verbose_name}，或者它不在您的查看范围内。")
    return found


def made(request: HttpRequest, act: Callable[[], Any], said: Said = "") -> Any:
    """What the act made (True for nothing), told to the user; None when it was refused, told in its own words."""
    try:
        result = act()
    except Refused as why:
        messages.error(request, f"没有办成：{str(why).rstrip('。')}。")
        return None
    if told := said(result) if callable(said) else said:
        messages.success(request, told)
    return True if result is None else result


def attempt(request: HttpRequest, act: Callable[[], Any], said: Said = "") -> bool:
    """Do it and say so; a refusal is told in its own words. Returns whether it was done."""
    return made(request, act, said) is not None


def typed(request: HttpRequest, name: str, most: int) -> str:
    """What was typed into a field of a page's own; Refused when it is more than is kept, for nothing is cut off."""
    text: str = request.POST.get(name, "").strip()
    if len(text) > most:
        raise Refused(f"最多 {most:,} 字，现有 {len(text):,} 字，请缩短后再提交")
    return text


def tell_errors(request: HttpRequest, form: Any) -> None:
    """The first problem of each field as one message, for forms that stand inside another page."""
    pairs = [(n, str(found[0]).rstrip("。")) for n, found in form.errors.items()]
    told = "；".join(f"{form[n].label}：{said}" if n in form.fields else said for n, said in pairs)
    messages.error(request, f"没有保存：{told}。")


def to_record(desk: str, record: Any, anchor: str = "") -> HttpResponse:
    """Back to the record's page."""
    return redirect(f"/d/{desk}/{record.pk}{anchor}")
