"""What was counted holds until somebody does something, and not a moment longer."""

from __future__ import annotations

import pytest

from keji.kernel.audit.log import log, log_look, writing
from keji.kernel.audit.models import Entry
from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.people.roles import Actor

pytestmark = pytest.mark.django_db

CLERK = Actor(id=7, name="王五")


@pytest.fixture
def asked():
    """A function that tells how often it really worked."""
    calls = []

    @while_unchanged(8)
    def work(what):
        calls.append(what)
        return len(calls)

    return work


def test_an_answer_holds_until_the_next_entry(asked, city, now):
    with writing(CLERK, now):
        log("开始", city)
    assert [asked("高企"), asked("高企"), asked("中小企业")] == [1, 1, 2]
    with writing(CLERK, now):
        log("确认", city)
    assert asked("高企") == 3


def test_a_log_in_or_a_look_is_on_record_and_puts_nothing_out_of_date(asked, city, now):
    with writing(CLERK, now):
        log("开始", city)
    before = asked("高企")
    with writing(CLERK, now):
        log_look("查看完整证件号码", city, reason="核对身份")
    assert Entry.objects.filter(action="查看完整证件号码").exists()
    assert asked("高企") == before
    with writing(CLERK, now):
        log_look("导出", city)
        log("确认", city)
    assert asked("高企") == before + 1


def test_in_the_middle_of_a_change_nothing_is_remembered(asked, city, now):
    with writing(CLERK, now):
        log("开始", city)
    before = asked("高企")
    with writing(CLERK, now):
        log("确认", city)
        assert asked("高企") == before + 1
        assert asked("高企") == before + 2


def test_a_house_without_entries_remembers_nothing(asked, city):
    assert [asked("高企"), asked("高企")] == [1, 2]
