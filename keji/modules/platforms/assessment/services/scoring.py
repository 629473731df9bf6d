"""The experts' marks and the grade computed from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import fitted, locked
from keji.lib.figures import plain_date
from keji.modules.platforms.assessment import grading
from keji.modules.platforms.models import Assessment, Band, Mark, Panelist, Platform
from keji.modules.platforms.numbers import number


def conflict(party: Party, unit: str) -> str:
    """Why somebody of this unit may not judge this host; "" when they may. Former names count."""
    plain = _plain(unit)
    names = [party.name, *party.names.values_list("name", flat=True)]
    if any(plain and plain == _plain(name) for name in names):
        return f"专家来自被评单位“{party.name}”，应当回避，请另选"
    return ""


def _plain(name: str) -> str:
    return "".join(name.split()).replace("（", "(").replace("）", ")")


def save_panelist(
    record: Assessment,
    *,
    name: str,
    unit: str,
    visited_on: date,
    marks: Mapping[int, tuple[Decimal, str]],
    actor: Actor,
    at: datetime,
    panelist: Panelist | None = None,
) -> Panelist:
    """Enter one expert's sheet: {key of an item: (points, comment)} for every item of the scheme."""
    with writing(actor, at):
        fresh = _scored(record, actor)
        if why := conflict(fresh.party, unit):
            raise Refused(why)
        if not name.strip() or not unit.strip():
            raise Refused("请填写专家姓名和工作单位")
        if visited_on > day_of(at):
            raise Refused(f"评审日期{plain_date(visited_on)}在今天之后，请核对")
        items = {item.pk: item for item in fresh.campaign.scheme.items.all()}
        if set(marks) != set(items):
            raise Refused(f"每位专家要给全部 {len(items)} 项打分")
        for key, (points, _) in marks.items():
            if not 0 <= points <= items[key].full:
                raise Refused(f"“{items[key].name}”应在 0 到 {items[key].full} 分之间")
        same = fresh.panel.filter(name=name.strip(), unit=unit.strip()).exclude(pk=panelist.pk if panelist else 0)
        if same.exists():
            raise Refused(f"{name.strip()}（{unit.strip()}）已经登记过")
        row = panelist or Panelist(assessment=fresh)
        row.name, row.unit, row.visited_on = name.strip(), unit.strip(), visited_on
        row.save()
        row.marks.all().delete()
        Mark.objects.bulk_create(
            Mark(panelist=row, item=items[key], points=points, comment=fitted(Mark, "comment", said))
            for key, (points, said) in marks.items()
        )
        # On the expert's own sheet: the host reads the assessment's history, and who judged it is not told there.
        log("登记专家评分", row, {"专家": [None, f"{row.name}（{row.unit}）"]})
    return row


def drop_panelist(panelist: Panelist, *, actor: Actor, at: datetime) -> None:
    with writing(actor, at):
        _scored(panelist.assessment, actor)
        log("删去专家评分", panelist, {"专家": [f"{panelist.name}（{panelist.unit}）", None]})
        panelist.delete()


def _scored(record: Assessment, actor: Actor) -> Assessment:
    fresh: Assessment = locked(record)
    if not actor.has(Role.OFFICER):
        raise Refused("专家评分由业务科室登记")
    if fresh.state != Assessment.State.CHECKED:
        raise Refused(f"当前状态是“{fresh.get_state_display()}”，不能登记专家评分")
    return fresh


def panel_problem(record: Assessment) -> str:
    """Why the panel's marks do not make a grade yet; "" when they do."""
    count, least = record.panel.count(), number("assessment.experts_least", clock.today())
    if count < least:
        return f"已登记 {count} 位专家，至少要 {least} 位"
    if count % 2 == 0:
        return f"专家人数应为单数，现在是 {count} 位"
    items = record.campaign.scheme.items.count()
    if any(panelist.marks.count() != items for panelist in record.panel.all()):
        return "有的专家没有给全部项目打分"
    return ""


def exact_score(record: Assessment) -> Fraction:
    """The weighted mean of all marks, exactly. ValueError while an item has none."""
    given: dict[int, list[Decimal]] = {}
    for item, points in Mark.objects.filter(panelist__assessment=record).values_list("item_id", "points"):
        given.setdefault(item, []).append(points)
    items = record.campaign.scheme.items.all()
    return grading.total({i.name: (i.weight, i.full, given.get(i.pk, [])) for i in items})


def settle_grade(record: Assessment) -> None:
    """Set score, grade and whether it fails; the band's edge belongs to the band."""
    score = exact_score(record)
    bands = list(record.campaign.scheme.bands.all())
    record.grade = grading.grade(score, [(b.grade, b.at_least) for b in bands])
    record.score = grading.shown(score)
    record.failing = next(b.failing for b in bands if b.grade == record.grade)


def band_of(record: Assessment) -> Band | None:
    return record.campaign.scheme.bands.filter(grade=record.grade).first()


def must_mend(record: Assessment) -> bool:
    band = band_of(record)
    return band is not None and band.must_mend


def history_of(platform: Platform) -> Any:
    """Published assessments of a platform, the newest first."""
    rows = platform.assessments.filter(campaign__state="published").exclude(state="exempt")
    return rows.select_related("campaign").order_by("-campaign__year", "-pk")


def failed_twice(platforms: Any) -> list[Platform]:
    """Of these platforms, those standing ones whose last two published assessments both failed."""
    rows = Assessment.objects.filter(platform__in=platforms, campaign__state="published", platform__state="confirmed")
    last: dict[int, list[bool]] = {}
    for key, failing in (
        rows.exclude(state="exempt").order_by("-campaign__year", "-pk").values_list("platform_id", "failing")
    ):
        last.setdefault(key, []).append(failing)
    flagged = [key for key, results in last.items() if len(results) > 1 and all(results[:2])]
    return list(Platform.objects.filter(pk__in=flagged).select_related("party", "region").order_by("region__order"))
