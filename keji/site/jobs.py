"""Nightly work that belongs to the kernel's own records, and to the house as a whole."""

from __future__ import annotations

from typing import Any

from django.db import connection

from keji.kernel import clock
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import Report, job
from keji.kernel.records import notices


@job("close_notices")
def close_notices(row: Job, report: Report) -> dict[str, Any]:
    """Close every public notice whose last day is over."""
    closed = notices.close_due(at=clock.now())
    return {"message": f"{len(closed)} 份公示期满结束。" if closed else "没有期满的公示。"}


@job("statistics")
def take_statistics(row: Job, report: Report) -> dict[str, Any]:
    """Tell the database how its tables are filled: it chooses how to answer by that, and guesses badly without."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"message": "数据库统计信息已更新。"}
