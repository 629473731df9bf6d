"""What the house does by itself every day."""

from __future__ import annotations

import pytest
from django.db import connection

from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import known
from keji.site.jobs import take_statistics
from keji.site.timetable import TIMETABLE

#: How many tables the database knows the size of.
KNOWN = {
    "sqlite": "SELECT COUNT(DISTINCT tbl) FROM sqlite_stat1",
    "postgresql": "SELECT COUNT(*) FROM pg_class WHERE relkind = 'r' AND reltuples > 0 AND relname LIKE '%_%'",
}


def test_every_line_of_the_timetable_is_work_the_house_knows():
    assert [entry.kind for entry in TIMETABLE if entry.kind not in known()] == []
    assert [entry.at for entry in TIMETABLE] == sorted(entry.at for entry in TIMETABLE)


@pytest.mark.django_db
def test_after_the_night_the_database_knows_how_its_tables_are_filled(city, person):
    person("officer")
    said = take_statistics(Job(kind="statistics", title="更新数据库统计信息"), lambda *_: None)
    with connection.cursor() as cursor:
        cursor.execute(KNOWN[connection.vendor])
        assert cursor.fetchone()[0] > 0
    assert "已更新" in said["message"]
