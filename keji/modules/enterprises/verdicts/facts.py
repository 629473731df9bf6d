"""The facts a verdict rests on, with where each comes from; and facts changed on a page to see what would follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from keji.kernel.clock import day_of
from keji.kernel.facts.known import is_derived
from keji.kernel.facts.models import STANDING, FactFile, Statement
from keji.kernel.parties.models import Party
from keji.lib.figures import plain_date
from keji.lib.rules import vocabulary
from keji.lib.rules.condition import label_of
from keji.lib.rules.vocabulary import Fact, Kind

TONES = {"stated": "amber", "confirmed": "green", "settled": "green"}
UNKNOWN = "?"
PREFIX = "if_"


def split(key: str) -> tuple[str, int]:
    """("revenue", 2) for "revenue-2"; a standing fact has 0."""
    name, _, back = key.partition("-")
    return name, int(back or 0)


@dataclass
class Source:
    """Where one fact comes from: words, and the state with its colour."""

    text: str
    state: str = ""
    tone: str = "gray"


def sources(party: Party, keys: Iterable[str], year: int, on: date, known: Mapping[str, int]) -> dict[str, Source]:
    """{key: source} for every fact a rule reads of this unit."""
    wanted = {key: (name, year - back if back else STANDING) for key in keys for name, back in [split(key)]}
    stated: dict[tuple[str, int], list[Statement]] = defaultdict(list)
    years = {y for _, y in wanted.values()}
    for s in Statement.objects.live(on).filter(party=party, year__in=years).order_by("-stated_at", "-pk"):  # type: ignore[attr-defined]
        stated[s.name, s.year].append(s)
    files = FactFile.objects.filter(party=party, year__in=years).values_list("year", "unsettled")
    unsettled = {(name, y) for y, names in files for name in names}
    found = {}
    for key, (name, of) in wanted.items():
        rows = [s for s in stated[name, of] if s.value == known.get(key)]
        if (name, of) in unsettled and key not in known:
            found[key] = Source(f"{len(stated[name, of])} 个来源说法不一", "来源不一致", "red")
        elif is_derived(name) and key in known and not rows:
            found[key] = Source("由登记信息得出", "自动计算", "blue")
        elif rows:
            best = next((s for s in rows if s.state != Statement.State.STATED), rows[0])
            found[key] = Source(
                f"{best.get_origin_display()}，{plain_date(day_of(best.stated_at))}",
                best.get_state_display(),
                TONES.get(best.state, "gray"),
            )
        elif key in known:
            found[key] = Source("由登记信息得出", "自动计算", "blue")
        else:
            found[key] = Source("", "资料不足", "gray")
    return found


def fact_groups(
    party: Party, keys: Iterable[str], year: int, on: date, known: Mapping[str, int]
) -> list[dict[str, Any]]:
    """The facts of a rule by group, as the page lists them."""
    keys = list(keys)
    where = sources(party, keys, year, on, known)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for key in keys:
        fact = vocabulary.fact(split(key)[0])
        groups[fact.group].append(
            {
                "key": key,
                "label": label_of(key, {"year": year}),
                "value": fact.text(known.get(key)),
                "source": where[key],
                "help": fact.help,
            }
        )
    return [{"title": title, "facts": rows} for title, rows in groups.items()]


@dataclass
class WhatIf:
    """Facts changed on the page: what was typed, what it means, what cannot be read."""

    typed: dict[str, str] = field(default_factory=dict)
    changes: dict[str, int | None] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def what_if(query: Mapping[str, str], keys: Iterable[str]) -> WhatIf:
    """Read the changed facts of a query: amounts in 万元, "?" for not known; what is left empty stays as it is."""
    found = WhatIf()
    for key in keys:
        text = str(query.get(PREFIX + key, "")).strip()[:40]
        if not text:
            continue
        found.typed[key] = text
        fact = vocabulary.fact(split(key)[0])
        try:
            found.changes[key] = None if text in (UNKNOWN, "？") else read(fact, text)
        except (ValueError, InvalidOperation) as problem:
            found.errors[key] = sentence(problem, fact)
    return found


def sentence(problem: Exception, fact: Fact) -> str:
    if isinstance(problem, InvalidOperation) or not str(problem).startswith("“"):
        unit = "万元" if fact.kind is Kind.MONEY else fact.unit
        return f"“{fact.label}”应填数字{f'（{unit}）' if unit else ''}，不清楚的填“?”"
    return str(problem)


def read(fact: Fact, text: str) -> int | None:
    """The integer for what people type on this page. Raises ValueError or InvalidOperation for what is no number."""
    if fact.kind is Kind.DATE:
        return fact.store(date.fromisoformat(text))
    number = Decimal(text.replace(",", "").replace("，", ""))
    if not number.is_finite() or abs(number) >= Decimal(10) ** 12:
        raise ValueError(f"“{fact.label}”的数太大了，请核对单位")
    if fact.kind is Kind.YES_NO and number not in (0, 1):
        raise ValueError(f"“{fact.label}”只有“是”和“否”")
    return fact.store(number * 10_000 if fact.kind is Kind.MONEY else number)


def inputs(groups: list[dict[str, Any]], asked: WhatIf) -> list[dict[str, Any]]:
    """The same groups with what a form needs: options of choices, what was typed, the unit, the mistake."""
    for group in groups:
        for row in group["facts"]:
            key = row["key"]
            fact = vocabulary.fact(split(key)[0])
            row["name"] = PREFIX + key
            row["typed"], row["error"] = asked.typed.get(key, ""), asked.errors.get(key, "")
            row["unit"] = "万元" if fact.kind is Kind.MONEY else fact.unit
            row["options"] = [(str(value), text) for value, text in options(fact)]
            row["kind"] = "date" if fact.kind is Kind.DATE else "text"
        group["changed"] = any(row["typed"] for row in group["facts"])
        group["columns"], group["lines"] = by_year(group["facts"])
    return groups


def by_year(facts: list[dict[str, Any]]) -> tuple[list[str], list[dict[str, Any]]]:
    """One line a fact, one column a year; what belongs to no year stands in a column of its own."""
    backs = sorted({split(row["key"])[1] for row in facts}, reverse=True)
    titles = {split(row["key"])[1]: row["label"].partition("年")[0] + "年" for row in facts}
    lines: dict[str, dict[str, Any]] = {}
    for row in facts:
        name, back = split(row["key"])
        fact = vocabulary.fact(name)
        line = lines.setdefault(
            name, {"name": name, "label": fact.label, "help": fact.help, "cells": [None] * len(backs)}
        )
        line["cells"][backs.index(back)] = row
    return [titles[back] if back else "现状" for back in backs], list(lines.values())


def options(fact: Fact) -> list[tuple[int | str, str]]:
    if fact.kind is Kind.YES_NO:
        return [(1, "是"), (0, "否"), (UNKNOWN, "不清楚")]
    if fact.kind is Kind.CHOICE:
        return [*fact.choices.items(), (UNKNOWN, "不清楚")]
    return []
