"""The day of a moment on the bureau's wall: in the early morning UTC is still at yesterday."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def day_of(at: datetime) -> date:
    return timezone.localtime(at).date() if timezone.is_aware(at) else at.date()
