"""Limits written with the record: a batch keeps those it was announced with, whatever the dated numbers say later."""

from __future__ import annotations

from datetime import date
from typing import Any

from keji.kernel.clock import day_of
from keji.kernel.records.flow import Step


class WithinDays(Step):
    """Base of steps whose number of working days stands on the record or its batch."""

    def days(self, record: Any) -> int | None:
        """Working days from the state's entry; None where nothing presses."""
        raise NotImplementedError

    def due(self, record: Any, calendar: Any) -> date | None:
        days = self.days(record)
        if days is None or record.state_since is None:
            return None
        found: date = calendar.add(day_of(record.state_since), days)
        return found
