"""分配评审: which of a batch's experts reviews which proposal, the best there is, proved, and adopted by an officer.

Everything follows from the batch, its people and three numbers: the same page gives the same plan, and adopting works
it out again and refuses when something has changed since it was looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np

from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import Person
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import locked
from keji.lib import assignment
from keji.lib.assignment import FULL_FIT, Assignment, CannotAssign, Problem, Relaxation
from keji.lib.merkle import canonical
from keji.modules.experts import api as experts
from keji.modules.projects.models import Proposal, Review, ReviewBatch
from keji.modules.projects.reviews.services import fitting
from keji.modules.projects.reviews.services.drawing import drawn_people, subjects_of
from keji.modules.projects.reviews.services.panel import barred, conflict_with, proposals_of

FINANCE = "财务"
MOST_PAIRS = 200_000  # proposals times experts a page works out in about a second


@dataclass(frozen=True)
class Options:
    """`each` experts a proposal (odd), `finance` of them at least for finance; at most `load` proposals an expert;
    `fair`: the proposal that fares worst first, the total second."""

    each: int
    load: int
    finance: int = 0
    fair: bool = False

    def check(self, least: int) -> None:
        """Refused where the numbers cannot be meant."""
        if self.each % 2 == 0:
            raise Refused(f"每个项目的专家人数应为单数，现在是 {self.each} 位")
        if self.each < least:
            raise Refused(f"按评审方案每个项目至少 {least} 位专家，现在是 {self.each} 位")
        if not 1 <= self.load <= 999 or not 0 <= self.finance <= self.each <= 21:
            raise Refused("每位专家至少评 1 项；财务专家不能多于每个项目的专家人数，每个项目最多 21 位")


@dataclass(frozen=True)
class Facts:
    """The batch as it stands: who could review, what, how well each fits, and what must not be."""

    batch: ReviewBatch
    proposals: list[Proposal]
    people: list[Person]
    fits: np.ndarray[Any, np.dtype[np.int64]]
    forbidden: dict[tuple[int, int], str]  # (place of the proposal, of the person) → why
    finance: list[bool]
    employers: list[str]

    @cached_property
    def leads(self) -> dict[int, list[int]]:
        """Proposal → the people of the panel who lead it."""
        place = {p.pk: i for i, p in enumerate(self.people)}
        led = ((at, place[p.leader_id]) for at, p in enumerate(self.proposals) if p.leader_id in place)
        return {at: [who] for at, who in led}

    def problem(self, options: Options) -> Problem:
        allowed = np.ones(self.fits.shape, bool)
        for pair in self.forbidden:
            allowed[pair] = False
        return Problem(
            fit=self.fits,
            allowed=allowed,
            size=options.each,
            load=np.full(len(self.people), options.load, np.int64),
            kind=np.array(self.finance, np.int64),
            roles=(assignment.Role(0, options.each), assignment.Role(options.finance, options.each)),
            leads=self.leads,
            seed=self.batch.number,
        )


@dataclass(frozen=True)
class Plan:
    """`panels`: proposal's place → places of its people. `problems` and `changes` instead where there is none."""

    facts: Facts
    options: Options
    found: Assignment | None
    problems: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()

    @cached_property
    def panels(self) -> list[list[int]]:
        return [] if self.found is None else [list(map(int, row)) for row in self.found.panels]

    @cached_property
    def loads(self) -> Counter[int]:
        return Counter(who for panel in self.panels for who in panel)

    @cached_property
    def digest(self) -> str:
        """Changes when who reviews what, or why somebody may not, changes."""
        facts = self.facts
        rows = [
            [facts.proposals[at].pk, [facts.people[who].pk for who in panel]] for at, panel in enumerate(self.panels)
        ]
        away = [[a, b, why] for (a, b), why in sorted(facts.forbidden.items())]
        return sha256(canonical({"options": asdict(self.options), "rows": rows, "away": away})).hexdigest()


