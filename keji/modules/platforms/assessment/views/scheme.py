"""Editing the items and bands of a draft scheme, and starting its next edition."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, to_record, visible_or_404
from keji.desk.fields import plain
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.modules.platforms.assessment.forms import BandSet, ItemSet
from keji.modules.platforms.assessment.services import schemes
from keji.modules.platforms.models import Scheme

DESK = "assessment-schemes"
BAND_COLUMNS = ("grade", "at_least", "failing", "must_mend")


def rows_of(formset: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows that are filled in and not ticked for deletion."""
    kept = [f.cleaned_data for f in formset if f.has_changed() or f.initial]
    return [{c: row[c] for c in columns} for row in kept if row and not row.get("DELETE")]


@page(Role.OFFICER)
def items(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = visible_or_404(request, Scheme, pk)
    if scheme.state != "draft":
        raise PermissionDenied("方案已经定版，要改请另起一版。")
    item_rows = [{c: plain(getattr(i, c)) for c in schemes.ITEM_COLUMNS} for i in scheme.items.all()]
    band_rows = [{c: plain(getattr(b, c)) for c in BAND_COLUMNS} for b in scheme.bands.all()]
    posted = request.POST if request.method == "POST" else None
    item_set = ItemSet(posted, prefix="items", initial=item_rows)
    band_set = BandSet(posted, prefix="bands", initial=band_rows)
    bad = False
    if posted is not None:
        if item_set.is_valid() and band_set.is_valid():
            new_items, new_bands = rows_of(item_set, schemes.ITEM_COLUMNS), rows_of(band_set, BAND_COLUMNS)
            act = partial(schemes.replace_items, scheme, new_items, new_bands, actor=actor_of(request), at=clock.now())
            if attempt(request, act, "已保存。"):
                return to_record(DESK, scheme)
        bad = True
    context = {
        "scheme": scheme,
        "item_set": item_set,
        "band_set": band_set,
        "bad": bad and not (item_set.is_valid() and band_set.is_valid()),
        "page_title": "指标和等次",
        "page_subtitle": f"{scheme}　权重合计应为 100；最后几行空白可添加指标，勾“删去”即不再保留。",
        "crumbs": [("评估方案", f"/d/{DESK}/"), (str(scheme), f"/d/{DESK}/{scheme.pk}"), ("指标和等次", "")],
    }
    return render(request, "platforms/scheme_items.html", context, status=422 if bad else 200)


@page(Role.OFFICER)
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = visible_or_404(request, Scheme, pk)
    made: list[Scheme] = []
    done = attempt(
        request,
        lambda: made.append(schemes.next_edition(scheme, actor=actor_of(request), at=clock.now())),
        "已另起一版，请修改后由另一人定版。",
    )
    return to_record(DESK, made[0] if done else scheme)
