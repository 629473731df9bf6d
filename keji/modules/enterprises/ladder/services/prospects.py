"""Sifting the assessments: who meets a rule, who lacks one thing of it, in the words of the verdict itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Max, OuterRef, Subquery

from keji.kernel.audit.log import log, writing
from keji.kernel.facts.known import known_of
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.kernel.rules.judging import program_on
from keji.kernel.rules.models import Assessment
from keji.lib.rules import vocabulary
from keji.lib.rules.found import Verdict
from keji.lib.rules.rule import Program, leaves, rules
from keji.modules.enterprises import rungs  # noqa: F401  the words and the rules enter their catalogues
from keji.modules.enterprises.facts import declared as facts  # noqa: F401  the words and the rules enter their catalogues
from keji.modules.enterprises.ladder.models import Prospect, ProspectRun, Rung

SLICE = 5_000  # assessments whose facts are in memory at once
Kind = Prospect.Kind


@dataclass(frozen=True)
class Nearness:
    """How near one verdict is to a yes."""

    kind: str
    key: str = ""
    label: str = ""
    gap: str = ""
    effort: int = 0
    open_count: int = 0


def nearness_of(verdict: Verdict, year: int) -> Nearness | None:
    """What one verdict lacks when it lacks at most one thing; None for a firm further away."""
    if verdict.passed:
        return Nearness(Kind.READY, label="全部条件符合")
    open_count = sum(n.passed is None for n in verdict.nodes)
    if verdict.passed is None:
        missing = verdict.missing
        if not missing:
            waiting = "、".join(n.label for n in verdict.open)
            return Nearness(Kind.EXPERTS, label=waiting[:160], gap=_score(verdict), open_count=open_count)
        if len(missing) > 1:
            return None
        word = fact_word(missing[0], year)
        return Nearness(Kind.FACT, missing[0], word[:160], f"补上“{word}”后可作出评价"[:300], 0, open_count)
    failing = [n for n in leaves(verdict.nodes) if n.passed is False]
    if len(failing) != 1:
        return None
    node = failing[0]
    said = node.gap or "，".join(
        t for t in (f"现状：{node.found}" if node.found else "", f"要求：{node.need}" if node.need else "") if t
    )
    effort = 1000 if node.effort is None else min(int(node.effort * 1000), 2_000_000_000)
    return Nearness(Kind.CONDITION, node.key or node.label, node.label[:160], said[:300], effort, open_count)


def _score(verdict: Verdict) -> str:
    return "；".join(f"{n.label}{n.found}，{n.need}" for n in verdict.open if n.found)[:300]


def fact_word(key: str, year: int) -> str:
    """A fact as people call it: "revenue-1" in a case of 2024 is 2023年销售（营业）收入."""
    name, _, back = key.partition("-")
    try:
        label = vocabulary.fact(name).label
    except KeyError:
        return name
    return f"{year - int(back)}年{label}" if back else label


def refresh_prospects(
    *,
    on: date,
    actor: Actor,
    at: datetime,
    everybody: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> ProspectRun:
    """Sift what was judged since the last time (or everything) and keep who is near; one entry in the log."""
    last = ProspectRun.objects.first()
    codes = [code for code in Rung.values if code in rules()]
    judged = Assessment.objects.filter(rule__in=codes)
    newest = judged.aggregate(newest=Max("at"))["newest"]
    if last is not None and last.judged_until and not everybody:
        judged = judged.filter(at__gte=last.judged_until)
    ids = list(judged.order_by("pk").values_list("pk", flat=True))
    with writing(actor, at):
        for start in range(0, len(ids), SLICE):
            _sift(ids[start : start + SLICE], on)
            progress(min(start + SLICE, len(ids)), len(ids))
        _follow_moves()
        run = ProspectRun.objects.create(
            at=at, judged_until=newest, touched=len(ids), total=Prospect.objects.order_by().count()
        )
        log("更新后备名单", run, {"后备企业数": [last.total if last else None, run.total]})
    return run


def _sift(ids: Sequence[int], on: date) -> None:
    rows: dict[tuple[str, int], list[Assessment]] = defaultdict(list)
    for part in _some(ids):
        for row in Assessment.objects.filter(pk__in=part).select_related("party"):
            if row.party.merged_into_id is None and _may_be_near(row):
                rows[row.rule, row.year].append(row)
        Prospect.objects.filter(assessment__in=part).delete()
    made = []
    for (code, year), assessments in rows.items():
        day = min(on, date(year, 12, 31))
        program = program_on(code, day)
        for row, verdict in _verdicts(program, assessments, year, day):
            if near := nearness_of(verdict, year):
                made.append(
                    Prospect(assessment=row, party=row.party, region_id=row.party.region_id, rule=code, **vars(near))
                )
    Prospect.objects.bulk_create(made, batch_size=500)


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), 900):
        yield ids[start : start + 900]


def _may_be_near(row: Assessment) -> bool:
    """Most are far away, and the columns of the batch say so already."""
    return row.passed is not False or row.failing_count <= 1


def _verdicts(program: Program, rows: list[Assessment], year: int, day: date) -> Iterator[tuple[Assessment, Verdict]]:
    known = known_of([r.party_id for r in rows], year, day, program.keys)
    for row in rows:
        yield row, program.judge(known[row.party_id])


def _follow_moves() -> None:
    """A firm that moved is its new county's."""
    moved = Prospect.objects.exclude(region=F("party__region"))
    party = Party.objects.filter(pk=OuterRef("party")).values("region")[:1]
    if moved.exists():
        Prospect.objects.filter(pk__in=list(moved.values_list("pk", flat=True))).update(region=Subquery(party))


def behind() -> Any:
    """The moment of the newest assessment the list does not know yet; None when it knows all."""
    last = ProspectRun.objects.first()
    # From the newest down: the greatest of several rules would be looked for among all verdicts of each of them.
    newest = Assessment.objects.filter(rule__in=Rung.values).order_by("-at").values_list("at", flat=True).first()
    return newest if newest and (last is None or last.judged_until is None or newest > last.judged_until) else None
