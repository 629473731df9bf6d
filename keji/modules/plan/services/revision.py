"""Two editions side by side: which targets are the same, what changed in the words, what is carried over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from keji.kernel.audit.log import log
from keji.lib.plantext.groups import core
from keji.modules.plan.models import Allocation, FollowUp, Item, Plan, PlanTarget, TargetProgress
from keji.modules.plan.wording import said_of

Pair = tuple[PlanTarget | None, PlanTarget | None]
_CARRIED = ("basis", "indicator", "section_id", "by_county", "base", "curve")
_LEVEL = {"eq", "ge", "gt", "le", "lt", "about", "range"}
ALIKE = 0.75
_INCREMENT = re.compile(r"^(?:新增|净增|新建|新认定|新获批|新培育)")


def identity(target: Any) -> tuple[Any, ...]:
    """What makes two targets of two editions the same one: subject, unit, kind of figure – not its value."""
    family = "level" if target.op in _LEVEL else target.op.split("_")[0]
    added = bool(_INCREMENT.match(target.verb) or _INCREMENT.match(target.subject))
    subject = core(target.subject) or target.subject
    return subject, target.unit_base or target.unit, family, added, target.optional


def pair(old: Sequence[PlanTarget], new: Sequence[PlanTarget]) -> list[Pair]:
    """Each target of the new edition with its forerunner, in the new order; then what is no longer there."""
    left = list(old)
    found: dict[int, PlanTarget] = {}
    for same in (_identical, _near):
        for index, target in enumerate(new):
            if index not in found and (match := same(target, left)) is not None:
                found[index] = match
                left.remove(match)
    return [*((found.get(index), target) for index, target in enumerate(new)), *((gone, None) for gone in left)]


def _identical(target: PlanTarget, among: list[PlanTarget]) -> PlanTarget | None:
    wanted = identity(target)
    return next((o for o in among if identity(o) == wanted), None)


def _near(target: PlanTarget, among: list[PlanTarget]) -> PlanTarget | None:
    """The most alike subject with the same unit and kind of figure, when it is alike enough."""
    wanted = identity(target)
    best, best_ratio = None, ALIKE
    for other in among:
        theirs = identity(other)
        if theirs[1:] != wanted[1:]:
            continue
        ratio = SequenceMatcher(None, wanted[0], theirs[0], autojunk=False).ratio()
        if ratio >= best_ratio:
            best, best_ratio = other, ratio
    return best


@dataclass(frozen=True)
class Difference:
    """One target in two editions."""

    kind: str  # added, removed, changed, same
    old: PlanTarget | None
    new: PlanTarget | None
    changes: tuple[tuple[str, str, str], ...] = ()  # (what, before, after)

    @property
    def old_said(self) -> str:
        return said_of(self.old) if self.old else ""

    @property
    def new_said(self) -> str:
        return said_of(self.new) if self.new else ""


def differences(old: Sequence[PlanTarget], new: Sequence[PlanTarget]) -> list[Difference]:
    """Targets added, removed and changed come first in that order of the text; unchanged ones keep their place."""
    rows = []
    for before, after in pair(old, new):
        if before is None or after is None:
            rows.append(Difference("added" if before is None else "removed", before, after))
            continue
        changes = changes_between(before, after)
        rows.append(Difference("changed" if changes else "same", before, after, changes))
    return rows


def changes_between(before: PlanTarget, after: PlanTarget) -> tuple[tuple[str, str, str], ...]:
    rows = [
        ("目标值", said_of(before), said_of(after)),
        ("完成时限", before.due_on.isoformat(), after.due_on.isoformat()),
        ("力争目标", "是" if before.optional else "否", "是" if after.optional else "否"),
        ("跟踪", "不跟踪" if before.dropped else "跟踪", "不跟踪" if after.dropped else "跟踪"),
    ]
    return tuple(row for row in rows if row[1] != row[2])


def inherit(plan: Plan, old: Plan) -> None:
    """A revised draft starts from what people decided on the edition before: sources, sections, leaders."""
    former = list(old.targets.filter(merged_into__isnull=True).prefetch_related("assisting"))
    fresh = list(plan.targets.all())
    for before, after in pair(former, fresh):
        if before is None or after is None:
            continue
        for name in _CARRIED:
            setattr(after, name, getattr(before, name))
        after.dropped = before.dropped
        after.save(update_fields=[*_CARRIED, "dropped"])
        after.assisting.set(before.assisting.all())
    for was, item in pair_items(old, plan):
        item.leader_id, item.section_id = was.leader_id, was.section_id
        item.save(update_fields=["leader", "section"])
        item.assisting.set(was.assisting.all())


def pair_items(old: Plan, new: Plan) -> list[tuple[Item, Item]]:
    """(old, new) actions and tasks with the same or nearly the same title."""
    kinds = ("action", "task")
    left = list(old.items.filter(kind__in=kinds).prefetch_related("assisting"))
    fresh = list(new.items.filter(kind__in=kinds))
    found = []
    for least in (1.0, ALIKE):
        for item in list(fresh):
            alike = [(_likeness(o, item), -abs(o.order - item.order), o) for o in left if o.kind == item.kind]
            best = max(alike, key=lambda a: a[:2], default=None)
            if best and best[0] >= least:
                found.append((best[2], item))
                left.remove(best[2])
                fresh.remove(item)
    return found


def _likeness(one: Item, other: Item) -> float:
    if one.title == other.title:
        return 1.0
    return min(SequenceMatcher(None, one.title, other.title, autojunk=False).ratio(), 0.99)


def carry_over(plan: Plan, old: Plan, *, at: datetime) -> None:
    """The counties' shares, the filed progress and the follow-ups go on under the new edition's targets and tasks."""
    former = list(old.targets.filter(merged_into__isnull=True))
    fresh = list(plan.targets.filter(merged_into__isnull=True, dropped=False))
    moved: dict[str, int] = {"目标分解": 0, "目标进展": 0, "督办事项": 0}
    for before, after in pair(former, fresh):
        if before is None or after is None:
            continue
        moved["目标分解"] += Allocation.objects.filter(target=before).update(target=after, updated_at=at)
        moved["目标进展"] += TargetProgress.objects.filter(target=before).update(target=after)
    for was, item in pair_items(old, plan):
        moved["督办事项"] += FollowUp.objects.filter(item=was).update(item=item, title=item.title[:200], updated_at=at)
    if kept := {name: [None, count] for name, count in moved.items() if count}:
        log("承接上一版", plan, kept)


@dataclass(frozen=True)
class LinePair:
    """A line of the old text beside a line of the new: pieces (text, marked)."""

    old_number: int | None
    new_number: int | None
    old: tuple[tuple[str, bool], ...] = ()
    new: tuple[tuple[str, bool], ...] = ()
    same: bool = False


def text_changes(old: list[str], new: list[str]) -> list[LinePair]:
    """The two texts line by line; in a changed line the changed words are marked."""
    rows: list[LinePair] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            for i, j in zip(range(a, b), range(c, d), strict=True):
                rows.append(LinePair(i + 1, j + 1, ((old[i], False),), ((new[j], False),), same=True))
        else:
            rows.extend(_replaced(old, new, range(a, b), range(c, d)))
    return rows


def _replaced(old: list[str], new: list[str], gone: range, come: range) -> list[LinePair]:
    """Pair each new line with the first old one that is still much the same; the rest stand alone."""
    rows: list[LinePair] = []
    left = list(gone)
    for j in come:
        match = next((i for i in left if _alike(old[i], new[j])), None)
        if match is None:
            rows.append(LinePair(None, j + 1, (), ((new[j], True),)))
            continue
        while left[0] != match:
            i = left.pop(0)
            rows.append(LinePair(i + 1, None, ((old[i], True),), ()))
        left.pop(0)
        before, after = marked(old[match], new[j])
        rows.append(LinePair(match + 1, j + 1, before, after))
    rows.extend(LinePair(i + 1, None, ((old[i], True),), ()) for i in left)
    return rows


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() > 0.5 and matcher.quick_ratio() > 0.5 and matcher.ratio() > 0.5


def marked(old: str, new: str) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    """Both lines in pieces, the changed ones marked. A figure is one word: 750 → 760 is not a changed digit."""
    one, other = _words(old), _words(new)
    before: list[tuple[str, bool]] = []
    after: list[tuple[str, bool]] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if a < b:
            before.append(("".join(one[a:b]), tag != "equal"))
        if c < d:
            after.append(("".join(other[c:d]), tag != "equal"))
    return tuple(before), tuple(after)


def _words(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?%?|[A-Za-z]+|.", text)
