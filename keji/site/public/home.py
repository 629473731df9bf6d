"""The first public page: what is open now, what came of the last ones, what can be looked up."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from keji.kernel import clock
from keji.kernel.documents.opening import open_papers
from keji.kernel.records.notices import PublicNotice
from keji.site.public.catalogues import tiles
from keji.site.public.frame import open_page, show
from keji.site.public.notices import line_of

SHOWN = 6


@open_page
def home(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    rows = PublicNotice.objects.defer("rows", "body")
    current = rows.open_on(today).filter(kind=PublicNotice.Kind.NOTICE).order_by("until_on", "pk")
    others = rows.shown().exclude(pk__in=current.order_by().values("pk")).exclude(state="withdrawn")
    context = {
        "page_title": "公开信息",
        "current": [line_of(n, today) for n in current[:SHOWN]],
        "current_count": current.count(),
        "latest": [line_of(n, today) for n in others.order_by("-from_on", "-pk")[:SHOWN]],
        "tiles": tiles(),
        "papers": open_papers()[:SHOWN],
    }
    return show(request, "public/home.html", context)
