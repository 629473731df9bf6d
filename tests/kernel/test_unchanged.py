"""What was counted holds until somebody changes what it was counted from, and not a moment longer."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from keji.kernel import clock
from keji.kernel.audit.log import log, log_look, marks_read_once, writing
from keji.kernel.audit.models import Entry
from keji.kernel.audit.tables import EVERYTHING, noting_reads, read_by, written_by
from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.calendar.models import DayRule
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor

pytestmark = pytest.mark.django_db

CLERK = Actor(id=7, name="王五")
RULE = {"working": False, "year": 2031, "notice": "放假通知"}


@pytest.fixture
def asked():
    """A function that counts regions and tells how often it really worked."""
    calls = []

    @while_unchanged(8)
    def work(what):
        Region.objects.count()
        calls.append(what)
        return len(calls)

    return work


def rename(region, now, name="新名"):
    with writing(CLERK, now):
        Region.objects.filter(pk=region.pk).update(name=name)
        log("改名", region)


def change_the_calendar(region, now):
    with writing(CLERK, now):
        DayRule.objects.create(day=date(2031, 1, 1 + DayRule.objects.filter(year=2031).count()), **RULE)
        log("安排放假", region)


def test_an_answer_holds_until_what_it_was_counted_from_changes(asked, city, now):
    rename(city, now)
    assert [asked("高企"), asked("高企"), asked("中小企业")] == [1, 1, 2]
    rename(city, now, "又一名")
    assert asked("高企") == 3


def test_a_change_elsewhere_in_the_house_puts_nothing_out_of_date(asked, city, now):
    rename(city, now)
    before = asked("高企")
    change_the_calendar(city, now)
    assert asked("高企") == before


def test_a_log_in_or_a_look_is_on_record_and_puts_nothing_out_of_date(asked, city, now):
    rename(city, now)
    before = asked("高企")
    with writing(CLERK, now):
        log_look("查看完整证件号码", city, reason="核对身份")
    assert Entry.objects.filter(action="查看完整证件号码").exists()
    assert asked("高企") == before
    with writing(CLERK, now):
        Region.objects.filter(pk=city.pk).update(name="再一名")
        log_look("导出", city)
        log("改名", city)
    assert asked("高企") == before + 1


def test_in_the_middle_of_a_change_nothing_is_remembered(asked, city, now):
    rename(city, now)
    before = asked("高企")
    with writing(CLERK, now):
        log("确认", city)
        assert asked("高企") == before + 1
        assert asked("高企") == before + 2


def test_a_house_without_entries_remembers_nothing(asked, city):
    assert [asked("高企"), asked("高企")] == [1, 2]


def test_what_rests_on_a_remembered_answer_changes_with_it(asked, city, now):
    @while_unchanged(8)
    def resting():
        return asked("高企") * 10

    rename(city, now)
    asked("高企")  # answered from memory inside the other: its tables count all the same
    assert [resting(), resting()] == [10, 10]
    change_the_calendar(city, now)
    assert resting() == 10
    rename(city, now, "又一名")
    assert resting() == 20


def test_a_page_reads_the_marks_once_and_again_after_its_own_change(asked, city, now, django_assert_num_queries):
    rename(city, now)
    with marks_read_once():
        before = asked("高企")
        with django_assert_num_queries(0):
            assert asked("高企") == before
        rename(city, now, "又一名")
        assert asked("高企") == before + 1


def test_a_write_before_the_log_was_opened_counts_with_it(asked, city, now):
    rename(city, now)
    before = asked("高企")
    Region.objects.filter(pk=city.pk).update(name="先改后记")
    with writing(CLERK, now):
        log("补记", city)
    assert asked("高企") == before + 1


def test_a_statement_nobody_understands_puts_everything_out_of_date(asked, city, now):
    rename(city, now)
    before = asked("高企")
    with writing(CLERK, now), connection.cursor() as cursor:
        cursor.execute("WITH fresh AS (SELECT 1) SELECT * FROM fresh")
        log("统计", city)
    assert asked("高企") == before + 1


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ('INSERT INTO "parties_region" ("code") VALUES (%s)', "parties_region"),
        ('INSERT OR IGNORE INTO "parties_region" ("code") SELECT %s', "parties_region"),
        ("insert into parties_region (code) values (%s)", "parties_region"),
        ('UPDATE "parties_region" SET "name" = %s', "parties_region"),
        ('  DELETE FROM "parties_region"', "parties_region"),
        ('SELECT "code" FROM "parties_region" FOR UPDATE', ""),
        ("BEGIN IMMEDIATE", ""),
        ("COMMIT", ""),
        ('SAVEPOINT "s1"', ""),
        ("PRAGMA foreign_keys = ON", ""),
        ('TRUNCATE "parties_region", "parties_party"', EVERYTHING),
        ('WITH x AS (DELETE FROM "parties_region") SELECT 1', EVERYTHING),
        ("ALTER TABLE parties_region ADD COLUMN x int", EVERYTHING),
    ],
)
def test_a_statement_tells_which_table_it_writes(statement, table):
    assert written_by(statement) == table


def test_every_table_of_a_joined_question_is_noted(city):
    with noting_reads() as statements:
        list(Region.objects.filter(parties__name="某公司", pk__in=Region.objects.values("pk")))
        DayRule.objects.exists()
    assert read_by(statements) == {"parties_region", "parties_party", "calendar_dayrule"}


class RememberedOrCountedAnew(TestCase):
    """Whatever is done in whatever order, the remembered answer is the one a fresh count would give."""

    @given(st.lists(st.sampled_from(["region", "rule", "look", "ask regions", "ask rules", "ask both"]), max_size=14))
    @settings(max_examples=60)
    def test_never_too_old(self, acts):
        regions = while_unchanged(4)(lambda: Region.objects.filter(code__startswith="99").count())
        rules = while_unchanged(4)(lambda: DayRule.objects.filter(year=2031).count())
        both = while_unchanged(4)(lambda: (regions(), rules()))
        now, place = clock.now(), Region(pk="990000")
        for n, act in enumerate(acts):
            with writing(CLERK, now):
                if act == "region":
                    Region.objects.create(code=f"99{n:04}", name=f"区{n}", level=Region.Level.COUNTY)
                elif act == "rule":
                    DayRule.objects.create(day=date(2031, 1, n + 1), **RULE)
                if act in {"region", "rule"}:
                    log("新建", place)
                elif act == "look":
                    log_look("查看", place)
            made = (acts[: n + 1].count("region"), acts[: n + 1].count("rule"))
            if act == "ask regions":
                assert regions() == made[0]
            elif act == "ask rules":
                assert rules() == made[1]
            elif act == "ask both":
                assert both() == made
