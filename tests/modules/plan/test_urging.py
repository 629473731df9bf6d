"""Urging with manners: never on a day off, never too soon again, one digest a person, only those who owe something."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from keji.kernel import clock
from keji.kernel.people.models import Grant, Notice, Section
from keji.kernel.people.roles import Actor
from keji.lib.workdays import load_default
from keji.modules.plan.manners import LONGEST_TEXT, Debt, digests, is_owed
from keji.modules.plan.models import Item, Urge
from keji.modules.plan.services import follow, urging
from keji.modules.plan.services.adopt import open_follow_ups

CALENDAR = load_default()
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
TITLES = st.text("强化科技创新主体培育（）一二三，", min_size=1, max_size=200)


@st.composite
def owed(draw):
    """Some people, each with what their sections owe."""
    start = draw(st.dates(date(2024, 1, 1), date(2026, 10, 31)))
    people = draw(st.lists(st.integers(1, 6), min_size=1, max_size=6, unique=True))
    found = {}
    for person in people:
        days = draw(st.lists(st.integers(-40, 60), max_size=6))
        found[person, f"人{person}"] = [
            Debt(CALENDAR.next_working(start + timedelta(days=d)), n, draw(TITLES), "s", "2024-05")
            for n, d in enumerate(days)
        ]
    return start, found


@given(owed(), st.integers(1, 60))
@settings(max_examples=150, deadline=None)
def test_over_any_run_of_days_the_manners_hold(made, length):
    start, debts = made
    last: dict[int, date] = {}
    sent: dict[int, list[date]] = {}
    for offset in range(length):
        on = start + timedelta(days=offset)
        found = digests(debts, last, on, CALENDAR)
        assert CALENDAR.is_working(on) or not found
        assert max(Counter(d.account for d in found).values(), default=1) == 1
        for digest in found:
            assert digest.debts and all(is_owed(d.due_on, on, CALENDAR) for d in digest.debts)
            assert set(digest.debts) <= set(debts[digest.account, digest.name])
            assert 0 < len(digest.text) <= LONGEST_TEXT
            last[digest.account] = on
            sent.setdefault(digest.account, []).append(on)
    for days in sent.values():
        assert all((b - a).days > 3 for a, b in zip(days, days[1:], strict=False))


@given(owed())
@settings(max_examples=50, deadline=None)
def test_whoever_owes_and_was_not_urged_is_reminded_on_a_working_day(made):
    start, debts = made
    on = CALENDAR.next_working(start)
    reminded = {d.account for d in digests(debts, {}, on, CALENDAR)}
    assert reminded == {
        who for (who, _), theirs in debts.items() if any(is_owed(d.due_on, on, CALENDAR) for d in theirs)
    }


@given(DAYS, DAYS)
@settings(max_examples=200, deadline=None)
def test_a_note_far_ahead_is_not_yet_worth_a_word(due, on):
    if (due - on).days > 20:
        assert not is_owed(due, on, CALENDAR)
    if on >= due:
        assert is_owed(due, on, CALENDAR)


def moment(month, day, hour=8):
    return timezone.make_aware(datetime(2024, month, day, hour))


@pytest.fixture
def tasks(plan, section):
    for n in range(3):
        Item.objects.create(
            plan=plan, kind="task", number=f"{n}.", title=f"任务{n}", line=n, order=n + 5, section=section
        )
    return open_follow_ups(plan, Actor.system(), moment(9, 3))


def urge(month, day):
    at = moment(month, day)
    return urging.urge(at.date(), actor=Actor.system(), at=at)


@pytest.mark.django_db
def test_one_digest_holds_everything_a_person_owes(tasks, officer):
    assert len(urge(9, 26)) == 1
    notice = Notice.objects.get()
    assert notice.account == officer and "4 项" in notice.text and "已逾期 1 个工作日" in notice.text
    assert Urge.objects.count() == 4


@pytest.mark.django_db
def test_the_national_holiday_is_left_in_peace(tasks, officer):
    assert [len(urge(10, day)) for day in range(1, 8)] == [0] * 7
    assert len(urge(10, 8)) == 1


@pytest.mark.django_db
def test_the_same_person_is_not_urged_again_within_three_days(tasks, officer):
    assert len(urge(10, 8)) == 1
    assert [len(urge(10, d)) for d in (8, 9, 10, 11)] == [0, 0, 0, 0]
    assert len(urge(10, 12)) == 1  # a Saturday that is worked


@pytest.mark.django_db
def test_a_section_that_owes_nothing_hears_nothing(tasks, officer, actor_for, person):
    idle = person("officer")
    Grant.objects.filter(account=idle).update(section=Section.objects.create(code="rural", name="农村科"))
    for task in tasks:
        follow.file_note(task, "2024-09", done="a", next_step="b", actor=actor_for(officer), at=moment(9, 20))
    assert urge(9, 26) == ()
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_a_section_without_people_is_named_to_the_officer(tasks, person, enter):
    with clock.stopped_at(datetime(2024, 9, 26, 9)):
        page = enter(person("officer")).get("/plan/follow/urge").content.decode()
    assert "高新科" in page and "催办不到人" in page


@pytest.mark.django_db
def test_the_preview_writes_nothing_and_names_whom_it_would_reach(tasks, officer, enter):
    with clock.stopped_at(datetime(2024, 11, 12, 9)):
        client = enter(officer)
        page = client.get("/plan/follow/urge").content.decode()
        assert "王科长" in page and not Notice.objects.exists()
        client.post("/plan/follow/urge")
        assert Notice.objects.count() == 1
        assert "暂不重复" in client.get("/plan/follow/urge").content.decode()
        client.post("/plan/follow/urge")
        assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_the_command_suits_a_timer(tasks, officer):
    out = StringIO()
    call_command("urge", "--preview", stdout=out)
    assert "王科长" in out.getvalue() and not Notice.objects.exists()
    call_command("urge", stdout=out)
    call_command("urge", stdout=out)
    assert Notice.objects.count() == 1 and "共催办 0 人" in out.getvalue()


@pytest.mark.django_db
def test_the_nightly_job_urges_as_the_platform(tasks, officer):
    from keji.kernel.jobs.models import Job
    from keji.kernel.jobs.runner import known
    from keji.modules.plan.jobs_follow import run

    assert "urge" in known()
    row = Job.objects.create(kind="urge", title="每日催办", created_at=clock.now())
    assert run(row, lambda *_: None) == {"message": "已催办 1 人、4 项进展"}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["county", "inspector"])
def test_others_do_not_urge(role, person, enter):
    assert enter(person(role, region="341502")).get("/plan/follow/urge").status_code == 403
