"""Follow-ups: monthly notes, evidence, closing and changing by two people, the board."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from keji.kernel.calendar.models import work_calendar
from keji.kernel.documents.models import attachments_of
from keji.kernel.people.models import Grant, Section
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.lib.figures import Period
from keji.modules.plan.manners import days_late, due_day
from keji.modules.plan.models import FollowUp, ProgressNote, TargetProgress
from keji.modules.plan.services import follow
from keji.modules.plan.services.adopt import open_follow_ups

pytestmark = pytest.mark.django_db


def at(month, day, hour=10, year=2024):
    return timezone.make_aware(datetime(year, month, day, hour))


@pytest.fixture
def task(plan):
    """The one follow-up of the plan, begun in July."""
    return open_follow_ups(plan, Actor.system(), at(7, 3))[0]


@pytest.fixture
def lead(officer, actor_for):
    return actor_for(officer)


@pytest.fixture
def boss(person, actor_for):
    return actor_for(person("leader", name="方局长"))


@pytest.fixture
def file_note(task, lead):
    def make(month, day=20, *, in_month=None, **fields):
        values = {"done": "走访企业12家。", "next_step": "下月复核。", **fields}
        return follow.file_note(task, f"2024-{month:02d}", actor=lead, at=at(in_month or month, day), **values)

    return make


def pdf(name="走访记录.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4")


@pytest.mark.parametrize(
    ("month", "day", "due"),
    [
        (10, 1, date(2024, 10, 8)),  # National Day: seven days off
        (9, 15, date(2024, 9, 18)),  # Mid-autumn: 15–17 off
        (9, 29, date(2024, 9, 29)),  # a Sunday that is worked
        (10, 12, date(2024, 10, 12)),  # a Saturday that is worked
        (11, 30, date(2024, 12, 2)),  # a Saturday moves into the next month
        (2, 31, date(2024, 2, 29)),  # a month without that day
        (10, 25, date(2024, 10, 25)),
    ],
)
def test_a_due_day_off_moves_to_the_next_working_day(month, day, due):
    assert due_day(Period.month(2024, month), day, work_calendar()) == due


def test_lateness_counts_working_days_over_the_national_holiday():
    calendar = work_calendar()
    assert days_late(date(2024, 9, 30), date(2024, 10, 7), calendar) == 0
    assert days_late(date(2024, 9, 30), date(2024, 10, 8), calendar) == 1
    assert days_late(date(2024, 9, 30), date(2024, 10, 12), calendar) == 5


def test_a_second_note_of_the_same_month_corrects_the_first(task, file_note):
    first = file_note(10, 20)
    file_note(10, 24, done="走访企业15家。")
    note = ProgressNote.objects.get()
    assert (note.done, note.filed_at, note.late) == ("走访企业15家。", first.filed_at, False)


def test_a_note_stays_as_it_is_once_the_month_is_over(task, file_note):
    file_note(9, 20)
    with pytest.raises(Refused, match="已经过了修改期"):
        file_note(9, 8, in_month=10, done="改")


def test_a_late_note_is_taken_and_marked_late(task, file_note):
    note = file_note(9, 8, in_month=10)
    assert note.late and note.due_on == date(2024, 9, 25)
    found = follow.standings(Period.month(2024, 9), date(2024, 11, 12))[0]
    assert (found.late_days, found.overdue) == (5, False)


def test_only_the_lead_section_files(task, person, actor_for, boss):
    other = person("officer")
    Grant.objects.filter(account=other).update(section=Section.objects.create(code="rural", name="农村科"))
    for actor in (actor_for(other), boss):
        with pytest.raises(Refused, match="由牵头科室（高新科）填报"):
            follow.file_note(task, "2024-11", done="a", next_step="b", actor=actor, at=at(11, 12))


def test_months_to_come_and_months_before_supervision_are_refused(task, file_note):
    with pytest.raises(Refused, match="还没有到"):
        file_note(12, 12, in_month=11)
    with pytest.raises(Refused, match="不需要填报"):
        file_note(6, 12, in_month=11)


def test_evidence_goes_onto_the_follow_up_under_its_month(task, file_note):
    file_note(10, files=[pdf(), pdf("照片.jpg")])
    assert {(a.name, a.purpose) for a in attachments_of(task)} == {
        ("走访记录.pdf", "2024年10月进展"),
        ("照片.jpg", "2024年10月进展"),
    }


def test_silence_is_counted_in_months_that_were_due(task, file_note):
    file_note(8)
    on = date(2024, 11, 12)
    now = follow.standings(Period.month(2024, 11), on)[0]
    assert (now.silent, now.last, now.overdue) == (2, "2024-08", False)
    assert follow.standings(Period.month(2024, 11), date(2024, 11, 26))[0].silent == 3


def test_closing_needs_a_note_and_evidence(task, lead, file_note):
    with pytest.raises(Refused, match="还没有填报过进展"):
        take("ask_close", task, actor=lead, at=at(11, 12), reason="已完成")
    file_note(10)
    with pytest.raises(Refused, match="办结要有依据"):
        take("ask_close", task, actor=lead, at=at(11, 12), reason="已完成")
    file_note(11, 12, files=[pdf()])
    assert take("ask_close", task, actor=lead, at=at(11, 12), reason="已完成").state == "closing"


def test_a_met_target_is_evidence_enough(task, lead, file_note, make_target, plan):
    target = make_target("对接会", "ge", "2", basis="reported", unit="场", item=task.item)
    file_note(10)
    row = TargetProgress(target=target, region=plan.region, period="2024-10", value=Decimal(2), evidence="通知")
    row.filed_by, row.filed_at = "王", at(11, 1)
    row.save()
    with pytest.raises(Refused, match="办结要有依据"):
        take("ask_close", task, actor=lead, at=at(11, 12), reason="已完成")
    row.confirmed_by, row.confirmed_at = "李", at(11, 2)
    row.save()
    assert take("ask_close", task, actor=lead, at=at(11, 12), reason="已完成").state == "closing"


def test_whoever_asks_to_close_may_not_agree(task, officer, actor_for, boss, file_note):
    file_note(10, files=[pdf()])
    Grant.objects.create(account=officer, role="leader", from_on=date(2020, 1, 1))
    both = actor_for(officer)
    record = take("ask_close", task, actor=both, at=at(11, 12), reason="已完成")
    for step in ("close", "decline"):
        with pytest.raises(Refused, match="必须是两个人"):
            take(step, record, actor=both, at=at(11, 12), reason="同意")
    assert take("close", record, actor=boss, at=at(11, 12)).state == "closed"


def test_a_closed_task_owes_nothing(task, lead, boss, file_note):
    file_note(10, files=[pdf()])
    record = take("close", take("ask_close", task, actor=lead, at=at(11, 12), reason="完"), actor=boss, at=at(11, 12))
    assert follow.debts(date(2024, 12, 20)) == []
    assert not follow.standings(Period.month(2024, 12), date(2024, 12, 31))[0].owed
    with pytest.raises(Refused, match="已经办结"):
        follow.file_note(record, "2024-11", done="a", next_step="b", actor=lead, at=at(11, 13))


def test_another_final_date_takes_a_request_and_a_leader(task, lead, boss):
    with pytest.raises(Refused, match="必须晚于今天"):
        take("ask_change", task, actor=lead, at=at(11, 12), reason="汛期", wanted_due_on=date(2024, 11, 12))
    wanted = date(2025, 3, 31)
    record = take("ask_change", task, actor=lead, at=at(11, 12), reason="汛期", wanted_due_on=wanted)
    assert (record.due_on, record.wanted_due_on) == (date(2024, 12, 31), wanted)
    record = take("allow_change", record, actor=boss, at=at(11, 13))
    assert (record.state, record.due_on, record.wanted_due_on) == ("open", wanted, None)


def test_a_declined_request_changes_nothing(task, lead, boss):
    record = take("ask_change", task, actor=lead, at=at(11, 12), reason="汛期", wanted_due_on=date(2025, 3, 31))
    record = take("decline", record, actor=boss, at=at(11, 13), reason="抓紧办")
    assert (record.state, record.due_on, record.wanted_due_on) == ("open", date(2024, 12, 31), None)


def test_the_page_of_a_follow_up_asks_for_the_date_in_the_step(task, officer, enter):
    client, address = enter(officer), f"/d/follow-ups/{task.pk}"
    assert 'name="wanted_due_on"' in client.get(address).content.decode()
    answer = client.post(f"{address}/step/ask_change", {"reason": "汛期"}, follow=True)
    assert "调整到：" in answer.content.decode()
    client.post(f"{address}/step/ask_change", {"reason": "汛期", "wanted_due_on": "2025-01-31"})
    assert FollowUp.objects.get().wanted_due_on == date(2025, 1, 31)


def test_the_form_reminds_of_last_months_intention(task, officer, enter, file_note):
    file_note(10, next_step="逐户上门复核研发费用。")
    client = enter(officer)
    page = client.get(f"/plan/follow/{task.pk}/note").content.decode()
    assert "逐户上门复核研发费用。" in page and "应报日期" in page and "2024年11月25日" in page
    answer = client.post(
        f"/plan/follow/{task.pk}/note",
        {"done": "已复核30户。", "next_step": "组织培训。", "evidence": [pdf(), pdf("表.xlsx")]},
    )
    assert answer.status_code == 302
    assert ProgressNote.objects.get(period="2024-11").done == "已复核30户。" and attachments_of(task).count() == 2
    assert "已复核30户。" in client.get(f"/plan/follow/{task.pk}/note").content.decode()
    assert client.post(f"/plan/follow/{task.pk}/note", {"done": ""}).status_code == 422


@pytest.mark.parametrize("role", ["officer", "leader", "inspector"])
def test_the_bureau_opens_the_board(role, person, enter, task, file_note):
    file_note(8)
    page = enter(person(role)).get("/plan/follow?month=2024-10").content.decode()
    assert "强化创新主体培育" in page and "未报，逾期 12 个工作日" in page and "连续 2 个月" in page


@pytest.mark.parametrize("role", ["county", "enterprise"])
def test_others_do_not(role, person, enter, make_party):
    account = person(role, region="341502", party=make_party() if role == "enterprise" else None)
    assert enter(account).get("/plan/follow").status_code == 403


def test_only_the_lead_section_opens_the_form(task, person, enter, officer):
    stranger = person("officer")
    Grant.objects.filter(account=stranger).update(section=Section.objects.create(code="rural", name="农村科"))
    assert enter(stranger).get(f"/plan/follow/{task.pk}/note").status_code == 403
    assert enter(officer).get(f"/plan/follow/{task.pk}/note").status_code == 200
    assert enter(officer).get("/plan/follow/99999/note").status_code == 404


def test_the_board_costs_the_same_for_many_tasks(plan, officer, enter, django_assert_max_num_queries, section):
    from keji.modules.plan.models import Item

    for n in range(30):
        Item.objects.create(
            plan=plan, kind="task", number=f"{n}.", title=f"任务{n}", line=n, order=n + 5, section=section
        )
    open_follow_ups(plan, Actor.system(), at(7, 3))
    client = enter(officer)
    client.get("/plan/follow")
    with django_assert_max_num_queries(40):
        client.get("/plan/follow?month=2024-10")


def test_the_list_shows_the_last_month_reported(task, file_note, officer, enter):
    file_note(8)
    page = enter(officer).get("/d/follow-ups/").content.decode()
    assert "2024-08" in page and "最近进展" in page


def test_who_leads_can_be_changed_but_not_the_final_date(task, officer, enter):
    client, rural = enter(officer), Section.objects.create(code="rural", name="农村科")
    client.post(f"/d/follow-ups/{task.pk}/edit", {"section": "rural", "note_day": "20", "due_on": "2025-12-31"})
    task.refresh_from_db()
    assert (task.section, task.note_day, task.due_on) == (rural, 20, date(2024, 12, 31))
