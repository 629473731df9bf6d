"""What everybody may see of draws: that they were, what was published when, and the files; no name, no panel early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from keji.lib import draw as lots
from keji.lib.draw import STATE_NAMES, State
from keji.modules.experts.models import Draw, FrozenPool
from keji.modules.experts.services.drawing import outcome_of
from keji.modules.experts.views.stages import Stage, stages_of

VERIFIER = Path(lots.__file__).with_name("verify_draw.py")


@dataclass(frozen=True)
class PublicDraw:
    """One draw as the public page tells it. `panel`: what the files call the members, once opened."""

    number: str
    title: str
    state: str
    review_on: date
    size: int
    substitutes: int
    stages: tuple[Stage, ...]
    cancelled_why: str
    instead_of: str
    again: tuple[str, ...]
    states: tuple[tuple[str, int], ...]
    frozen: FrozenPool | None
    versions: tuple[dict[str, Any], ...]
    opened_at: datetime | None
    panel: tuple[str, ...]


def published_draws() -> QuerySet[Draw]:
    """Draws of which something was published: frozen ones, whatever became of them."""
    found: QuerySet[Draw] = Draw.objects.filter(frozen__isnull=False).select_related("frozen").order_by("-pk")
    return found


def published_draw(number: str) -> PublicDraw | None:
    """One of them; None for a number of which nothing was published."""
    draw = published_draws().select_related("requested_by", "instead_of").filter(number=number).first()
    if draw is None:
        return None
    result = getattr(draw, "result", None)
    return PublicDraw(
        number=draw.number,
        title=draw.title,
        state=draw.get_state_display(),
        review_on=draw.review_on,
        size=draw.size,
        substitutes=draw.substitutes,
        stages=tuple(stages_of(draw)),
        cancelled_why=draw.cancelled_why,
        instead_of=draw.instead_of.number if draw.instead_of else "",
        again=tuple(draw.again.values_list("number", flat=True)),
        states=tuple((STATE_NAMES[s], draw.frozen.states[s.value]) for s in State),
        frozen=draw.frozen,
        versions=tuple(result.versions) if result else (),
        opened_at=result.opened_at if result else None,
        panel=outcome_of(draw).current if draw.opened else (),
    )


def frozen_file(number: str) -> bytes | None:
    draw = published_draws().filter(number=number).first()
    return draw.frozen.file.read() if draw else None


def outcome_file(number: str) -> bytes | None:
    """The result with nonce and digits; None before it is opened: whoever has both files knows the panel."""
    draw = published_draws().filter(number=number).first()
    return outcome_of(draw).content if draw and draw.opened else None


def verifier() -> bytes:
    """The stand-alone script that checks the two files."""
    return VERIFIER.read_bytes()
