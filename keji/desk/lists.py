"""A desk's list: filters, search, order, paging, saved views, bulk steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.contrib import messages
from django.core.paginator import EmptyPage, Page, Paginator
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keji.desk.cells import aligned_right, cell, find_field, label_of, sortable
from keji.desk.desk import Desk
from keji.desk.guard import actor_of
from keji.desk.models import SavedView
from keji.kernel import clock
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import Record

PAGE_SIZE = 25
COUNT_CAP = 10_000  # counting further costs more than it tells
BULK_MOST = 500
MOST_NAME = 40  # characters of the name of kept conditions


class CappedPaginator(Paginator[Any]):
    """Finds the keys of all that can be paged to in one pass, then fetches the shown rows with what they point at.

    Sorting keys costs a fraction of sorting whole rows with their joins, and searching once is half of searching for
    the count and again for the page. Beyond the cap nothing is counted: it would cost more than it tells.
    """

    def __init__(self, rows: QuerySet[Any], records: QuerySet[Any], per_page: int) -> None:
        """`rows`: what was asked for, in order; `records`: where the shown ones are fetched, within the same reach."""
        keys = list(rows.values_list("pk", flat=True)[: COUNT_CAP + 1])
        super().__init__(keys[:COUNT_CAP], per_page)
        self.capped, self.records = len(keys) > COUNT_CAP, records

    def page(self, number: int | str) -> Page[Any]:
        page = super().page(number)
        found = {record.pk: record for record in self.records.filter(pk__in=page.object_list)}
        page.object_list = [found[key] for key in page.object_list if key in found]
        return page


def filterset(desk: Desk, actor: Actor, data: Any, rows: QuerySet[Any]) -> django_filters.FilterSet:
    """The desk's filters as a django-filter set over what the actor sees; its search box comes first."""
    parts: dict[str, Any] = {"Meta": type("Meta", (), {"model": desk.model, "fields": desk.filters})}
    if desk.search:
        parts["q"] = django_filters.CharFilter(
            label="搜索", method=lambda found, _, text: matching(desk, found, text), max_length=60
        )
    found: django_filters.FilterSet = type("Filters", (django_filters.FilterSet,), parts)(data, queryset=rows)
    if "q" in found.filters:
        found.filters.move_to_end("q", last=False)
    for name, each in found.filters.items():
        if "__" in name and (field := find_field(desk.model, name)) is not None:
            each.label = str(field.verbose_name)  # the column's own word, not the whole way to it
        if isinstance(each, django_filters.ModelChoiceFilter):
            each.extra["empty_label"] = "全部"
            if find_region(desk.model, name):
                each.queryset = regions_of(actor)  # an extra would be replaced by the filter's own queryset
            elif (pointed := pointed_record(desk.model, name)) is not None:
                seen = pointed._default_manager.visible_to(actor)  # type: ignore[attr-defined]
                each.queryset = seen.complex_filter(choices_of(desk.model, name))
        elif isinstance(each, django_filters.BooleanFilter):
            each.extra["widget"] = forms.Select(choices=(("", "全部"), ("true", "是"), ("false", "否")))
        elif isinstance(each, django_filters.ChoiceFilter):
            each.extra["empty_label"] = "全部"
        elif isinstance(each, django_filters.DateFilter):
            each.extra["widget"] = forms.DateInput(attrs={"type": "date"})
    return found


def find_region(model: type[models.Model], path: str) -> bool:
    field = find_field(model, path)
    return field is not None and field.related_model is Region


def choices_of(model: type[models.Model], path: str) -> Any:
    """What the column itself may point at (only incubators, say)."""
    field: Any = find_field(model, path)
    return field.get_limit_choices_to()


def pointed_record(model: type[models.Model], path: str) -> type[Record] | None:
    """The kind of record a filter chooses from: only those its reader may see are offered."""
    field = find_field(model, path)
    related = field.related_model if field is not None else None
    return related if isinstance(related, type) and issubclass(related, Record) else None


def regions_of(actor: Actor) -> QuerySet[Region]:
    """Regions this actor may choose from."""
    if actor.regions and not actor.has(Role.OFFICER, Role.LEADER, Role.INSPECTOR):
        return Region.objects.filter(pk__in=actor.regions)
    return Region.objects.all()


#: What a word was found in before, for one search over many lists: {(model, columns, word): keys, None for too many}.
Known = dict[tuple[type[models.Model], tuple[str, ...], str], Any]
FEW = 3_000  # keys that are handed on one by one


def matching(desk: Desk, rows: QuerySet[Any], text: str, known: Known | None = None) -> QuerySet[Any]:
    """Rows whose searched columns contain every word of `text`."""
    for word in text.split()[:5]:
        rows = rows.filter(containing(desk.model, desk.search, word, known))
    return rows


