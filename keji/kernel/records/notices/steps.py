"""Steps of what a meeting decides, the public may object to, and a paper makes final."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, ClassVar

from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Step

OFFICER = frozenset({Role.OFFICER})


class DecidedByMeeting(Step):
    """Only what the last decision of the record's meeting says. `where`: the sentence that leads to its page."""

    outcome: ClassVar[str]
    where: ClassVar[str]

    def objection(self, actor: Actor, record: Any) -> str:
        last = record.decisions.order_by("-pk").first()
        return "" if last is not None and last.outcome == self.outcome else self.where


class Publicise(Step):
    """Refused until the notice stands, which is drafted for all at once on a page of its own."""

    name, label = "publicise", "公示"
    source, target = ("approved",), "publicised"
    roles = OFFICER
    where: ClassVar[str]

    def objection(self, actor: Actor, record: Any) -> str:
        return "" if record.notice_id else self.where


class AnnounceAgain(Step):
    """The notice was withdrawn: back to where it can be drafted anew."""

    name, label = "announce_again", "重新公示"
    source, target = ("publicised",), "approved"
    roles = OFFICER
    tone, in_todo = "secondary", False

    def objection(self, actor: Actor, record: Any) -> str:
        gone = record.notice is None or record.notice.state in ("withdrawn", "discarded")
        return "" if gone else "公示还在办理，先撤回公示才能重新公示"

    def perform(self, record: Any, actor: Actor, at: datetime, reason: str, **data: Any) -> None:
        record.notice = None


class MadeByPaper(Step, ABC):
    """Taken when the paper is issued: a leader signs papers but fills in no application, so access is not asked."""

    roles = frozenset({Role.OFFICER, Role.LEADER})
    in_todo = False
    whose: ClassVar[str]
    where: ClassVar[str]

    def refusal(self, actor: Actor, record: Any) -> str:
        if record.state not in self.source:
            return f"当前状态是“{record.get_state_display()}”，不能{self.label}"
        if not actor.has(*self.roles):
            return self.whose
        return "" if self.made(record) else self.where

    @abstractmethod
    def made(self, record: Any) -> bool:
        """Whether the paper has made what this step speaks of."""
