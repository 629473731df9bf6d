"""What a unit's page says of its standing: sanctions and honours, those in force first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from keji.desk.guard import actor_of
from keji.kernel import clock
from keji.kernel.parties.models import Party, Standing

TONES = {"有效": "red", "待复核": "amber"}


def standing_panel(request: HttpRequest, party: Party) -> dict[str, Any]:
    today = clock.today()
    shown = Standing.objects.visible_to(actor_of(request)).filter(party=party).order_by("-from_on", "-pk")
    rows = []
    for row in sorted(shown, key=lambda r: r.word_on(today) != "有效"):
        word = row.word_on(today)
        tone = "green" if word == "有效" and row.kind == Standing.Kind.HONOUR else TONES.get(word, "gray")
        cells: list[dict[str, Any]] = [
            {"value": row.measure},
            {"value": row.get_kind_display()},
            {"value": row.restricted() or "—"},
            {"value": row.days()},
            {"value": word, "badge": tone},
        ]
        rows.append({"url": f"/d/standings/{row.pk}", "cells": cells})
    return {"columns": [{"label": t} for t in ("措施", "性质", "限制事项", "期限", "当前")], "rows": rows}
