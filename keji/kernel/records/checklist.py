"""形式审查: the points a call announced, gone through one by one by the bureau for every record handed in under it.

Such a record has `form_items`, the points, and `form_checks`, what was found of them so far:
[{item, passed: True, False, or None while nobody looked, note}]. It is gone through in the state "recommended".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keji.kernel.audit.log import log, writing
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import locked, whole

Checks = Sequence[Mapping[str, Any]]
STATE = "recommended"
NOTE_MOST = 300


def checking_refusal(record: Any, actor: Actor) -> str:
    """Why this actor may not write down what was found; "" for an officer while the record stands there."""
    if not actor.has(Role.OFFICER):
        return "形式审查由业务科室办理"
    return "" if record.state == STATE else f"当前状态是“{record.get_state_display()}”，不在形式审查"


def save_checks(record: Any, checks: Checks, *, actor: Actor, at: datetime) -> None:
    """Keep what the officer found of each point. Raises Refused with a sentence."""
    with writing(actor, at):
        fresh = locked(record)
        if why := checking_refusal(fresh, actor):
            raise Refused(why)
        kept = [_read(check, fresh.form_items) for check in checks]
        if kept == fresh.form_checks:
            return
        fresh.form_checks, fresh.updated_at = kept, at
        fresh.save(update_fields=["form_checks", "updated_at"])
        done = sum(check["passed"] is not None for check in kept)
        log("形式审查核对", fresh, {"核对": [None, f"{done} / {len(fresh.form_items)} 项"]})


def _read(check: Mapping[str, Any], items: Sequence[str]) -> dict[str, Any]:
    item, passed = check["item"], check["passed"]
    if item not in items:
        raise Refused(f"形式审查要点里没有“{item}”")
    note = whole(str(check.get("note", "")), NOTE_MOST, f"“{item}”的说明")
    if passed is False and not note:
        raise Refused(f"“{item}”不符合，请写明哪里不符合")
    return {"item": item, "passed": passed, "note": note}


def lines_of(record: Any, checks: Checks | None = None) -> list[dict[str, Any]]:
    """[{item, passed, note}], a line for every point in its order; of `checks` where given, else of what is kept."""
    found = {check["item"]: check for check in (record.form_checks if checks is None else checks)}
    return [{"passed": None, "note": "", **found.get(item, {}), "item": item} for item in record.form_items]


def passing_problem(record: Any) -> str:
    """Why the check is not passed yet; "" once every point was looked at and holds."""
    lines = lines_of(record)
    if left := sum(line["passed"] is None for line in lines):
        return f"形式审查要点还有 {left} 项没有核对，请先逐项核对"
    wrong = sum(line["passed"] is False for line in lines)
    return f"有 {wrong} 项不符合，不能通过" if wrong else ""


def has_failed(record: Any) -> bool:
    """Is there a point that does not hold?"""
    return any(check["passed"] is False for check in record.form_checks)
