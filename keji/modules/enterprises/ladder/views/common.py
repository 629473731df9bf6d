"""What the pages of the ladder share: their tabs, their filters, lists with pages, and lists as sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from keji.desk.files import file_answer
from keji.desk.guard import actor_of
from keji.desk.lists import PAGE_SIZE, CappedPaginator, page_of, regions_of
from keji.kernel import clock
from keji.kernel.audit.log import log_look, writing
from keji.kernel.parties.models import Party, Region
from keji.kernel.people.roles import BUREAU, Actor, Role
from keji.lib import sheet
from keji.lib.figures import Period
from keji.modules.enterprises.ladder.models import ProspectRun, Rung
from keji.modules.enterprises.models import EnterpriseProfile

READERS = (*sorted(BUREAU), Role.COUNTY, Role.INSPECTOR)
TABS = (
    ("梯度看板", "ladder"),
    ("后备名单", "ladder-near"),
    ("应评未评", "ladder-due"),
    ("到期与复审", "ladder-renewal"),
    ("年末预测", "ladder-outlook"),
    ("申报活动", "ladder-campaigns"),
    ("重点产业链", "ladder-chains"),
)
EXPORT_MOST = 20_000


def tabs_for(here: str) -> list[dict[str, Any]]:
    return [{"label": label, "url": reverse(name), "active": name == here} for label, name in TABS]


def own_regions(actor: Actor) -> list[str]:
    """The regions a county is held to; [] for those who see the whole city."""
    return [] if actor.has(*BUREAU, Role.INSPECTOR) else sorted(actor.regions)


def region_asked(request: HttpRequest, actor: Actor) -> str:
    """The region asked for, within reach. A county always asks for its own. 404 for a region that is not."""
    own = own_regions(actor)
    text = request.GET.get("region", "")
    if own:
        if text and text not in own:
            raise Http404("这个县区不在您的查看范围内。")
        return text or own[0]
    if text and not Region.objects.filter(pk=text).exists():
        raise Http404("没有这个县区。")
    return text


def rung_asked(request: HttpRequest, default: str = Rung.HNTE) -> str:
    text = request.GET.get("rung", default)
    if text not in Rung.values:
        raise Http404("没有这个梯级。")
    return text


def day_asked(request: HttpRequest, name: str, default: date) -> date:
    """A day or a month's last day: 2024-11-30 or 2024-11; never after today."""
    text = request.GET.get(name, "")
    if not text:
        return default
    try:
        if len(text) == 7:
            day = Period.of(date.fromisoformat(f"{text}-01")).end
        else:
            day = date.fromisoformat(text)
    except ValueError:
        raise Http404("日期请写成 2024-11 或 2024-11-30 这样。") from None
    return day


def key_of(text: str) -> int | None:
    """A key somebody sent along; None for what cannot be one."""
    return int(text) if text.isdecimal() and len(text) <= 15 else None


def industries() -> list[str]:
    """Industries firms are filed under, by name."""
    tags = EnterpriseProfile.objects.exclude(industry_tag="").order_by("industry_tag")
    return list(tags.values_list("industry_tag", flat=True).distinct()[:60])


class Filters(forms.Form):
    """The filter bar of a ladder list; fields that a page does not use are left out."""

    q = forms.CharField(label="搜索企业", max_length=60, required=False)
    rung = forms.ChoiceField(label="梯级", choices=Rung.choices, required=False)
    region = forms.ChoiceField(label="县区", required=False)

    def __init__(
        self,
        data: Any,
        *,
        actor: Actor,
        rung: str = "",
        only: Sequence[str] = (),
        more: Mapping[str, forms.Field] | None = None,
    ):
        super().__init__({"rung": rung} | data.dict())  # what the list shows when nobody chose
        own = own_regions(actor)
        regions = [(r.pk, r.name) for r in regions_of(actor) if r.level != Region.Level.CITY]
        self.fields["region"].choices = regions if own else [("", "全市"), *regions]  # type: ignore[attr-defined]
        for name in [n for n in self.fields if only and n not in only]:
            del self.fields[name]
        self.fields |= dict(more or {})


def choice(label: str, choices: Iterable[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "全部"), *choices], required=False)


def kept(request: HttpRequest) -> dict[str, str]:
    return {k: str(v) for k, v in request.GET.items() if v and k != "page"}


def named(party_path: str, text: str) -> Q:
    """Firms whose name or code contains every word; searched once by itself, not once a row."""
    found = Party.objects.all()
    for word in text.replace("\0", "").split()[:5]:
        found = found.filter(Q(name__icontains=word) | Q(uscc__icontains=word))
    return Q(**{f"{party_path}__in": found.order_by().values("pk")})


Row = Callable[[Any], dict[str, Any]]


class Found:
    """Keys that were found before, where a paginator asks a query for them."""

    def __init__(self, keys: Sequence[int]) -> None:
        self.keys = keys

    def values_list(self, *names: str, flat: bool) -> Sequence[int]:
        return self.keys


def paged(request: HttpRequest, rows: Any, records: QuerySet[Any], row_of: Row) -> dict[str, Any]:
    """Context of a list: one page of rows, with how many there are."""
    paginator = CappedPaginator(rows, records, PAGE_SIZE)
    page = page_of(paginator, request.GET.get("page", "1"))
    return {
        "page": page,
        "rows": [row_of(record) for record in page.object_list],
        "numbers": paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "capped": paginator.capped,
        "count": paginator.count,
        "query": urlencode(kept(request)),
    }


def columns(*labels: str, end: Sequence[str] = ()) -> list[dict[str, Any]]:
    return [{"label": label, "align": "end" if label in end else "start"} for label in labels]


def exported(
    request: HttpRequest, title: str, heads: Sequence[dict[str, Any]], rows: Iterable[Any], row_of: Row
) -> Any:
    """The list as a sheet, noted in the log; a POST, for it leaves the house."""
    actor, lines = actor_of(request), []
    cols = [sheet.Column(name=f"c{i}", label=c["label"]) for i, c in enumerate(heads)]
    for record in rows:
        cells = row_of(record)["cells"]
        lines.append({f"c{i}": _plain(cell) for i, cell in enumerate(cells)})
        if len(lines) >= EXPORT_MOST:
            break
    with writing(actor, clock.now()):
        subject = ProspectRun.objects.first() or ProspectRun.objects.create(at=clock.now())
        log_look(f"导出{title}", subject, {"行数": [None, len(lines)]})
    return file_answer(sheet.write(cols, lines, title=title), f"{title}{clock.today():%Y%m%d}.xlsx")


def _plain(cell: dict[str, Any]) -> Any:
    value = cell.get("value")
    return "" if value in (None, "—") else str(value)


def firm_cell(party: Party) -> dict[str, Any]:
    return {"value": party.name, "url": f"/d/parties/{party.pk}"}


def show(request: HttpRequest, template: str, here: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the ladder with its tabs."""
    context.setdefault("crumbs", [("梯度培育", reverse("ladder")), (context["page_title"], "")])
    return render(request, f"enterprises/ladder/{template}", {"ladder_tabs": tabs_for(here), **context})
