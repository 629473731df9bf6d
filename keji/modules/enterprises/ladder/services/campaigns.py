"""Campaigns and applications: opening a year, applying, ticking materials, results by the sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.parties.models import Standing
from keji.kernel.parties.standings import blocked_parties
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import next_numbers, source_of, stamp
from keji.kernel.records.saving import locked, save_changes
from keji.modules.enterprises.ladder.campaign_models import Application, Campaign, CampaignBatch

Rows = Sequence[Mapping[str, Any]]
CAMPAIGN_COLUMNS = ("rung", "year", "title", "materials", "note")
BATCH_COLUMNS = ("campaign", "name", "county_due_on", "due_on", "certain", "cites")
APPLICATION_COLUMNS = ("party", "campaign", "batch", "contact", "note")


def plan_campaigns(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Campaign]:
    """Set up campaigns. The last one of the same rung lends its batches, shifted to the year and marked 待核."""
    made = []
    with writing(actor, at):
        for row in rows:
            campaign = Campaign.objects.create(**{k: row[k] for k in CAMPAIGN_COLUMNS if k in row}, state_since=at)
            log("设立申报活动", campaign, {"title": [None, campaign.title]})
            _borrow_batches(campaign)
            made.append(campaign)
    return made


def _borrow_batches(campaign: Campaign) -> None:
    earlier = Campaign.objects.filter(rung=campaign.rung, year__lt=campaign.year).order_by("-year").first()
    if earlier is None:
        return
    if not campaign.materials:
        campaign.materials = earlier.materials
        campaign.save(update_fields=["materials"])
    for batch in earlier.batches.all():
        CampaignBatch.objects.create(
            campaign=campaign,
            name=batch.name.replace(str(earlier.year), str(campaign.year)),
            county_due_on=_in_year(batch.county_due_on, campaign.year),
            due_on=_in_year(batch.due_on, campaign.year),
            certain=False,
            cites=f"暂按{earlier.year}年日期，待{campaign.year}年通知",
        )


def _in_year(day: date | None, year: int) -> Any:
    if day is None:
        return None
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def correct_campaign(campaign: Campaign, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Campaign:
    said = {k: values[k] for k in ("title", "materials", "note") if k in values}
    changed: Campaign = save_changes(campaign, said, "修改", actor=actor, at=at)
    return changed


def add_batches(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[CampaignBatch]:
    made = []
    with writing(actor, at):
        for row in rows:
            batch = CampaignBatch.objects.create(**{k: row[k] for k in BATCH_COLUMNS if k in row})
            log("录入批次", batch, {"due_on": [None, batch.due_on]})
            made.append(batch)
    return made


def correct_batch(batch: CampaignBatch, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> CampaignBatch:
    said = {k: values[k] for k in BATCH_COLUMNS if k in values and k != "campaign"}
    changed: CampaignBatch = save_changes(batch, said, "修改批次日期", actor=actor, at=at)
    return changed


class Begun(list[Application]):
    """Applications that were started; `refused` says of every other firm why not."""

    refused: Sequence[str] = ()


def begin_applications(rows: Rows, *, actor: Actor, at: datetime, source: str) -> Begun:
    """Start applications: {party, campaign, batch, contact?, note?} each; they are drafts until handed in.

    A barred firm is left out and named in `refused`, the others go on. Raises Refused when nobody is left.
    """
    barred = blocked_parties(Standing.Verb.RECOGNISE, day_of(at))
    refused = [f"{r['party']}{barred[r['party'].pk]}" for r in rows if r["party"].pk in barred]
    allowed = [row for row in rows if row["party"].pk not in barred]
    if refused and not allowed:
        raise Refused("；".join(refused))
    made = Begun()
    made.refused = refused
    with writing(actor, at):
        for row, number in zip(allowed, next_numbers(Application.prefix, at.year, len(allowed)), strict=True):
            record = Application(number=number, **{k: row[k] for k in APPLICATION_COLUMNS if row.get(k)})
            record.region_id = record.party.region_id
            record.ready = list(row.get("ready") or [])
            stamp(record, actor=actor, at=at, state=Application.State.DRAFT, source=source_of(actor, source))
            made.append(record)
        Application.objects.bulk_create(made, batch_size=500)
        for record in made:
            log("填写申报", record, {"batch": [None, record.batch]})
    return made


def correct_application(record: Application, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Application:
    said = {k: values[k] for k in ("batch", "contact", "note") if k in values}
    record.updated_at = at
    changed: Application = save_changes(record, said, "修改申报", actor=actor, at=at)
    return changed


def tick_materials(record: Application, ready: Sequence[str], *, actor: Actor, at: datetime) -> Application:
    """Say which materials are at hand. Raises Refused once the application is out of the firm's hands."""
    with writing(actor, at):
        fresh: Application = locked(record)
        if fresh.state not in ("draft", "returned"):
            raise Refused(f"这份申报{fresh.get_state_display()}，不能再改材料清单")
        before = fresh.ready
        fresh.ready = [name for name in fresh.campaign.material_list if name in ready]
        fresh.updated_at = at
        fresh.save(update_fields=["ready", "updated_at"])
        if before != fresh.ready:
            log("核对材料", fresh, {"ready": [len(before), len(fresh.ready)]})
    return fresh


def live_application(party: int, rung: str, year: int) -> Application | None:
    """The firm's application of that rung and year that was not taken back."""
    rows = Application.objects.filter(party=party, campaign__rung=rung, campaign__year=year)
    found: Application | None = rows.exclude(state=Application.State.WITHDRAWN).select_related("campaign").first()
    return found


def import_results(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Application]:
    """Enter what the province decided: {party, rung, year, passed, note?} each; all or nothing.

    Raises Refused with the first sentence: a firm without a recommended application has no result.
    """
    if not actor.has(Role.OFFICER):
        raise Refused("评审结果由业务科室登记")
    done = []
    with writing(actor, at):
        for row in rows:
            record = live_application(row["party"].pk, row["rung"], int(row["year"]))
            if record is None:
                raise Refused(f"“{row['party'].name}”没有{row['year']}年的申报")
            step, reason = ("mark_passed", row.get("note", "")) if row["passed"] else ("mark_failed", row.get("note"))
            wanted = "passed" if row["passed"] else "failed"
            if record.state != wanted:
                record = take(step, record, actor=actor, at=at, reason=reason or "专家评审未通过")
            done.append(record)
    return done