def containing(model: type[models.Model], paths: Sequence[str], word: str, known: Known | None = None) -> Q:
    """Any of these columns contains `word`. What a row points at is searched once by itself, not once a row.

    A word without letters needs no folding of case, which PostgreSQL pays for row by row. With `known` what several
    models point at (units, above all) is searched once for all of them.
    """
    lookup = "icontains" if word.lower() != word.upper() else "contains"
    found = Q(pk__in=())
    beyond: dict[str, list[str]] = {}
    for path in paths:
        first, _, rest = path.partition("__")
        if rest:
            beyond.setdefault(first, []).append(rest)
        elif word.isascii() or not _is_code(model, path):
            found |= Q(**{f"{path}__{lookup}": word})
    for first, rests in beyond.items():
        relation: Any = model._meta.get_field(first)
        rests = [rest for rest in rests if word.isascii() or not _is_code(relation.related_model, rest)]
        if not rests:
            continue
        others = relation.related_model._default_manager.filter(containing(relation.related_model, rests, word, known))
        if relation.one_to_many:
            found |= Q(pk__in=others.order_by().values(relation.field.attname))
        else:
            found |= _among(first, others, tuple(rests), word, known)
    return found


def _written_out(keys: list[Any]) -> Any:
    """A thousand numbers as one piece of SQL: each as a parameter is prepared anew for every list searched."""
    numbers = keys and all(type(key) is int for key in keys)
    return RawSQL(",".join(map(str, keys)), ()) if numbers else keys  # noqa: S611 - whole numbers, checked above


def _is_code(model: type[models.Model], column: str) -> bool:
    """A column of Latin letters and digits: no Chinese word is found there."""
    return column == "uscc" or (column == "number" and issubclass(model, Record))


def _among(first: str, others: QuerySet[Any], paths: tuple[str, ...], word: str, known: Known | None) -> Q:
    """Is what the row points at among those found?"""
    asked = others.order_by()
    if known is None:
        return Q(**{f"{first}__in": asked.values("pk")})
    at = (others.model, paths, word)
    if at not in known:
        keys = list(asked.values_list("pk", flat=True)[: FEW + 1])
        known[at] = _written_out(keys) if len(keys) <= FEW else None
    keys_found = known[at]
    if keys_found is None:  # so many that the first few rows of a list are found by asking row after row
        return Q(Exists(asked.filter(pk=OuterRef(first))))
    return Q(**{f"{first}__in": keys_found})


def ordered(desk: Desk, rows: QuerySet[Any], sort: str) -> tuple[QuerySet[Any], str]:
    """Rows in the asked order, the primary key last so that pages never overlap: one index serves both directions."""
    name = sort.lstrip("-")
    down = "-" if sort.startswith("-") else ""
    if name in desk.columns and sortable(desk.model, name):
        return rows.order_by(f"{down}{sort_column(desk.model, name)}", f"{down}pk"), sort
    return (rows.order_by("-pk") if desk.newest_first else rows), ""


def sort_column(model: type[models.Model], name: str) -> str:
    """A relation sorts by the order of what it points at (regions); where that is only its key, without a join."""
    field: Any = find_field(model, name)
    plain = field.is_relation and list(field.related_model._meta.ordering) == ["pk"] and "__" not in name
    return field.attname if plain else name


def asked(desk: Desk, request: HttpRequest) -> tuple[QuerySet[Any], django_filters.FilterSet, str]:
    """What the address bar asks for, within what the actor sees: (rows, filters, order)."""
    actor = actor_of(request)
    data = request.GET.copy()
    for key in data:
        data[key] = str(data[key]).replace("\0", "")
    filters = filterset(desk, actor, data, desk.records(actor))
    rows = filters.qs if filters.is_valid() else desk.records(actor).none()
    if not data.get("q", "").strip():
        rows = desk.listed(rows)
    rows, sort = ordered(desk, rows, request.GET.get("sort", ""))
    return rows, filters, sort


