"""Public notices: drafted by one, published by another, locked, closed by the clock, passed when all is answered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from keji.kernel import clock
from keji.kernel.audit.models import Entry
from keji.kernel.calendar.models import work_calendar
from keji.kernel.people.roles import Actor
from keji.kernel.records import notices
from keji.kernel.records.flow import Refused, deadline, take
from keji.kernel.records.models import Link
from keji.kernel.records.notices.objections import CODE_SIGNS, Objection
from keji.kernel.records.notices.period import LONGEST, until_on
from keji.kernel.records.notices.receiving import find_by_receipt
from keji.lib.workdays import load_default
from keji.site.todo import todo_items

days = st.dates(date(2023, 6, 1), date(2027, 6, 30))
counts = st.integers(1, LONGEST)


# --- the clock of a notice -------------------------------------------------------------------------------------------


@given(days, counts, st.booleans())
def test_a_notice_ends_on_a_working_day_with_exactly_its_working_days(start, workdays, first):
    calendar = load_default()
    end = until_on(calendar, start, workdays, first_day_counts=first)
    assert calendar.is_working(end)
    shown = calendar.between(start - timedelta(days=1), end)
    assert shown == workdays + (not first and calendar.is_working(start))


@given(days, counts)
def test_more_days_or_a_later_start_never_end_a_notice_sooner(start, workdays):
    calendar = load_default()
    end = until_on(calendar, start, workdays, first_day_counts=False)
    assert until_on(calendar, start + timedelta(days=1), workdays, first_day_counts=False) >= end
    if workdays < LONGEST:
        assert until_on(calendar, start, workdays + 1, first_day_counts=False) > end


@pytest.mark.parametrize("workdays", [0, -1, LONGEST + 1])
def test_a_period_that_makes_no_sense_is_refused(workdays):
    with pytest.raises(ValueError, match="1 至 60 个工作日"):
        until_on(load_default(), date(2024, 11, 12), workdays, first_day_counts=False)


def test_the_national_day_is_not_counted(db):
    # 2024-09-27 is a Friday; 29 September and 12 October are worked instead of the holidays between.
    assert notices.notice_until(date(2024, 9, 27), 5) == date(2024, 10, 10)


# --- people ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def drafter(person, actor_for):
    return actor_for(person("officer", "drafter", name="起草人"))


@pytest.fixture
def second(person, actor_for):
    return actor_for(person("officer", "second", name="第二人"))


@pytest.fixture
def draft(drafter, now):
    return notices.draft_notice(
        title="2024年度拟认定市级企业研发中心名单公示", body="现将拟认定名单予以公示。", matter="platform",
        columns=("序号", "单位名称"), rows=[(1, "甲公司"), (2, "乙公司")], numbers=["PT-2024-0001", "PT-2024-0002"],
        contact="高新技术科 0564-3379000", actor=drafter, at=now,
    )  # fmt: skip


@pytest.fixture
def published(draft, second, now):
    return notices.publish(draft, actor=second, at=now)


def object_to(notice, at, **values):
    values = {"reason": "名单中的乙公司不在本市注册。", "address": "10.0.0.1", "token": uuid4()} | values
    return notices.raise_objection(notice, at=at, **values)


def answer(objection, drafter, second, at, decision="dismissed"):
    take("propose", objection, actor=drafter, at=at, decision=decision, answer="经核查，注册地在本市。")
    return take("approve", objection, actor=second, at=at)


def at_noon(day):
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=12)))


# --- from draft to closed --------------------------------------------------------------------------------------------


def test_the_usual_days_depend_on_what_it_is_about(draft, drafter, now):
    listed = notices.draft_notice(title="入库名单", body="名单", matter="certification", actor=drafter, at=now)
    result = notices.draft_notice(kind="result", title="认定结果", body="名单", actor=drafter, at=now)
    assert (draft.workdays, listed.workdays, result.workdays) == (5, 10, None)


def test_whoever_drafted_or_changed_it_does_not_publish_it(draft, drafter, second, person, actor_for, now):
    with pytest.raises(Refused, match="必须是两个人"):
        notices.publish(draft, actor=drafter, at=now)
    changed = notices.revise_notice(draft, {"title": "改过的标题"}, actor=second, at=now)
    with pytest.raises(Refused, match="必须是两个人"):
        notices.publish(changed, actor=second, at=now)
    assert notices.publish(changed, actor=actor_for(person("leader")), at=now).state == "published"


def test_whoever_added_a_file_does_not_publish_it(draft, second, now):
    from keji.kernel.documents.models import attach

    attach(draft, SimpleUploadedFile("名单.pdf", b"%PDF-1"), name="名单.pdf", by=second.name, at=now)
    with pytest.raises(Refused, match="附件是您添加的"):
        notices.publish(draft, actor=second, at=now)


def test_publishing_sets_the_days_and_locks_the_content(published, now):
    assert (published.from_on, published.until_on) == (date(2024, 11, 12), date(2024, 11, 19))
    assert published.content_digest() == published.digest
    published.rows = [["1", "丙公司"]]
    with pytest.raises(Refused, match="不能修改"):
        published.save()
    with pytest.raises(Refused, match="不能修改"):
        notices.revise_notice(notices.PublicNotice.objects.get(pk=published.pk), {"title": "x"},
                              actor=Actor.system(), at=now)  # fmt: skip


@given(st.lists(st.tuples(st.text(), st.integers() | st.none()), max_size=5), st.text(min_size=1).filter(str.strip))
def test_any_changed_letter_changes_the_digest(rows, more):
    notice = notices.PublicNotice(
        number="GS-2024-0001", kind="notice", title="标题", body="正文", columns=["甲", "乙"], workdays=5,
        rows=[["" if c is None else str(c) for c in row] for row in rows],
    )  # fmt: skip
    try:
        before = notice.content_digest()
        notice.body += more
        assert notice.content_digest() != before
    except UnicodeEncodeError:
        pass  # half a character that no form lets through


def test_each_record_concerned_is_linked_to_the_notice(draft, second, now):
    assert set(Link.objects.filter(source_number=draft.number).values_list("target_number", "relation")) == {
        ("PT-2024-0001", "公示"), ("PT-2024-0002", "公示"),
    }  # fmt: skip
    notices.revise_notice(draft, {"numbers": ["PT-2024-0002", "PT-2024-0003"]}, actor=second, at=now)
    linked = Link.objects.filter(source_number=draft.number).order_by("target_number")
    assert list(linked.values_list("target_number", flat=True)) == ["PT-2024-0002", "PT-2024-0003"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": "  "}, "标题和内容"),
        ({"columns": ("甲",), "rows": [("一", "二")]}, "名单第 1 行有 2 格"),
        ({"workdays": 90}, "1 至 60"),
        ({"title": "长" * 201}, "标题最多 200 个字"),
        ({"contact": "长" * 201}, "受理方式最多 200 个字"),
    ],
)
def test_a_draft_that_cannot_be_shown_is_refused_with_a_sentence(drafter, now, values, said):
    with pytest.raises(Refused, match=said):
        notices.draft_notice(**({"title": "标题", "body": "正文"} | values), actor=drafter, at=now)


def test_a_county_drafts_nothing(person, actor_for, now):
    with pytest.raises(Refused, match="业务科室"):
        notices.draft_notice(title="x", body="y", actor=actor_for(person("county", region="341502")), at=now)


def test_the_clock_closes_it_after_its_last_day_and_not_before(published, second):
    last = at_noon(published.until_on)
    assert notices.close_due(at=last) == []
    with pytest.raises(Refused, match="系统自动结束"):
        take("close", published, actor=second, at=last)
    assert [n.state for n in notices.close_due(at=last + timedelta(days=1))] == ["closed"]
    assert notices.close_due(at=last + timedelta(days=1)) == []


def test_a_notice_without_an_end_never_passes_nor_closes(drafter, second, now):
    shown = notices.publish(
        notices.draft_notice(kind="announcement", title="公告", body="正文", actor=drafter, at=now),
        actor=second, at=now,
    )  # fmt: skip
    assert notices.close_due(at=now + timedelta(days=400)) == []
    assert "没有期限" in notices.passing_refusal(shown, date(2025, 12, 1))


def test_what_no_notice_was_drafted_for_has_not_passed():
    assert notices.passing_refusal(None) == "还没有公示"


@pytest.mark.parametrize(("typed", "said"), [(" ", "请填写异议受理方式"), ("电" * 201, "最多 200 字")])
def test_whom_to_turn_to_with_an_objection_is_asked_for_and_kept_whole(typed, said):
    assert notices.contact_of(" 0564-1234567 ") == "0564-1234567"
    with pytest.raises(Refused, match=said):
        notices.contact_of(typed)


def test_a_correction_is_a_new_draft_that_names_the_old_one(published, drafter, second, now):
    fixed = notices.draft_correction(published, actor=drafter, at=now)
    assert (fixed.state, fixed.corrects, fixed.rows) == ("draft", published, published.rows)
    fixed = notices.publish(fixed, actor=second, at=now)
    assert fixed.content()["corrects"] == published.number
    with pytest.raises(Refused, match="草稿请直接修改"):
        notices.draft_correction(
            notices.draft_notice(title="草", body="稿", actor=drafter, at=now), actor=drafter, at=now
        )


def test_withdrawing_needs_a_reason(published, second, now):
    with pytest.raises(Refused, match="写明理由"):
        notices.withdraw(published, reason=" ", actor=second, at=now)
    assert notices.withdraw(published, reason="名单有误", actor=second, at=now).withdrawn_reason == "名单有误"
    assert "名单有误" in notices.passing_refusal(notices.PublicNotice.objects.get(pk=published.pk))


# --- objections ------------------------------------------------------------------------------------------------------


def test_a_notice_passes_when_its_days_are_over_and_every_objection_is_answered(published, drafter, second, now):
    objection = object_to(published, now)
    after = published.until_on + timedelta(days=1)
    assert "还没有结束" in notices.passing_refusal(published, published.until_on)
    assert notices.passing_refusal(published, after) == "还有 1 件异议没有答复"
    answer(objection, drafter, second, now)
    assert notices.has_passed(published, after)
    assert notices.result_sentence(published, after) == "公示期内收到异议 1 件，其中不采纳 1 件。"


def test_an_objection_is_answered_by_two_people(published, drafter, second, now):
    objection = object_to(published, now)
    take("propose", objection, actor=drafter, at=now, decision="upheld", answer="采纳，名单更正。")
    with pytest.raises(Refused, match="两个人"):
        take("approve", objection, actor=drafter, at=now)
    take("send_back", objection, actor=second, at=now, reason="请写明依据")
    done = answer(objection, drafter, second, now, "upheld")
    assert (done.state, done.decision, done.answered_at) == ("answered", "upheld", now)
    assert list(notices.open_objections(published)) == []


def test_the_answers_clock_runs_from_the_day_it_was_raised(published, drafter, second, now):
    objection = object_to(published, now)
    due = work_calendar().add(date(2024, 11, 12), 15)
    assert deadline(objection, work_calendar()) == due == date(2024, 12, 3)
    later = now + timedelta(days=3)
    take("propose", objection, actor=drafter, at=later, decision="upheld", answer="采纳")
    objection = take("send_back", objection, actor=second, at=later, reason="重拟")
    assert deadline(objection, work_calendar()) == due


def test_an_objection_is_everybodys_to_do_until_somebody_proposes(published, drafter, second, now):
    objection = object_to(published, now)
    waiting = [i for i in todo_items(drafter) if i["number"] == objection.number]
    assert [(i["step"], i["due_on"], i["days_left"]) for i in waiting] == [("拟答复", date(2024, 12, 3), 15)]
    take("propose", objection, actor=drafter, at=now, decision="upheld", answer="采纳")
    assert [i["number"] for i in todo_items(drafter) if i["number"] == objection.number] == []
    assert [i["step"] for i in todo_items(second) if i["number"] == objection.number] == ["复核答复"]


def test_nobody_objects_before_after_or_to_what_is_no_notice(draft, published, drafter, second, now):
    late = at_noon(published.until_on + timedelta(days=1))
    with pytest.raises(Refused, match="已经结束"):
        object_to(published, late)
    object_to(published, at_noon(published.until_on))
    other = notices.draft_notice(title="草", body="稿", actor=drafter, at=now)
    with pytest.raises(Refused, match="还没有发布"):
        object_to(other, now)
    result = notices.draft_notice(kind="result", title="结果", body="名单", actor=drafter, at=now)
    with pytest.raises(Refused, match="不是公示"):
        object_to(notices.publish(result, actor=second, at=now), now)


def test_a_double_click_is_one_objection_and_a_rewritten_one_is_another(published, now):
    token = uuid4()
    first = object_to(published, now, token=token)
    assert object_to(published, now, token=token) == first
    other = object_to(published, now, token=token, reason="另一个理由，另一件异议。")
    assert other != first
    assert Objection.objects.count() == 2


def test_one_address_cannot_flood_the_house(published, now):
    for _ in range(5):
        object_to(published, now)
    with pytest.raises(Refused, match="次数过多"):
        object_to(published, now)
    object_to(published, now, address="10.0.0.2")
    object_to(published, now + timedelta(minutes=61))


def test_name_and_contact_are_sealed_and_no_address_is_kept(published, now, django_assert_num_queries):
    from django.db import connection

    made = object_to(published, now, name="王小明", contact="13856412345")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, contact FROM records_objection")
        assert all("王" not in v and "138" not in v for v in cursor.fetchone())
        cursor.execute("SELECT address FROM records_publicact")
        assert "10.0.0.1" not in cursor.fetchone()[0]
    assert (made.named, str(made)) == (True, f"{made.number}（实名）")
    said = " ".join(f"{e.subject} {e.changes} {e.actor_name}" for e in Entry.objects.filter(action="提出公示异议"))
    assert "王小明" not in said
    assert "社会公众" in said


def test_a_receipt_opens_its_objection_and_guessing_is_stopped(published, now):
    made = object_to(published, now)
    assert len(made.code) == 8
    assert set(made.code) <= set(CODE_SIGNS)
    assert find_by_receipt(made.number.lower(), f" {made.code.lower()} ", address="a", at=now) == made
    for _ in range(20):
        with pytest.raises(Refused, match="不对"):
            find_by_receipt(made.number, "AAAAAAAA", address="b", at=now)
    with pytest.raises(Refused, match="次数过多"):
        find_by_receipt(made.number, made.code, address="b", at=now)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("病毒.exe", b"MZ", "只接受"),
        ("假的.pdf", b"<html>", "不是 .pdf 文件"),
        ("照片.png", b"\xff\xd8\xff", "不是 .png 文件"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_kept(published, now, name, content, said):
    with pytest.raises(Refused, match=said):
        object_to(published, now, file=SimpleUploadedFile(name, content))
    assert not Objection.objects.exists()


def test_a_file_comes_in_under_a_clean_name(published, now):
    from keji.kernel.documents.models import attachments_of

    made = object_to(published, now, file=SimpleUploadedFile("材料.pdf", b"%PDF-1.7 content"))
    assert [a.name for a in attachments_of(made)] == ["材料.pdf"]


def test_the_clock_of_the_house_is_used_when_no_day_is_given(published):
    assert not notices.has_passed(published)
    with clock.stopped_at(datetime(2024, 11, 20, 8)):
        assert notices.has_passed(published)


def test_who_objects_is_kept_whole_or_refused(published, now):
    with pytest.raises(Refused, match="姓名最多 60 字，现有 61 字"):
        object_to(published, now, name="张" * 61, contact="13800000000")
    with pytest.raises(Refused, match="联系方式最多 100 字，现有 101 字"):
        object_to(published, now, name="张三", contact="1" * 101)
