"""Comparing a published list with what was recommended, settling by hand what does not match, making certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.documents.models import keep
from keji.kernel.parties.models import Party, PartyName
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.saving import locked
from keji.lib.codes import clean_code, clean_uscc
from keji.lib.sheet import Column, Problem, SheetError, read
from keji.modules.enterprises.firms.duplicates import normal_name
from keji.modules.enterprises.ladder.campaign_models import (
    OURS,
    Application,
    CampaignBatch,
    PublicLine,
    PublicList,
)
from keji.modules.enterprises.models import Certification
from keji.modules.enterprises.titles.forms import code_problem
from keji.modules.enterprises.titles.services import report_certifications

Match = PublicLine.Match
COLUMNS = (
    Column("name", "企业名称", required=True, aliases=("单位名称", "名称")),
    Column("uscc", "统一社会信用代码", aliases=("社会信用代码",), help="名单没有代码可不填，按名称核对"),
    Column("certificate_code", "证书编号", aliases=("登记编号", "入库登记编号"), help="拟认定公示没有编号，可不填"),
    Column("issued_on", "发证日期", kind="date", aliases=("入库日期",), help="拟认定公示没有日期，可不填"),
)


def upload_list(
    batch: CampaignBatch, kind: str, title: str, file_name: str, content: bytes, *, actor: Actor, at: datetime
) -> PublicList:
    """Keep a published list and compare every line. Raises Refused with all that is wrong with the sheet."""
    if not actor.has(Role.OFFICER):
        raise Refused("公示名单由业务科室上传")
    try:
        sheet = read(content, COLUMNS)
    except SheetError as problem:
        raise Refused(str(problem).rstrip("。")) from None
    problems: list[Problem] = list(sheet.problems)
    if problems:
        raise Refused("名单有几处要改：" + "；".join(f"第 {p.row} 行{p}" for p in problems[:5]))
    if PublicList.objects.filter(batch=batch, kind=kind, file=keep(content)).exists():
        raise Refused("这份名单已经上传过，不用重复上传")
    with writing(actor, at):
        made = PublicList.objects.create(
            campaign=batch.campaign, batch=batch, kind=kind, title=title[:200], file=keep(content),
            file_name=file_name[-200:], at=at, by=actor.name,
        )  # fmt: skip
        lines = [_line(made, row.number, row.values) for row in sheet.rows]
        compare(made, lines)
        PublicLine.objects.bulk_create(lines, batch_size=500)
        log("上传公示名单", made, {"企业数": [None, len(lines)]})
    return made


def _line(sheet: PublicList, row: int, values: Mapping[str, Any]) -> PublicLine:
    return PublicLine(
        sheet=sheet,
        row=row,
        name=str(values.get("name") or "").strip()[:160],
        uscc=clean_uscc(str(values.get("uscc") or ""))[:18],
        certificate_code=clean_code(str(values.get("certificate_code") or ""))[:30],
        issued_on=values.get("issued_on"),
    )


def compare(sheet: PublicList, lines: Sequence[PublicLine]) -> None:
    """Find each line's firm: by code, by its present name, by a name it once had; then its application."""
    by_code, by_name, by_former = _parties(lines)
    applications = {
        a.party_id: a for a in Application.objects.filter(campaign=sheet.campaign).exclude(state="withdrawn")
    }
    seen: set[int] = set()
    for line in lines:
        name = normal_name(line.name)
        party = by_code.get(line.uscc) if line.uscc else by_name.get(name)
        former = party is None and not line.uscc and name in by_former
        party = by_former.get(name) if former else party
        if line.uscc and party is not None and normal_name(party.name) != name and name in by_former:
            former = True
        if party is None:
            line.match = Match.UNKNOWN
            continue
        application = applications.get(party.pk)
        if application is None or party.pk in seen:
            line.match, line.note = Match.NOT_APPLIED, "名单中出现了两次" if party.pk in seen else ""
            continue
        seen.add(party.pk)
        line.application = application
        if application.batch_id != sheet.batch_id or application.state not in ("recommended", "passed", "certified"):
            line.match = Match.OTHER_BATCH
            line.note = f"{application.batch.name}，{application.get_state_display()}"
        else:
            line.match = Match.FORMER if former else Match.MATCHED
            line.note = f"现名“{party.name}”" if former else ""


def _parties(lines: Sequence[PublicLine]) -> tuple[dict[str, Party], dict[str, Party], dict[str, Party]]:
    """Firms of the campaign's size by code, by name and by former name; a name two firms share names neither."""
    codes = [line.uscc for line in lines if line.uscc]
    by_code: dict[str, Party] = {}
    for start in range(0, len(codes), 500):
        rows = Party.objects.filter(uscc__in=codes[start : start + 500]).select_related("merged_into")
        by_code |= {p.uscc: p.merged_into or p for p in rows}
    wanted = {normal_name(line.name) for line in lines}
    by_name, by_former = dict[str, Party](), dict[str, Party]()
    twice: set[str] = set()
    names = [line.name for line in lines]
    for party in _named(names, wanted):
        name = normal_name(party.name)
        twice |= {name} if name in by_name else set()
        by_name[name] = party
    for start in range(0, len(names), 500):
        for row in PartyName.objects.filter(name__in=names[start : start + 500]).select_related("party__merged_into"):
            by_former[normal_name(row.name)] = row.party.merged_into or row.party
    return by_code, {k: v for k, v in by_name.items() if k not in twice}, by_former


