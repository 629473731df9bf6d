"""Public notices (公示、公告、结果公布) and the objections they draw: what any module may call.

A module drafts with `draft_notice`, a second person publishes, the night closes it, and the module's own step asks
`passing_refusal(notice)` before it goes on:

    notice = draft_notice(title=…, body=…, matter="platform", columns=(…), rows=[…], numbers=[…], actor=…, at=…)
    publish(notice, actor=second_person, at=…)
    …
    if why := passing_refusal(notice, on): return why      # has_passed(notice, on) for a plain yes or no
"""

from keji.kernel.records.notices.models import PublicNotice
from keji.kernel.records.notices.objections import Decision, Objection, PublicAct
from keji.kernel.records.notices.period import notice_until, usual_workdays
from keji.kernel.records.notices.receiving import raise_objection
from keji.kernel.records.notices.services import (
    close_due,
    contact_of,
    draft_correction,
    draft_notice,
    has_passed,
    objection_counts,
    open_objections,
    passing_refusal,
    publish,
    result_sentence,
    revise_notice,
    withdraw,
)

__all__ = [
    "Decision",
    "Objection",
    "PublicAct",
    "PublicNotice",
    "close_due",
    "contact_of",
    "draft_correction",
    "draft_notice",
    "has_passed",
    "notice_until",
    "objection_counts",
    "open_objections",
    "passing_refusal",
    "publish",
    "raise_objection",
    "result_sentence",
    "revise_notice",
    "usual_workdays",
    "withdraw",
]
