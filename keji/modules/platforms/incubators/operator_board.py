"""What who runs an incubator sees first: today's tasks, figures, what is missing, whose time is up soonest."""

from __future__ import annotations

from datetime import date
from typing import Any

from keji.kernel import clock
from keji.kernel.people.roles import Actor
from keji.modules.platforms.incubators import rows
from keji.modules.platforms.incubators.services import board as boards
from keji.modules.platforms.incubators.services.houses import run_by
from keji.modules.platforms.incubators.services.rules import judge_houses

SOONEST = 8


def operator_board(actor: Actor) -> tuple[str, dict[str, Any]] | None:
    """(template, context) for the home page; None for who runs no house."""
    blocks = operator_blocks(actor, clock.today())
    return ("platforms/incubator_home.html", {"blocks": blocks, "columns": rows.TENANT_COLUMNS}) if blocks else None


def operator_blocks(actor: Actor, on: date) -> list[dict[str, Any]]:
    """One block a house this actor's unit runs."""
    run = run_by(actor, on)
    judged = judge_houses(run, on) if run else {}
    blocks = []
    for house in run:
        facts, verdicts = judged[house.pk]
        numbers = boards.counts(house.tenants.all(), on)
        near = boards.listed(house.tenants.all(), "tenants", on)[:SOONEST]
        blocks.append(
            {
                "house": house,
                "url": f"/platforms/incubators/{house.pk}",
                "tasks": boards.tasks(house, on, numbers),
                "stats": rows.house_stats(house, facts, numbers),
                "verdicts": [rows.verdict_card(v) for v in verdicts],
                "near": [rows.tenant_row(t, on) for t in near],
            }
        )
    return blocks
