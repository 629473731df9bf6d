"""Any desk's records, listed page by page or one by one, within what the caller may see."""

from __future__ import annotations

from functools import cache
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, QueryDict
from django.utils.choices import CallableChoiceIterator

from keji.desk.desk import Desk, desk_of
from keji.desk.lists import filterset
from keji.kernel import clock
from keji.kernel.audit.models import Entry
from keji.kernel.people.roles import ADMINISTRATORS, Actor
from keji.kernel.records.models import find_by_number
from keji.site.api.fields import as_json, plain, related_of
from keji.site.api.params import AFTER, LIMIT, Param, parsed, storable
from keji.site.api.problems import Problem

SINCE = Param(
    "updated_since",
    "只取从这一时刻起办理、修改过的；建议比上次答复的 as_of 早几分钟，免得漏掉当时正在保存的",
    "moment",
    shared=True,
)


def readable(desk: Desk) -> bool:
    """Some business role reads it: what only administrators see is no matter of exchange."""
    return bool(desk.readers - ADMINISTRATORS)


@cache
def filter_names(desk: Desk) -> tuple[str, ...]:
    return tuple(_filters(desk).filters)


def _filters(desk: Desk) -> django_filters.FilterSet:
    """The list page's own filters, without asking the database."""
    return filterset(desk, Actor.system(), QueryDict(), desk.model._default_manager.none())


def dated_by_log(model: type[models.Model]) -> bool:
    """Can the log's subjects be matched with its keys: whole numbers and codes, not days."""
    return isinstance(model._meta.pk, models.AutoField | models.IntegerField | models.CharField)


def params_of(desk: Desk) -> list[Param]:
    found = [LIMIT, AFTER, *([SINCE] if dated_by_log(desk.model) else [])]
    for name, each in _filters(desk).filters.items():
        if name in {p.name for p in found}:
            continue
        found.append(
            Param(
                name, "搜索：名称、编号等，多个词用空格隔开" if name == "q" else f"按{each.label}筛选", **_shape(each)
            )
        )
    return found


def _shape(each: django_filters.Filter) -> dict[str, Any]:
    """The choices of a filter where they are fixed; those that come from the database are not part of the document."""
    if isinstance(each, django_filters.BooleanFilter):
        return {"kind": "flag"}
    choices = each.extra.get("choices", ())
    if isinstance(choices, CallableChoiceIterator) or callable(choices):
        return {}
    return {"choices": tuple(str(code) for code, _ in choices if str(code) != "")}


def listing(request: HttpRequest, desk: Desk, actor: Actor) -> dict[str, Any]:
    """One page in the order of keys; `next` is where the following one starts, null on the last."""
    _may_read(desk, actor)
    as_of = clock.now()
    asked = parsed(request, params_of(desk))
    rows = desk.records(actor).select_related(*desk.related, *related_of(desk))
    filters = filterset(desk, actor, _as_typed(request, desk), rows)
    if not filters.is_valid():
        raise Problem("bad-parameter", _said(filters.errors))
    rows = filters.qs.order_by("pk")
    if asked.get("updated_since"):
        rows = touched_since(rows, asked["updated_since"])
    if asked["after"] is not None:
        rows = rows.filter(pk__gt=_key(desk, asked["after"]))
    found = list(rows[: asked["limit"] + 1])
    page, more = found[: asked["limit"]], len(found) > asked["limit"]
    return {
        "items": [as_json(desk, record) for record in page],
        "next": str(page[-1].pk) if more else None,
        "as_of": plain(as_of),
    }


def _said(errors: Any) -> str:
    sentences = []
    for name, found in errors.as_data().items():
        choice = found[0].code == "invalid_choice"
        why = "没有这个选项，或者它不在这个账号的范围内" if choice else str(found[0].messages[0]).rstrip("。")
        sentences.append(f"参数 {name} 不正确：{why}")
    return "；".join(sentences) + "。"


def _as_typed(request: HttpRequest, desk: Desk) -> QueryDict:
    data = QueryDict(mutable=True)
    for name in filter_names(desk):
        if request.GET.get(name):
            data[name] = request.GET[name]
    return data


def _key(desk: Desk, text: str) -> Any:
    key: Any = desk.model._meta.pk
    try:
        return key.to_python(text)
    except (ValidationError, ValueError):
        raise Problem("bad-parameter", f"参数 after 不是{desk.noun}的键，请照抄上一页的 next。") from None


def touched_since(rows: QuerySet[Any], since: Any) -> QuerySet[Any]:
    """Rows with an entry in the log since then. Every write leaves one, a step as well as a correction."""
    entries = Entry.objects.filter(subject_type=rows.model._meta.label_lower, at__gte=since).order_by()
    key: Any = rows.model._meta.pk
    ids = entries.annotate(key=Cast("subject_id", key)).values("key")
    return rows.filter(pk__in=ids)


def _may_read(desk: Desk, actor: Actor) -> None:
    if not actor.has(*desk.readers):
        raise Problem("forbidden", f"这个令牌代表的账号不能查看{desk.title}。")


def one(request: HttpRequest, desk: Desk, actor: Actor, key: str) -> dict[str, Any]:
    """One record by its key; what the caller may not see does not exist for them."""
    _may_read(desk, actor)
    parsed(request, ())
    record = _found(desk, actor, key)
    if record is None:
        raise Http404(f"没有找到这条{desk.noun}，或者它不在这个账号的查看范围内。")
    return as_json(desk, record)


def _found(desk: Desk, actor: Actor, key: Any) -> Any | None:
    if not storable(str(key)):
        return None
    rows = desk.records(actor).select_related(*desk.related, *related_of(desk))
    try:
        return rows.filter(pk=key).first()
    except (ValueError, ValidationError, OverflowError):  # no key this kind of record can have
        return None


def by_number(request: HttpRequest, actor: Actor, number: str) -> dict[str, Any]:
    """One record by its number, whichever desk keeps it, with the name of that desk.

    A number of another county's and one that was never given are answered alike.
    """
    parsed(request, ())
    record = find_by_number(number) if storable(number) else None
    desk = desk_of(type(record)) if record is not None else None
    if record is not None and desk is not None and readable(desk) and actor.has(*desk.readers):
        record = _found(desk, actor, record.pk)
        if record is not None:
            return {"kind": desk.name, **as_json(desk, record)}
    raise Http404("没有找到这个编号的记录，或者它不在这个账号的查看范围内。")
