"""Is the record somebody names really evidence for this firm and this reason? It is looked at, not believed."""

from __future__ import annotations

from typing import Any

from keji.kernel import clock
from keji.kernel.records.models import find_by_number
from keji.lib.figures import plain_date
from keji.modules.rnd.models import RndProject, RndStatement, SpendMonth, ZeroingCase
from keji.modules.rnd.services.scope import standings

Reason = ZeroingCase.Reason
PREFIXES = {"project": "YF", "statement": "YT", "platform": "PT"}
LACK = {"no_activity": "无研发活动", "no_institute": "无研发机构"}


def evidence_problem(case: ZeroingCase, kind: str, number: str) -> str:
    """Why `number` does not clear the case; "" when it does. A case with both reasons needs evidence of both."""
    if kind not in PREFIXES or not number:
        return "请写明清零依据和它的编号"
    record = find_by_number(number) if number.startswith(PREFIXES[kind] + "-") else None
    if record is None:
        return f"没有编号为 {number} 的{ZeroingCase.Evidence(kind).label}，编号应以 {PREFIXES[kind]}- 开头"
    if getattr(record, "party_id", None) != case.party_id:
        return f"{number} 不是“{case.party}”的记录"
    if kind == "project":
        return _project(case, record)
    return _statement(case, record) if kind == "statement" else _platform(case, record)


def _project(case: ZeroingCase, record: RndProject) -> str:
    if record.noted_on is None or record.state == RndProject.State.WITHDRAWN:
        return f"{record.number} 还没有备案，不能作为依据"
    if not SpendMonth.objects.filter(project=record, total__gt=0).exists():
        return f"{record.number} 还没有填过研发支出，不能说明有研发活动"
    return _covers(case, activity=True, institute=False, what="研发项目")


def _statement(case: ZeroingCase, record: RndStatement) -> str:
    if record.state != RndStatement.State.CONFIRMED:
        return f"{record.number} 还没有确认，不能作为依据"
    if f"{record.year}" < f"{case.entered_on.year - 1}":
        return f"{record.number} 是 {record.year} 年度的，早于列入清单时所依据的年度"
    return _covers(
        case, activity=bool(record.active), institute=bool(record.institutes), what=f"{record.year}年度研发情况"
    )


def _platform(case: ZeroingCase, record: Any) -> str:
    if record.state != "confirmed":
        return f"{record.number} 还没有确认，不能作为依据"
    until = getattr(record, "valid_until", None)
    if until is not None and until < clock.today():
        return f"{record.number} 的有效期到{plain_date(until)}，已经过期"
    return _covers(case, activity=False, institute=True, what="研发机构")


def _covers(case: ZeroingCase, *, activity: bool, institute: bool, what: str) -> str:
    """Does this, together with what the records already show, answer the case's reason?"""
    wanted = {Reason.NO_ACTIVITY: {"no_activity"}, Reason.NO_INSTITUTE: {"no_institute"}}
    lacks = set(wanted.get(Reason(case.reason), {"no_activity", "no_institute"}))
    now = standings(clock.today(), parties=[case.party_id]).get(case.party_id)
    if activity or (now and now.active):
        lacks.discard("no_activity")
    if institute or (now and now.institute):
        lacks.discard("no_institute")
    if lacks:
        return f"{what}只能说明一个方面，这家企业还缺：{'、'.join(LACK[name] for name in sorted(lacks))}的佐证"
    return ""