def usual(batch: ReviewBatch, facts: Facts) -> Options:
    """What the page starts from: the scheme's number of experts, and a load that just leaves some room."""
    each = batch.guideline.scheme.panel_least
    seats = each * max(1, len(facts.proposals))
    return Options(each, min(999, -(-seats // max(1, len(facts.people))) + 1))


def facts_of(batch: ReviewBatch) -> Facts:
    """Raises Refused where there is nothing to give out or nobody to give it to."""
    proposals = list(proposals_of(batch))
    if not proposals:
        raise Refused("批次里没有项目")
    people = _people(batch)
    if len(people) * len(proposals) > MOST_PAIRS:
        raise Refused(f"{len(proposals)} 个项目、{len(people)} 位专家太多，请按支持方向分成几个批次")
    profiles = experts.profiles_of([p.pk for p in people])
    words = [fitting.known_to(profiles[p.pk].words) if p.pk in profiles else set() for p in people]
    texts = [fitting.words_of(p) for p in proposals]
    return Facts(
        batch,
        proposals,
        people,
        np.array([[fitting.fit(known, text) for known in words] for text in texts], np.int64),
        _forbidden(proposals, people),
        [p.pk in profiles and profiles[p.pk].kind == FINANCE for p in people],
        [str(p.party or (profiles[p.pk].employer if p.pk in profiles else "单位未登记")) for p in people],
    )


def _people(batch: ReviewBatch) -> list[Person]:
    """Who sits on the batch already, else whom its opened draw named."""
    there = set(batch.reviews.exclude(state=Review.State.RECUSED).values_list("person", flat=True))
    if batch.state != ReviewBatch.State.DRAFT and not there:
        raise Refused("批次里没有专家")
    drawn: list[Person] = []
    if batch.state == ReviewBatch.State.DRAFT and batch.draw_number:
        try:
            drawn = drawn_people(batch)
        except Refused:
            if not there:
                raise
    if not there and not drawn:
        raise Refused("还没有评审专家：请先申请抽取，评审日启封后再来分配；或在批次页面按姓名安排")
    keys = there | {p.pk for p in drawn}
    return list(Person.objects.filter(pk__in=keys).select_related("party").order_by("pk"))


def _forbidden(proposals: Sequence[Proposal], people: Sequence[Person]) -> dict[tuple[int, int], str]:
    """Every pair that must not be, with the reason: the pool's rules, and what the proposals themselves say."""
    place = {p.pk: i for i, p in enumerate(people)}
    rules = experts.clashes(subjects_of(proposals), list(place), clock.today())
    found = {(at, place[person]): f"{people[place[person]].name}：{why}" for (at, person), why in rules.items()}
    for who, person in enumerate(people):
        out = barred(person)
        for at, proposal in enumerate(proposals):
            if why := out or conflict_with(person, proposal):
                found.setdefault((at, who), why)
    return found


def plan_for(batch: ReviewBatch, options: Options, facts: Facts | None = None) -> Plan:
    """The best allocation, or why there is none and what would do. Raises Refused; writes nothing."""
    options.check(batch.guideline.scheme.panel_least)
    facts = facts or facts_of(batch)
    problem = facts.problem(options)
    try:
        return Plan(facts, options, assignment.assign(problem, fair=options.fair))
    except CannotAssign as why:
        told = tuple(_named(sentence, facts) for sentence in why.sentences)
        least = batch.guideline.scheme.panel_least
        changes = tuple(_change(r, options, least) for r in assignment.relaxations(problem, step=2))
        return Plan(facts, options, None, told, changes)


def _named(sentence: str, facts: Facts) -> str:
    """The sentence with the proposal's number instead of its place, and the kind of expert by name."""
    for at in range(len(facts.proposals), 0, -1):
        sentence = sentence.replace(f"第{at}个项目", f"{facts.proposals[at - 1].number} ")
    return sentence.replace("第2类专家", "财务专家").replace("第1类专家", "其他专家")


def _change(found: Relaxation, options: Options, least: int) -> str:
    if found.what == "load":
        return f"每位专家最多 {options.load} 项，提高到 {options.load + found.after} 项"
    if found.what == "size":
        short = f"（评审方案要求至少 {least} 位，要先改方案）" if found.after < least else ""
        return f"每个项目 {found.before} 位专家，减为 {found.after} 位{short}"
    return f"每个项目至少 {found.before} 位财务专家，减为 {found.after} 位"


def adopt(batch: ReviewBatch, options: Options, digest: str, *, actor: Actor, at: datetime) -> Plan:
    """Write the plan's sheets in place of those the draft batch has. Raises Refused when it is no longer that plan."""
    if not actor.has(Role.OFFICER):
        raise Refused("评审由业务科室分配")
    with writing(actor, at):
        fresh: ReviewBatch = locked(batch)
        if fresh.state != ReviewBatch.State.DRAFT:
            raise Refused("评审已经开始，只能逐项换人")
        plan = plan_for(fresh, options)
        if plan.found is None:
            raise Refused(plan.problems[0] if plan.problems else "没有可行的分配")
        if plan.digest != digest:
            raise Refused("项目、专家或回避情况有变化，请重新查看后再采用")
        before = fresh.reviews.count()
        codes = dict(fresh.reviews.values_list("person", "code"))
        fresh.reviews.all().delete()
        Review.objects.bulk_create(_sheets(plan, codes, at), batch_size=500)
        fresh.updated_at = at
        fresh.save(update_fields=["updated_at"])
        log("采用评审分配", fresh, _told(plan, before))
    return plan


def _sheets(plan: Plan, codes: dict[int, str], at: datetime) -> list[Review]:
    facts = plan.facts
    for who in sorted(plan.loads):
        codes.setdefault(facts.people[who].pk, f"Z{len(codes) + 1:02d}")
    return [
        Review(
            batch=facts.batch, proposal=facts.proposals[place], person=facts.people[who],
            code=codes[facts.people[who].pk], draw_number=facts.batch.draw_number, state_since=at,
        )
        for place, panel in enumerate(plan.panels)
        for who in panel
    ]  # fmt: skip


def _told(plan: Plan, before: int) -> dict[str, Any]:
    found, options = plan.found, plan.options
    assert found is not None
    return {
        "评审表": [before, sum(plan.loads.values())],
        "每个项目专家": [None, options.each],
        "每位专家最多": [None, options.load],
        "总契合度": [None, f"{found.total}/{FULL_FIT * options.each * len(plan.panels)}，上界 {found.bound}"],
        "方案摘要": [None, plan.digest],
    }
