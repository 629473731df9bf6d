"""The catalogue of editions: seeded from data, completed by the bureau as texts become known."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor
from keji.kernel.records.saving import save_changes
from keji.modules.integrity.models import CatalogueItem


def rows_of(text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(editions, items) of a catalogue file, ready for their models."""
    data = tomllib.loads(text)
    items: list[dict[str, Any]] = []
    for group in data["item"]:
        for order, (code, label, *rest) in enumerate(group["rows"], 1):
            row = {"edition": group["edition"], "kind": group["kind"], "code": code, "label": label, "order": order}
            row |= {"certain": group["certain"], "cites": group.get("cites", "")}
            if group["kind"] == "measure":
                row |= {"restricts": rest[0], "timed": rest[1]}
            elif group["kind"] == "severity":
                row |= {"least_months": rest[0], "most_months": None if rest[1] < 0 else rest[1]}
            items.append(row)
    return data["edition"], items


def add_items(rows: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime, source: str) -> list[CatalogueItem]:
    made = []
    with writing(actor, at):
        for row in rows:
            record = CatalogueItem.objects.create(**row)
            log("登记规则条目", record, {k: [None, v] for k, v in row.items() if v not in (None, "", [])})
            made.append(record)
    return made


def correct_item(record: CatalogueItem, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> CatalogueItem:
    saved: CatalogueItem = save_changes(record, values, "修改规则条目", actor=actor, at=at)
    return saved