def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The list page."""
    actor = actor_of(request)
    rows, filters, sort = asked(desk, request)
    page = page_of(CappedPaginator(rows, desk.records(actor), PAGE_SIZE), request.GET.get("page", "1"))
    kept = {k: str(v) for k, v in request.GET.items() if k != "page" and v}
    query = urlencode(kept)
    bulk_steps = [step for step in (desk.flow or ()) if step.name in desk.bulk and actor.has(*step.roles)]
    saved = SavedView.objects.filter(account_id=actor.account_id, desk=desk.name)
    context = {
        "desk": desk,
        "page_title": desk.title,
        "page_subtitle": desk.intro,
        "crumbs": [(desk.group, ""), (desk.title, "")] if desk.group else [(desk.title, "")],
        "columns": headings(desk, sort, kept),
        "rows": [row_of(desk, record) for record in page.object_list],
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "capped": page.paginator.capped,  # type: ignore[attr-defined]
        "form": filters.form,
        "chips": chips(filters, kept),
        "keep": {"sort": sort} if sort else {},
        "saved": [{"label": v.name, "url": f"{desk.url()}?{v.query}", "active": v.query == query} for v in saved],
        "active_view": next((v.name for v in saved if v.query == query), ""),
        "bulk": [
            {"name": "step", "value": s.name, "label": f"批量{s.label}", "tone": s.tone, "confirm": s.confirm}
            for s in bulk_steps
        ],
        "bulk_url": f"{desk.url()}bulk?{query}",
        "query": query,
        "may_create": desk.may_create(actor),
        "may_upload": desk.upload and desk.may_create(actor),
    }
    return render(request, "desk/list.html", context)


def page_of(paginator: CappedPaginator, wanted: str) -> Page[Any]:
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 7 else 1
    try:
        return paginator.page(max(number, 1))
    except EmptyPage:
        return paginator.page(paginator.num_pages)


def headings(desk: Desk, sort: str, kept: dict[str, str]) -> list[dict[str, Any]]:
    found = []
    for path in desk.columns:
        align = "end" if aligned_right(desk.model, path) else "start"
        entry: dict[str, Any] = {"label": label_of(desk.model, path), "align": align}
        if sortable(desk.model, path):
            turned = f"-{path}" if sort == path else path
            entry["sort_url"] = "?" + urlencode({**kept, "sort": turned})
            entry["sorted"] = "asc" if sort == path else "desc" if sort == f"-{path}" else ""
        found.append(entry)
    return found


def row_of(desk: Desk, record: Any) -> dict[str, Any]:
    cells = [cell(record, path, tones=desk.tones) for path in desk.columns]
    return {"url": desk.record_url(record), "cells": cells, "select_id": record.pk}


def chips(filters: django_filters.FilterSet, kept: dict[str, str]) -> list[dict[str, str]]:
    """The conditions in force, each with the address that drops it."""
    found = []
    for bound in filters.form if filters.is_valid() else ():
        value = filters.form.cleaned_data.get(bound.name)
        if value in (None, "", []):
            continue
        choices = {} if isinstance(value, models.Model) else dict(getattr(bound.field, "choices", []))
        if isinstance(value, bool):
            value = "是" if value else "否"
        rest = urlencode({k: v for k, v in kept.items() if k != bound.name})
        found.append({"label": str(bound.label), "value": str(choices.get(value, value)), "remove_url": f"?{rest}"})
    return found


@require_POST
def bulk(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take one step on every ticked row; each that cannot be taken is named, the others go through."""
    actor, at = actor_of(request), clock.now()
    name = request.POST.get("step", "")
    picked = [pk for pk in request.POST.getlist("ids") if pk.isdecimal()][:BULK_MOST]
    if name not in desk.bulk or desk.flow is None or name not in desk.flow:
        messages.error(request, "没有选择要办理的步骤。")
        return redirect(back(request, desk))
    if not picked:
        messages.error(request, "没有勾选任何记录，请先勾选再办理。")
        return redirect(back(request, desk))
    done, refused = 0, []
    for record in desk.records(actor).filter(pk__in=picked).order_by("pk"):
        try:
            take(name, record, actor=actor, at=at, reason=request.POST.get("reason", ""))
            done += 1
        except Refused as why:
            refused.append(f"{record}：{why}")
    label = desk.flow[name].label
    if done:
        messages.success(request, f"已{label} {done} 条。")
    if refused:
        messages.warning(request, f"{len(refused)} 条没有{label}：" + "；".join(refused[:5]))
    return redirect(back(request, desk))


def back(request: HttpRequest, desk: Desk) -> str:
    query = (request.POST.get("query") or request.META.get("QUERY_STRING", ""))[:1000]
    return desk.url() + (f"?{query}" if query else "")


@require_POST
def save_view(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep the present conditions under a name, or drop a kept one."""
    actor = actor_of(request)
    if dropped := request.POST.get("drop"):
        SavedView.objects.filter(account_id=actor.account_id, desk=desk.name, name=dropped).delete()
        return redirect(back(request, desk))
    name = request.POST.get("name", "").strip()
    if len(name) > MOST_NAME:
        messages.error(request, f"没有保存：名字最多 {MOST_NAME} 字，现有 {len(name)} 字。")
    elif name:
        SavedView.objects.update_or_create(
            account_id=actor.account_id,
            desk=desk.name,
            name=name,
            defaults={"query": request.POST.get("query", "")[:1000]},
        )
        messages.success(request, f"已保存为“{name}”。")
    else:
        messages.error(request, "请给这组筛选条件起个名字。")
    return redirect(back(request, desk))