def _named(names: Sequence[str], wanted: set[str]) -> list[Party]:
    """Firms of exactly these names, and those of applicants written a little differently (brackets, width)."""
    found: dict[int, Party] = {}
    for start in range(0, len(names), 500):
        for party in Party.objects.alive().filter(name__in=names[start : start + 500]):
            found[party.pk] = party
    for party in Party.objects.alive().filter(pk__in=Application.objects.values("party")):
        if normal_name(party.name) in wanted:
            found[party.pk] = party
    return list(found.values())


def settle_line(
    line: PublicLine, choice: str, *, application: Application | None = None, actor: Actor, at: datetime
) -> PublicLine:
    """Say which application a line is ("settled"), or that the firm is not ours ("not_ours")."""
    if not actor.has(Role.OFFICER):
        raise Refused("公示名单由业务科室核定")
    with writing(actor, at):
        sheet = PublicList.objects.select_for_update(of=("self",)).get(pk=line.sheet_id)
        if sheet.done_at:
            raise Refused("这份名单已经据此登记，不能再改核对结果")
        if choice == Match.SETTLED:
            application = application or line.application
            if application is None or application.campaign_id != sheet.campaign_id:
                raise Refused("请先选择这家企业对应的申报")
            if PublicLine.objects.filter(sheet=sheet, application=application, match__in=OURS).exists():
                raise Refused(f"“{application.party.name}”已经对上名单中的另一行")
            line.application = application
        elif choice == Match.NOT_OURS:
            line.application = None
        else:
            raise Refused("请选择一种核定结果")
        line.match, line.settled_by = choice, actor.name
        line.save(update_fields=["match", "application", "settled_by"])
        log("核定公示名单", line, {"match": [None, line.get_match_display()]})
    return line


def register(sheet: PublicList, *, actor: Actor, at: datetime) -> dict[str, int]:
    """Let the list take effect: applications on it are 拟认定, or their certificates wait for a second person.

    Raises Refused with every line that still needs a person, a code or a date.
    """
    if not actor.has(Role.OFFICER):
        raise Refused("公示名单由业务科室登记")
    with writing(actor, at):
        fresh: PublicList = locked(sheet)
        if fresh.done_at:
            raise Refused("这份名单已经登记过")
        lines = list(fresh.lines.select_related("application__party", "application__campaign"))
        if why := _not_ready(fresh, lines):
            raise Refused(why)
        ours = [line for line in lines if line.is_ours and line.application]
        done = _mark(ours, actor, at) if fresh.kind == PublicList.Kind.PROPOSED else _certify(fresh, ours, actor, at)
        fresh.done_at = at
        fresh.save(update_fields=["done_at"])
        log("据公示名单登记", fresh, {"企业数": [None, done]})
    return {"done": done, "of": len(lines)}


def _not_ready(sheet: PublicList, lines: Sequence[PublicLine]) -> str:
    settled = (*OURS, Match.NOT_OURS)
    if waiting := [line.name for line in lines if line.match not in settled]:
        return f"还有 {len(waiting)} 家没有核定：{'、'.join(waiting[:3])}"
    if sheet.kind != PublicList.Kind.CERTIFIED:
        return ""
    rung = sheet.campaign.rung
    for line in (n for n in lines if n.is_ours):
        if not line.certificate_code or line.issued_on is None:
            return f"第 {line.row} 行“{line.name}”缺少证书编号或发证日期，请补齐后重新上传"
        if problem := code_problem(rung, line.certificate_code, line.issued_on):
            return f"第 {line.row} 行“{line.name}”：{problem}"
    codes = [line.certificate_code for line in lines if line.is_ours]
    live = Certification.objects.filter(kind=rung, certificate_code__in=codes).exclude(state="void")
    if taken := live.exclude(party__in=[n.application.party_id for n in lines if n.application]).first():
        return f"证书编号 {taken.certificate_code} 已登记给“{taken.party.name}”，请核对"
    return ""


def _mark(lines: Sequence[PublicLine], actor: Actor, at: datetime) -> int:
    done = 0
    for line in lines:
        if line.application and line.application.state in ("recommended", "failed"):
            take("mark_passed", line.application, actor=actor, at=at, reason=line.sheet.title)
            done += 1
    return done


def _certify(sheet: PublicList, lines: Sequence[PublicLine], actor: Actor, at: datetime) -> int:
    """Report the certificates; they count once somebody else confirms them."""
    live = Certification.objects.exclude(state="void").filter(kind=sheet.campaign.rung)
    there = {c.certificate_code: c for c in live.filter(certificate_code__in=[n.certificate_code for n in lines])}
    fresh = [line for line in lines if line.certificate_code not in there]
    rows = [
        {
            "party": line.application.party,  # type: ignore[union-attr]
            "kind": sheet.campaign.rung,
            "certificate_code": line.certificate_code,
            "issued_on": line.issued_on,
            "batch": sheet.batch.name,
        }
        for line in fresh
    ]
    made = report_certifications(rows, actor=actor, at=at, source="page") if rows else []
    there |= {c.certificate_code: c for c in made}
    for line in lines:
        take("certify", line.application, actor=actor, at=at, certification=there[line.certificate_code])
    return len(lines)
