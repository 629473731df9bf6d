"""Writes of the register of rights, and the count of what a firm may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q

from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import changed_fields, next_numbers, source_of, stamp
from keji.kernel.records.saving import locked
from keji.modules.enterprises.rights.models import IpRight, IpShare, IpUse

COLUMNS = (
    *("party", "kind", "code", "title", "obtained", "granted_on", "lapses_on", "maintained_until"),
    "product_related",
)
Rows = Sequence[Mapping[str, Any]]


def register_rights(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[IpRight]:
    """Put rights on the register: {party, kind, code, title, obtained, granted_on, …, co_holders: [Party]} each."""
    made = []
    for row in rows:
        right = IpRight(**{k: row[k] for k in COLUMNS if row.get(k) is not None})
        right.region_id, right.reported_by_id = right.party.region_id, actor.id
        stamp(right, actor=actor, at=at, state=IpRight.State.REPORTED, source=source_of(actor, source))
        made.append(right)
    with writing(actor, at):
        for right, number in zip(made, next_numbers(IpRight.prefix, at.year, len(made)), strict=True):
            right.number = number
        IpRight.objects.bulk_create(made, batch_size=300)
        IpShare.objects.bulk_create(
            [
                IpShare(right=right, party=holder)
                for right, row in zip(made, rows, strict=True)
                for holder in row.get("co_holders") or ()
            ],
            batch_size=300,
        )
        for right in made:
            log("登记", right, {k: [None, getattr(right, k)] for k in COLUMNS if getattr(right, k)})
    return made


def correct_right(right: IpRight, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> IpRight:
    """Correct a right that is not confirmed; whoever corrects it has registered it."""
    with writing(actor, at):
        before = locked(right)
        columns = [k for k in COLUMNS if k in values]
        for name in columns:
            setattr(right, name, values[name])
        right.region_id, right.reported_by_id, right.updated_at = right.party.region_id, actor.id, at
        right.save()
        changes = changed_fields(before, right, columns)
        if "co_holders" in values:
            old = sorted(s.party.name for s in right.shares.select_related("party"))
            new = sorted(p.name for p in values["co_holders"])
            if old != new:
                right.shares.all().delete()
                IpShare.objects.bulk_create([IpShare(right=right, party=p) for p in values["co_holders"]])
                changes["共有人"] = ["、".join(old), "、".join(new)]
        if changes:
            log("更正", right, changes)
    return right


def use_refusal(right: IpRight, party: Party, year: int) -> str:
    """Why this holder may not use the right in that year's application; "" when it may."""
    holders = {right.party_id, *(s.party_id for s in right.shares.all())}
    if party.pk not in holders:
        return f"“{right.title}”不属于{party.name}"
    if right.state not in ("reported", "confirmed"):
        return f"“{right.title}”的状态是“{right.get_state_display()}”，不能使用"
    others = [u for u in right.uses.all() if (u.year, u.party_id) != (year, party.pk)]
    same_year = next((u for u in others if u.year == year), None)
    if same_year:
        return f"“{right.title}”是共有权利，{year}年已由{same_year.party.name}使用，同一次申报只能一家使用"
    if others and not right.first_class:
        first = min(others, key=lambda u: u.year)
        return f"“{right.title}”是Ⅱ类知识产权，{first.year}年申报已用过，Ⅱ类只能用一次"
    return ""


def mark_used(rights: Iterable[IpRight], party: Party, year: int, *, actor: Actor, at: datetime) -> int:
    """Note that these rights are used in the firm's 高企 application of a year; all or none. Raises Refused."""
    with writing(actor, at):
        keys = [r.pk for r in rights]
        rows = list(IpRight.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        done = 0
        for right in rows:
            if not right.access.reaches(actor, right.access.write, right):
                raise Refused(f"“{right.title}”不在您的范围内")
            if why := use_refusal(right, party, year):
                raise Refused(why)
            _, new = IpUse.objects.get_or_create(
                right=right, party=party, year=year, defaults={"at": at, "by": actor.name}
            )
            if new:
                log("用于高企申报", right, {"使用": [None, f"{year}年 {party.name}"]})
            done += new
    return done


def release_use(right: IpRight, party: Party, year: int, reason: str, *, actor: Actor, at: datetime) -> None:
    """The application was never sent in: its rights are free again."""
    if not reason.strip():
        raise Refused("请写明取消使用的原因")
    with writing(actor, at):
        if not right.access.reaches(actor, right.access.write, right):
            raise Refused("这项权利不在您的范围内")
        if not right.uses.filter(party=party, year=year).delete()[0]:
            raise Refused("没有这一年的使用登记")
        log("取消高企申报使用", right, {"使用": [f"{year}年 {party.name}", None]}, reason=reason)


COUNTED = ("class1_ip", "class2_ip", "class2_ip_used", "own_ip")


def held_by(parties: Sequence[int]) -> Q:
    return Q(party__in=parties) | Q(shares__party__in=parties)


def usable(parties: Sequence[int], on: date) -> dict[int, dict[str, int]]:
    """{firm: {class1_ip, class2_ip, class2_ip_used, own_ip}} of firms that keep the register.

    A Ⅱ类 right is used once an application of an earlier year named it. Of a shared right used by another holder in
    the very year of the day, none counts.
    """
    kept = IpRight.objects.filter(held_by(parties)).exclude(state="void").distinct()
    found: dict[int, dict[str, int]] = {}
    wanted = set(parties)
    for right in kept.prefetch_related("shares", "uses"):
        valid = right.granted_on <= on and (right.lapses_on is None or right.lapses_on >= on)
        for holder in {right.party_id, *(s.party_id for s in right.shares.all())} & wanted:
            row = found.setdefault(holder, dict.fromkeys(COUNTED, 0))
            if not valid or right.state == "returned" or not right.product_related:
                continue
            uses = right.uses.all()
            taken = any(u.year == on.year and u.party_id != holder for u in uses)
            spent = not right.first_class and any(u.year < on.year for u in uses)
            if not taken:
                row["class1_ip" if right.first_class else "class2_ip"] += 1
                row["class2_ip_used"] += spent
                if not spent:
                    row["own_ip"] = row["own_ip"] or int(right.obtained == IpRight.Obtained.OWN)
    return found


def yearly_average(party: Party, last: int, years: int = 3) -> Fraction:
    """Rights granted a year, on average over some years up to and including `last`. Exact."""
    since = date(last - years + 1, 1, 1)
    rows = IpRight.objects.filter(held_by([party.pk]), granted_on__gte=since, granted_on__lte=date(last, 12, 31))
    return Fraction(rows.filter(state__in=("reported", "confirmed")).distinct().count(), years)
