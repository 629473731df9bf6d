"""What titles tenants hold, asked of the kernel: a neighbour's register is not read directly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.apps import apps

from keji.kernel.facts.known import known_of
from keji.kernel.people.roles import Actor
from keji.kernel.records.models import Record

TITLES = "ZS"  # the number prefix of 科技资质: whoever keeps them, a title is found by its number
HNTE = "hnte"


def hnte_on(parties: Iterable[int], on: date) -> Mapping[int, bool | None]:
    """{party: holds a valid 高新技术企业 certificate on the day}; None where nothing is known."""
    wanted = sorted(set(parties))
    facts = known_of(wanted, on.year, on, [HNTE])
    return {p: None if (value := facts[p].get(HNTE)) is None else bool(value) for p in wanted}


def titles_of(party: int, on: date, actor: Actor) -> list[dict[str, Any]]:
    """The titles a firm holds on the day: {text, until, url}. They are published, so everybody here may know of them;
    only who may open the record gets its address."""
    found = []
    for model in _registers():
        for record in model._default_manager.filter(party=party).valid_on(on).order_by("valid_until"):
            may = model.access.reaches(actor, model.access.read, record)
            url = record.get_absolute_url() if may else ""
            found.append({"text": str(record), "until": record.valid_until, "url": url})
    return found


def _registers() -> list[Any]:
    return [m for m in apps.get_models() if issubclass(m, Record) and getattr(m, "prefix", "") == TITLES]
