"""Folding one party into another, and taking it back: every row that points at the folded one moves along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import DuplicatePair, Merge, Party, PartyName, party_references
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused

State = DuplicatePair.State
#: (kept, folded) → keys of the rows to move, where not simply all of them do; Refused when a person must decide first.
Chooser = Callable[[Party, Party], list[Any]]
_choosers: dict[type[models.Model], Chooser] = {}
_afterwards: list[Callable[[Sequence[Party], datetime], None]] = []


def chooses(model: type[models.Model]) -> Callable[[Chooser], Chooser]:
    """Mark what says which rows of a model move when two parties become one."""

    def enter(chooser: Chooser) -> Chooser:
        _choosers[model] = chooser
        return chooser

    return enter


def afterwards(work: Callable[[Sequence[Party], datetime], None]) -> Callable[[Sequence[Party], datetime], None]:
    """Mark what works out anew, for both parties, what follows from the rows that moved."""
    _afterwards.append(work)
    return work


def refusal(actor: Actor) -> str:
    """Only an officer says which of two parties is the real one: a merge crosses counties."""
    return "" if actor.has(Role.OFFICER) else "合并单位由业务科室办理"


def merge(kept: Party, folded: Party, *, actor: Actor, at: datetime) -> Merge:
    """Fold `folded` into `kept`: its records, accounts and names move; its row stays and points at the other.

    Raises Refused with a sentence when both hold something only one of them may hold.
    """
    if why := refusal(actor):
        raise Refused(why)
    with writing(actor, at):
        locked = {p.pk: p for p in Party.objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, folded.pk])}
        kept, folded = locked[kept.pk], locked[folded.pk]
        if kept.pk == folded.pk:
            raise Refused("不能把一个单位并入它自己")
        if kept.merged_into_id or folded.merged_into_id:
            raise Refused("其中一个单位已经并入别的单位，请先撤销那次合并")
        moved = _move(kept, folded)
        folded.merged_into = kept
        folded.save(update_fields=["merged_into"])
        made = Merge.objects.create(kept=kept, folded=folded, moved=moved, at=at)
        _work_out_anew(kept, folded, at)
        _settle(kept, folded, State.MERGED)
        count = sum(len(ids) for ids in moved.values())
        log("合并单位", kept, {"并入": [None, f"{folded.name}（{folded.uscc}），{count} 条记录"]})
        log("并入其他单位", folded, {"并入": [None, f"{kept.name}（{kept.uscc}）"]})
    return made


def undo(made: Merge, *, actor: Actor, at: datetime) -> Merge:
    """Take a merge back: exactly the rows it moved return; what came to the kept party since then stays there."""
    if why := refusal(actor):
        raise Refused(why)
    with writing(actor, at):
        made = Merge.objects.select_for_update(of=("self",)).get(pk=made.pk)
        if made.undone_at:
            raise Refused("这次合并已经撤销过")
        if made.kept.merged_into_id:
            raise Refused(f"“{made.kept.name}”后来又并入了别的单位，请先撤销那次合并")
        for place, ids in made.moved.items():
            model, column = _place(place)
            try:
                with transaction.atomic():
                    _assign(model, column, ids, made.folded)
            except IntegrityError:
                raise Refused(f"“{model._meta.verbose_name}”中有记录不能退回原单位，请先更正后再撤销合并") from None
        made.folded.merged_into = None
        made.folded.save(update_fields=["merged_into"])
        _work_out_anew(made.kept, made.folded, at)
        made.undone_at = at
        made.save(update_fields=["undone_at"])
        _settle(made.kept, made.folded, State.OPEN)
        log("撤销合并", made.kept, {"并入": [f"{made.folded.name}（{made.folded.uscc}）", None]})
        log("撤销合并", made.folded, {"并入": [f"{made.kept.name}（{made.kept.uscc}）", None]})
    return made


def call_distinct(pair: DuplicatePair, *, actor: Actor, at: datetime) -> DuplicatePair:
    """Say that two look-alikes are two; they are not shown again."""
    if why := refusal(actor):
        raise Refused(why)
    with writing(actor, at):
        pair = DuplicatePair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
        if pair.state != State.OPEN:
            raise Refused(f"这一对已经判定为“{pair.get_state_display()}”")
        pair.state = State.DISTINCT
        pair.save(update_fields=["state"])
        log("判定不是同一单位", pair, {"state": [State.OPEN, State.DISTINCT]})
    return pair


def _move(kept: Party, folded: Party) -> dict[str, list[Any]]:
    moved: dict[str, list[Any]] = defaultdict(list)
    # The names a party had move too: a search by its old name must find the kept one.
    references: list[tuple[type[models.Model], str]] = [*party_references(), (PartyName, "party")]
    for model, column in references:
        rows = model._default_manager.filter(**{column: folded})
        chooser = _choosers.get(model)
        ids = sorted(chooser(kept, folded) if chooser else rows.values_list("pk", flat=True))
        if not ids:
            continue
        try:
            with transaction.atomic():
                _assign(model, column, ids, kept)
        except IntegrityError:
            name = model._meta.verbose_name
            raise Refused(f"两个单位都有同类的“{name}”，合并后会重复，请先作废或更正其中一条") from None
        moved[f"{model._meta.label_lower}.{column}"] = ids
    return dict(moved)


def _work_out_anew(kept: Party, folded: Party, at: datetime) -> None:
    for model, column in party_references(worked_out=True):
        model._default_manager.filter(**{f"{column}__in": [kept, folded]}).delete()
    for work in _afterwards:
        work([kept, folded], at)


def _assign(model: type[models.Model], column: str, ids: list[Any], party: Party) -> None:
    """Point rows at a party; a record's region goes with its party's, so the count stays in the right county."""
    values: dict[str, Any] = {column: party}
    names = {f.name for f in model._meta.concrete_fields}
    if column == "party" and "region" in names and hasattr(model, "prefix"):
        values["region"] = party.region
    for start in range(0, len(ids), 500):
        model._default_manager.filter(pk__in=ids[start : start + 500]).update(**values)


def _place(place: str) -> tuple[type[models.Model], str]:
    label, column = place.rsplit(".", 1)
    return apps.get_model(label), column


def _settle(first: Party, second: Party, state: str) -> None:
    low, high = sorted((first.pk, second.pk))
    DuplicatePair.objects.filter(first_id=low, second_id=high).update(state=state)
