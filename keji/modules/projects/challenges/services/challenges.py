"""Problems for the list: what a firm files, how experts argue about it, what must be right before it is announced."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from keji.kernel import clock
from keji.kernel.audit.log import log, writing
from keji.kernel.clock import day_of
from keji.kernel.parties.standings import blocks
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import changed_fields, next_numbers, source_of, stamp
from keji.kernel.records.saving import locked
from keji.lib.figures import plain_date
from keji.modules.projects.models import Challenge
from keji.modules.projects.numbers import number, wan
from keji.modules.projects.reviews.services.drawing import ARGUE, sealed_problem

Rows = Sequence[Mapping[str, Any]]
#: Words by which terms would keep people out for what they are instead of what they can do.
BARRIERS = (
    "职称",
    "学历",
    "学位",
    "年龄",
    "周岁",
    "博士",
    "硕士",
    "本科以上",
    "教授",
    "院士",
    "高级工程师",
    "人才称号",
)
OPENING = re.compile(r"不限|不设|不论|不看|不问|不得以|不以")


def barriers(terms: str) -> list[str]:
    """Words in terms that set a threshold of title, degree or age; a clause that says there is none does not count."""
    clauses = [c for c in re.split(r"[。；;，,\n]", terms) if not OPENING.search(c)]
    return [word for word in BARRIERS if any(word in clause for clause in clauses)]


def create_challenges(rows: Rows, *, actor: Actor, at: datetime, source: str) -> list[Challenge]:
    """Draft problems: {party, title, need, wanted, prize, firm_money, months, terms?}. Raises Refused."""
    made = []
    with writing(actor, at):
        for row, serial in zip(rows, next_numbers(Challenge.prefix, at.year, len(rows)), strict=True):
            party = row["party"]
            if not actor.is_system and not actor.has(Role.OFFICER) and party.pk not in actor.parties:
                raise Refused("您的账号不代表这个单位")
            record = Challenge(number=serial, region=party.region, **row)
            stamp(record, actor=actor, at=at, state=Challenge.State.DRAFT, source=source_of(actor, source))
            record.save()
            log("提出技术需求", record, {"prize": [None, record.prize]})
            made.append(record)
    return made


def correct_challenge(record: Challenge, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Challenge:
    """The firm changes its draft."""
    with writing(actor, at):
        before = locked(record)
        if before.state != Challenge.State.DRAFT:
            raise Refused("报送后的需求不能修改，需要修改时请市局退回")
        if not actor.is_system and not actor.has(Role.OFFICER) and before.party_id not in actor.parties:
            raise Refused("需求由出题单位修改")
        for name in ("title", "need", "wanted", "prize", "firm_money", "months", "terms"):
            if name in values:
                setattr(record, name, values[name])
        record.updated_at = at
        record.save()
        if changes := changed_fields(before, record, [n for n in values if n != "party"]):
            log("修改技术需求", record, changes)
    return record


def argue(
    record: Challenge,
    values: Mapping[str, Any],
    *,
    panel: Sequence[Mapping[str, str]],
    argued: str,
    held_on: date,
    actor: Actor,
    at: datetime,
) -> Challenge:
    """Keep what the panel [{name, unit}] made of a problem: results wanted, money, term, conditions, closing day."""
    with writing(actor, at):
        fresh = locked(record)
        if not actor.has(Role.OFFICER):
            raise Refused("凝练论证由业务科室登记")
        if fresh.state != Challenge.State.FILED:
            raise Refused(f"当前状态是“{fresh.get_state_display()}”，不能再改论证")
        before = locked(record)
        for name in ("title", "programme", "wanted", "prize", "firm_money", "months", "terms", "closes_on", "contact"):
            if name in values:
                setattr(fresh, name, values[name])
        sealed = sealed_problem(fresh, panel, ARGUE)
        if why := sealed or _panel_problem(fresh, panel, held_on, day_of(at)) or list_problem(fresh):
            raise Refused(why)
        if len(argued.strip()) < 10:
            raise Refused("论证意见至少写 10 个字")
        fresh.panel, fresh.argued, fresh.argued_on = [dict(p) for p in panel], argued.strip(), held_on
        fresh.argued_by_id, fresh.updated_at = actor.id, at
        fresh.save()
        changes = changed_fields(before, fresh, ["title", "wanted", "prize", "firm_money", "months", "terms"])
        log("登记凝练论证", fresh, {**changes, "论证专家": [None, f"{len(panel)} 位"]})
    return fresh  # type: ignore[no-any-return]


def _panel_problem(record: Challenge, panel: Sequence[Mapping[str, str]], held_on: date, today: date) -> str:
    least = number("challenge_panel_least", today)
    if len({(p["name"], p["unit"]) for p in panel}) < least:
        return f"论证专家至少 {least} 位，现在是 {len(panel)} 位"
    if own := next((p for p in panel if p["unit"] == record.party.name), None):
        return f"{own['name']}来自出题单位，应当回避"
    return "论证日期在今天之后，请核对" if held_on > today else ""


def demand_problem(record: Challenge) -> str:
    """Why a problem cannot be filed yet; "" when it can."""
    if len(record.need.strip()) < 20:
        return "需求内容至少写 20 个字：现状、卡在哪里、想达到什么"
    return blocks(record.party, "apply", clock.today()) or money_problem(record)


def list_problem(record: Challenge) -> str:
    """Why a problem is not fit for the list; "" when it is."""
    if not record.wanted:
        return "请写明成果要求，每行一条可考核的指标"
    if record.programme_id is None:
        return "请选择科技计划"
    if record.closes_on is None:
        return "请填写揭榜截止日期"
    if found := barriers(record.terms):
        return f"揭榜条件写了“{'、'.join(found)}”；揭榜挂帅不设职称、学历、年龄门槛，请删去"
    return money_problem(record)


def money_problem(record: Challenge) -> str:
    least = number("challenge_firm_percent", clock.today())
    if record.prize <= 0 or record.firm_money > record.prize:
        return "榜金应大于 0，出题单位出资不能超过榜金"
    if record.firm_money * 100 < record.prize * least:
        return f"出题单位出资 {wan(record.firm_money)} 万元，不到榜金 {wan(record.prize)} 万元的 {least}%"
    if record.firm_money == record.prize:
        return "榜金全部由企业出资的，由企业自行发布，不进入市级榜单"
    return ""


def announcing_problem(record: Challenge) -> str:
    """Why a problem cannot go out today; "" when it can."""
    days = number("challenge_open_days", clock.today())
    earliest = clock.today() + timedelta(days=days)
    if record.closes_on is None or record.closes_on < earliest:
        return f"揭榜时间不少于 {days} 天，截止日期不早于{plain_date(earliest)}；请退回后重新论证"
    return blocks(record.party, "apply", clock.today()) or list_problem(record)
