"""From a review batch or a problem's bids to the expert pool and back: asking for a draw, taking over who was drawn."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from keji.desk.acts import attempt, to_record, visible_or_404
from keji.desk.guard import actor_of, page
from keji.kernel import clock
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused
from keji.modules.projects.models import Challenge, ReviewBatch
from keji.modules.projects.reviews.forms import DrawForm
from keji.modules.projects.reviews.services import drawing

DESK, LIST = "review-batches", "challenges"
SAID = "已申请抽取，请另一位同志在专家库冻结专家名单，再请派驻纪检见证抽取。"


def _asking(model: type[Model], desk: str, service: Callable[..., str]) -> Callable[..., HttpResponse]:
    """The page that asks for a record's panel."""

    @page(Role.OFFICER)
    @require_POST
    def ask(request: HttpRequest, pk: int) -> HttpResponse:
        record = visible_or_404(request, model, pk)
        attempt(request, partial(_ask, request, service, record), SAID)
        return to_record(desk, record)

    return ask


def _ask(request: HttpRequest, service: Callable[..., str], record: Any) -> None:
    form = DrawForm(request.POST)
    if not form.is_valid():
        raise Refused("；".join(f"{form[name].label}：{errors[0]}" for name, errors in form.errors.items()))
    service(record, actor=actor_of(request), at=clock.now(), **form.cleaned_data)


ask = _asking(ReviewBatch, DESK, drawing.ask_for_draw)
ask_for_bids = _asking(Challenge, LIST, drawing.ask_for_challenge_draw)
ask_to_argue = _asking(Challenge, LIST, drawing.ask_for_argue_draw)


@page(Role.OFFICER)
@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the drawn panel on the batch."""
    batch = visible_or_404(request, ReviewBatch, pk)
    act = partial(drawing.take_over_panel, batch, actor=actor_of(request), at=clock.now())
    attempt(request, act, "已按抽取结果安排评审专家。")
    return to_record(DESK, batch)
