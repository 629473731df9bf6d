"""What all public pages share: the switch that closes them, their menu, and where a visitor comes from."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header

from keji.desk.guard import public
from keji.kernel import clock
from keji.kernel.rules.models import parameter
from keji.lib.sheet import Column, write
from keji.lib.sheet.writing import neutral

SWITCH = "public.open"
MENU = (
    ("首页", "/public/"),
    ("公示公告", "/public/notices/"),
    ("公开名录", "/public/catalogues/"),
    ("公开文件", "/public/papers/"),
    ("赛马结果", "/public/race/"),
    ("专家抽取", "/public/draws/"),
    ("核验", "/public/verify"),
    ("异议查询", "/public/objections"),
    ("诚信举报", "/public/report"),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

View = Callable[..., HttpResponseBase]


def is_open() -> bool:
    """Has the bureau opened its public pages? A house on a closed network sets 对外公开页面 to 0 on 规则参数."""
    return parameter(SWITCH, clock.today()) != 0


def open_page(view: View) -> View:
    """A page for everybody, as long as the bureau keeps its public pages open."""

    @public
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_open():
            raise Http404("本单位没有开放公开页面。")
        return view(request, *args, **kwargs)

    return opened


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render inside the public frame; the menu's longest fitting address is the present one."""
    here = max((url for _, url in MENU if request.path.startswith(url)), key=len, default="")
    menu = [{"label": label, "url": url, "active": url == here} for label, url in MENU]
    # A proxy that lets only these pages through says so: a way to log in would lead its visitors nowhere.
    frame = {"public_menu": menu, "may_log_in": "X-Public-Only" not in request.headers}
    return render(request, template, {**frame, **context}, status=status)


def address_of(request: HttpRequest) -> str:
    """Where a visitor comes from, for counting only. A proxy on this machine says it in X-Real-IP; others are not
    believed. An IPv6 visitor has a whole network of addresses, so the network counts."""
    remote = str(request.META.get("REMOTE_ADDR", ""))
    try:
        found = ip_address(remote)
        if found.is_loopback and (told := request.headers.get("X-Real-IP")):
            found = ip_address(told.strip())
    except ValueError:
        return remote
    if isinstance(found, IPv6Address):
        return str(ip_network(f"{found}/64", strict=False))
    return str(found)


def asked_for(request: HttpRequest, name: str, most: int = 60) -> str:
    """One parameter of the address, short and without signs no database takes."""
    return request.GET.get(name, "").replace("\0", "").strip()[:most]


def as_sheet(kind: str, name: str, head: Sequence[str], rows: Iterable[Sequence[str]], title: str) -> HttpResponse:
    """A table as a file: "xlsx", or "csv" that Excel opens with its Chinese intact. Formulas are defused in both."""
    if kind == "csv":
        text = io.StringIO()
        out = csv.writer(text)
        out.writerow(neutral(c) for c in head)
        out.writerows([neutral(c) for c in row] for row in rows)
        response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        columns = [Column(name=f"c{i}", label=label) for i, label in enumerate(head)]
        lines = ({f"c{i}": value for i, value in enumerate(row)} for row in rows)
        response = HttpResponse(write(columns, lines, title=title), content_type=XLSX)
    else:
        raise Http404("没有这种格式。")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}") or "attachment"
    return response
