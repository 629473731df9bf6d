"""会议评审: called, attended, chaired, scored on the phone or on paper, agreed, minuted; only then it closes."""
# ruff: noqa: F811 - fixtures are asked for by name

from __future__ import annotations

import io
from datetime import date, time
from decimal import Decimal

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from keji.kernel.audit.log import verify
from keji.kernel.audit.models import Entry
from keji.kernel.people.models import Notice
from keji.kernel.records.flow import Refused, take
from keji.modules.experts.models import Draw, Seat
from keji.modules.experts.services.drawing import draw_with_witness
from keji.modules.experts.services.freezing import freeze_draw
from keji.modules.projects.meetings.services import attending, calling, minutes, opinions, paper_sheets
from keji.modules.projects.models import Attendee, PaperSheet, Proposal, Review
from keji.modules.projects.reviews.services import drawing, panel, reviewing
from tests.modules.experts.conftest import make_experts  # noqa: F401
from tests.modules.projects.telling import (
    GOOD,
    POOR,
    SYSTEM,
    experts,
    form_passed,
    marked,
    met,
    on,
    open_guideline,
    pdf,
    scheme,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 12, 10)
OPINION = "项目目标明确，技术路线可行，指标可以考核，专家组建议予以支持。"


def hand(row):
    return row.person.account.actor(date(2024, 11, 12))


def called(batch, people, at, **changes):
    told = {"held_on": DAY, "starts_at": time(9), "place": "科技大厦三楼", "secretary": people.officer.id}
    told |= {"digits": "482913", "minutes_each": 20}
    return calling.call_meeting(batch, **told | changes, actor=people.officer, at=at)


def drafted(call, panel_people, now):
    row = {"guideline": call, "title": "会评一组", "due_on": date(2024, 12, 20)}
    batch = panel.draft_batches([row], actor=SYSTEM, at=now, source="page")[0]
    panel.assign_panel(batch, panel_people, actor=SYSTEM, at=now)
    return batch


@pytest.fixture
def two(make_party, firm, now):
    """A guideline whose panel meets, with two proposals that wait for it."""
    call = open_guideline(now, leader_most=5, scheme=scheme(now, mode="meeting", blind=False))
    return call, form_passed(call, firm, now), form_passed(call, make_party(), now)


@pytest.fixture
def meeting(two, people, person, make_party, now):
    """Called and begun: three experts are expected on the tenth of December."""
    batch = drafted(two[0], experts(person, make_party, now), now)
    called(batch, people, now)
    batch = take("start", batch, actor=people.officer, at=now)
    return calling.meeting_of(batch)


def gathered(meeting, at, count=3):
    rows = list(meeting.attendees.select_related("person__account").order_by("code"))
    for row in rows[:count]:
        attending.sign_in(row, actor=hand(row), at=at)
    return rows


def chaired(meeting, at, count=3):
    rows = gathered(meeting, at, count)
    for row in rows[:2]:
        attending.vote(row, rows[0], actor=hand(row), at=at)
    return rows


def scored(meeting, at, points=GOOD):
    for review in meeting.batch.reviews.filter(state="assigned").order_by("pk"):
        marked(review, points, at)


def test_a_batch_of_a_meeting_scheme_does_not_begin_before_the_meeting_is_called(two, people, person, make_party, now):
    batch = drafted(two[0], experts(person, make_party, now), now)
    with pytest.raises(Refused, match="请先召集评审会议"):
        take("start", batch, actor=people.officer, at=now)
    with pytest.raises(Refused, match="在评审截止"):
        called(batch, people, now, held_on=date(2024, 12, 21))
    with pytest.raises(Refused, match="4 到 12 位数字"):
        called(batch, people, now, digits="一二三四")
    with pytest.raises(Refused, match="业务科室的同志"):
        called(batch, people, now, secretary=people.inspector.id)
    called(batch, people, now)
    take("start", batch, actor=people.officer, at=now)
    assert Attendee.objects.filter(meeting__batch=batch, state="expected").count() == 3
    assert Notice.objects.filter(url__startswith="/projects/meetings/").count() == 3


@given(st.lists(st.integers(1, 10_000), unique=True, max_size=30), st.from_regex(r"[0-9]{4,12}", fullmatch=True))
def test_whoever_knows_the_digits_gets_the_same_order_whatever_the_list_stood_in(keys, digits):
    rows = [(key, f"XS-2024-{key:04d}") for key in keys]
    order = calling.drawn_order("PS-2024-0001", digits, rows)
    assert sorted(order) == sorted(keys) and order == calling.drawn_order("PS-2024-0001", digits, rows[::-1])


def test_the_order_changes_by_hand_only_with_a_reason(meeting, people, now):
    first, second = meeting.items.order_by("order")
    wanted = {first.pk: (2, 20), second.pk: (1, 30)}
    with pytest.raises(Refused, match="请写明理由"):
        calling.arrange_agenda(meeting, wanted, " ", actor=people.officer, at=now)
    with pytest.raises(Refused, match="每个数用一次"):
        calling.arrange_agenda(meeting, {first.pk: (1, 20), second.pk: (1, 20)}, "", actor=people.officer, at=now)
    calling.arrange_agenda(meeting, wanted, "第二个项目的负责人上午有会", actor=people.officer, at=now)
    meeting.refresh_from_db()
    assert [(i.pk, begins) for i, begins in calling.timetable(meeting)] == [
        (second.pk, time(9)),
        (first.pk, time(9, 30)),
    ]
    assert Entry.objects.filter(action="调整评审会议议程").get().reason == "第二个项目的负责人上午有会"


def test_nobody_signs_in_before_the_day_nor_for_another(meeting, people, now):
    row, other, _ = meeting.attendees.select_related("person__account").order_by("code")
    with pytest.raises(Refused, match="当天才能办理"):
        attending.sign_in(row, actor=hand(row), at=now)
    with on(DAY) as at:
        with pytest.raises(Refused, match="专家本人办理"):
            attending.sign_in(row, actor=hand(other), at=at)
        attending.sign_in(row, actor=hand(row), at=at)
        attending.sign_in(row, actor=hand(row), at=at)
        attending.record_present(other, actor=people.officer, at=at)
    assert Entry.objects.filter(action="评审会议签到").count() == 2
    assert set(meeting.attendees.values_list("state", "how")) == {
        ("present", "own"),
        ("present", "noted"),
        ("expected", ""),
    }
    assert not Entry.objects.filter(actor_name__contains="专家甲").exists()  # the log names experts by code


def test_points_are_given_only_by_who_came_once_enough_came_and_one_chairs(meeting, now):
    review = meeting.batch.reviews.order_by("code", "pk").first()
    with on(DAY) as at:
        rows = list(meeting.attendees.select_related("person__account").order_by("code"))
        with pytest.raises(Refused, match="签到"):
            reviewing.save_marks(review, {}, "", actor=hand(rows[0]), at=at)
        attending.sign_in(rows[0], actor=hand(rows[0]), at=at)
        with pytest.raises(Refused, match="应到 3 位，按评审方案至少 2 位"):
            reviewing.save_marks(review, {}, "", actor=hand(rows[0]), at=at)
        with pytest.raises(Refused, match="至少 2 位到会后"):
            attending.vote(rows[0], rows[0], actor=hand(rows[0]), at=at)
        attending.sign_in(rows[1], actor=hand(rows[1]), at=at)
        with pytest.raises(Refused, match="还没有推选组长"):
            reviewing.save_marks(review, {}, "", actor=hand(rows[0]), at=at)
        attending.vote(rows[0], rows[1], actor=hand(rows[0]), at=at)
        attending.vote(rows[1], rows[0], actor=hand(rows[1]), at=at)
        assert calling.meeting_of(meeting.batch).chair is None  # one vote each is not more than half
        attending.vote(rows[0], rows[0], actor=hand(rows[0]), at=at)
        assert calling.meeting_of(meeting.batch).chair == rows[0]
        marked(review, GOOD, at, actor=hand(rows[0]))
        with pytest.raises(Refused, match="已经推选"):
            attending.vote(rows[1], rows[1], actor=hand(rows[1]), at=at)


def test_who_does_not_come_falls_out_with_a_reason_and_the_rest_carry_the_meeting(meeting, two, people, now):
    with on(DAY) as at:
        rows = chaired(meeting, at, 2)
        with pytest.raises(Refused, match="写明未到会"):
            attending.record_absent(rows[2], " ", actor=people.officer, at=at)
        attending.record_absent(rows[2], "列车停运", actor=people.officer, at=at)
        gone = Review.objects.filter(person=rows[2].person)
        assert set(gone.values_list("state", "reason")) == {("recused", "未到会：列车停运")}
        with pytest.raises(Refused, match="不能再签到"):
            attending.sign_in(rows[2], actor=hand(rows[2]), at=at)
        with pytest.raises(Refused, match="不是抽取产生"):
            attending.call_substitute(rows[2], actor=people.officer, at=at)
        scored(meeting, at)
        for item in meeting.items.all():
            opinions.draft_opinion(item, rows[0], "通过", OPINION, actor=hand(rows[0]), at=at)
            opinions.answer(item, rows[1], True, "", actor=hand(rows[1]), at=at)
        minutes.draw_up(meeting.batch, actor=people.officer, at=at)
        meeting.refresh_from_db()
        minutes.agree(rows[0], meeting.docx_id, actor=hand(rows[0]), at=at)
        take("close", meeting.batch, actor=people.officer, at=at)  # two of three are the two thirds the scheme asks
    assert Proposal.objects.get(pk=two[1].pk).state == "reviewed"


def test_too_few_at_the_meeting_cannot_close_it(meeting, people, now):
    with on(DAY) as at:
        rows = chaired(meeting, at)
        scored_by = meeting.batch.reviews.filter(person=rows[2].person)
        for review in scored_by.order_by("pk"):
            reviewing.recuse(review, "与申报单位有合作", actor=hand(rows[2]), at=at)
        one = meeting.batch.reviews.filter(person=rows[1].person).order_by("pk").first()
        reviewing.recuse(one, "曾任职", actor=hand(rows[1]), at=at)
        scored(meeting, at)
        with pytest.raises(Refused, match="还没有专家组意见|有效评审 1 份，按评审方案至少 2 份"):
            take("close", meeting.batch, actor=people.officer, at=at)


def test_the_opinion_is_the_chairs_draft_that_more_than_half_agree_to_and_dissent_is_kept(meeting, two, people, now):
    with on(DAY) as at:
        rows = chaired(meeting, at)
        item = meeting.items.order_by("order").first()
        with pytest.raises(Refused, match="没有提交"):
            opinions.draft_opinion(item, rows[0], "通过", OPINION, actor=hand(rows[0]), at=at)
        scored(meeting, at)
        with pytest.raises(Refused, match="由组长起草"):
            opinions.draft_opinion(item, rows[1], "通过", OPINION, actor=hand(rows[1]), at=at)
        with pytest.raises(Refused, match="结论应是"):
            opinions.draft_opinion(item, rows[0], "很好", OPINION, actor=hand(rows[0]), at=at)
        opinions.draft_opinion(item, rows[0], "通过", OPINION, actor=hand(rows[0]), at=at)
        with pytest.raises(Refused, match="写明意见"):
            opinions.answer(item, rows[1], False, "", actor=hand(rows[1]), at=at)
        for row in rows[1:]:
            opinions.answer(item, row, False, "预算依据不足，不同意支持", actor=hand(row), at=at)
        with pytest.raises(Refused, match="没有过半数专家同意"):
            take("close", meeting.batch, actor=people.officer, at=at)
        opinions.draft_opinion(item, rows[0], "修改后再评", OPINION, actor=hand(rows[0]), at=at)
        fresh = opinions.standing_of(meeting, item)
        assert fresh.agreed == 1 and len(fresh.silent) == 2  # what was said of the first draft does not count
        with pytest.raises(Refused, match="刚刚有修改"):
            opinions.answer(item, rows[1], True, "", seen="2024-12-10T00:00:00+00:00", actor=hand(rows[1]), at=at)
        opinions.answer(item, rows[1], True, "", actor=hand(rows[1]), at=at)
        opinions.answer(item, rows[2], False, "指标偏低，应当提高后再评", actor=hand(rows[2]), at=at)
        assert opinions.standing_of(meeting, item).stands
        other = meeting.items.order_by("order").last()
        opinions.draft_opinion(other, rows[0], "通过", OPINION, actor=hand(rows[0]), at=at)
        for row in rows[1:]:
            opinions.answer(other, row, True, "", actor=hand(row), at=at)
        with pytest.raises(Refused, match="请生成会议记录"):
            take("close", meeting.batch, actor=people.officer, at=at)
        minutes.draw_up(meeting.batch, actor=people.officer, at=at)
        with pytest.raises(Refused, match="没有经组长确认"):
            take("close", meeting.batch, actor=people.officer, at=at)
        meeting.refresh_from_db()
        with pytest.raises(Refused, match="由组长确认"):
            minutes.agree(rows[1], meeting.docx_id, actor=hand(rows[1]), at=at)
        minutes.agree(rows[0], meeting.docx_id, actor=hand(rows[0]), at=at)
        with pytest.raises(Refused, match="不能再改"):
            opinions.answer(item, rows[1], False, "改主意了不同意", actor=hand(rows[1]), at=at)
        take("close", meeting.batch, actor=people.officer, at=at)
    book = Document(io.BytesIO(meeting.docx.read()))
    said = "\n".join(p.text for p in book.paragraphs) + "\n".join(
        c.text for t in book.tables for r in t.rows for c in r.cells
    )
    assert "指标偏低，应当提高后再评" in said and "应到 3 位，实到 3 位" in said and "482913" in said
    assert verify().sound
    with on(date(2024, 12, 12)) as at:
        with pytest.raises(Refused, match="专家组结论是“修改后再评”，同意立项请写明理由"):
            met(two[0], {item.proposal_id: ("approved", 300_000, "")}, at)
        met(two[0], {item.proposal_id: ("approved", 300_000, "局务会研究认为指标已补充")}, at)


def test_minutes_drawn_up_before_something_else_was_said_are_gone(meeting, people, now):
    with on(DAY) as at:
        rows = chaired(meeting, at)
        scored(meeting, at)
        for item in meeting.items.all():
            opinions.draft_opinion(item, rows[0], "通过", OPINION, actor=hand(rows[0]), at=at)
            for row in rows[1:]:
                opinions.answer(item, row, True, "", actor=hand(row), at=at)
        minutes.draw_up(meeting.batch, actor=people.officer, at=at)
        old = calling.meeting_of(meeting.batch).docx_id
        opinions.answer(item, rows[1], False, "再想了想，预算过高", actor=hand(rows[1]), at=at)
        with pytest.raises(Refused, match="还没有生成"):
            minutes.agree(rows[0], old, actor=hand(rows[0]), at=at)
        minutes.draw_up(meeting.batch, actor=people.officer, at=at)
        with pytest.raises(Refused, match="重新生成"):
            minutes.agree(rows[0], old, actor=hand(rows[0]), at=at)
        with pytest.raises(Refused, match="扫描件"):
            minutes.agree_on_paper(meeting.batch, None, actor=people.officer, at=at)
        minutes.agree_on_paper(meeting.batch, pdf("签名页.pdf"), actor=people.officer, at=at)


def sheet_of(review, points):
    return {
        c.pk: (Decimal(str(p)), "理由")
        for c, p in zip(review.batch.guideline.scheme.criteria.all(), points, strict=True)
    }


def test_a_paper_sheet_counts_once_a_second_officer_held_it_against_the_paper(meeting, people, now):
    review = meeting.batch.reviews.order_by("pk").first()
    said = "技术路线可行，建议支持，指标可以考核。"
    with on(DAY) as at:
        chaired(meeting, at)
        typed = (review, sheet_of(review, POOR), said)
        with pytest.raises(Refused, match="扫描件"):
            paper_sheets.type_sheet(*typed, None, actor=people.officer, at=at)
        with pytest.raises(Refused, match="0 到 30 分"):
            paper_sheets.type_sheet(
                review, sheet_of(review, (31, 1, 1, 1, 1)), said, pdf(), actor=people.officer, at=at
            )
        paper_sheets.type_sheet(*typed, pdf("评分表.pdf"), actor=people.officer, at=at)
        assert Review.objects.get(pk=review.pk).state == "assigned"
        with pytest.raises(Refused, match="必须是两个人"):
            paper_sheets.confirm_sheet(review, actor=people.officer, at=at)
        with pytest.raises(Refused, match="核对后登记"):
            take("enter", review, actor=people.second, at=at)
        paper_sheets.return_sheet(review, "第一项应为 27 分", actor=people.second, at=at)
        paper_sheets.type_sheet(review, sheet_of(review, GOOD), said, None, actor=people.officer, at=at)
        paper_sheets.confirm_sheet(review, actor=people.second, at=at)
    review = Review.objects.get(pk=review.pk)
    assert (review.state, review.total) == ("submitted", 88)
    paper = PaperSheet.objects.get()
    assert (paper.state, paper.typed_name, paper.checked_name) == ("confirmed", people.officer.name, people.second.name)
    actions = list(Entry.objects.order_by("position").values_list("action", flat=True))[-5:]
    assert actions == ["录入纸质评分表", "退回纸质评分表", "录入纸质评分表", "登记纸质评分表", "核对纸质评分表"]


def test_an_opinion_signed_on_paper_is_kept_with_what_each_said(meeting, people, now):
    with on(DAY) as at:
        rows = gathered(meeting, at)
        attending.record_chair(rows[1], "到会 3 位专家举手推选，全部同意", actor=people.officer, at=at)
        scored(meeting, at)
        item = meeting.items.first()
        answers = {rows[0].pk: (True, ""), rows[1].pk: (True, ""), rows[2].pk: (False, "合作协议没有约定知识产权")}
        with pytest.raises(Refused, match="每一位"):
            opinions.record_on_paper(
                item, "通过", OPINION, {rows[0].pk: (True, "")}, pdf(), actor=people.officer, at=at
            )
        with pytest.raises(Refused, match="扫描件"):
            opinions.record_on_paper(item, "通过", OPINION, answers, None, actor=people.officer, at=at)
        opinions.record_on_paper(item, "通过", OPINION, answers, pdf(), actor=people.officer, at=at)
        found = opinions.standing_of(meeting, item)
    assert found.stands and [d.words for d in found.dissents] == ["合作协议没有约定知识产权"]


def test_the_next_in_the_published_order_takes_an_absent_experts_seat(two, make_experts, people, now):
    make_experts(12)
    row = {"guideline": two[0], "title": "会评一组", "due_on": date(2024, 12, 20)}
    batch = panel.draft_batches([row], actor=SYSTEM, at=now, source="page")[0]
    with on(date(2024, 12, 6)) as at:
        number = drawing.ask_for_draw(batch, size=3, review_on=DAY, substitutes=3, actor=people.officer, at=at)
        draw = freeze_draw(Draw.objects.get(number=number), actor=people.second, at=at)
        draw = draw_with_witness(draw, "20241206", actor=people.inspector, at=at)
        called(batch, people, at)
    with on(DAY) as at:
        take("open", draw, actor=people.officer, at=at)
        batch.refresh_from_db()
        members = drawing.experts.panel_of(number).members
        from keji.kernel.parties.models import Person

        seated = list(Person.objects.filter(pk__in=[m.person for m in members]))
        panel.assign_panel(batch, seated, number, actor=people.officer, at=at)
        batch = take("start", batch, actor=people.officer, at=at)
        meeting = calling.meeting_of(batch)
        gone, *_ = meeting.attendees.order_by("code")
        attending.record_absent(gone, "突发疾病", actor=people.officer, at=at)
        made = attending.call_substitute(gone, actor=people.officer, at=at)
        with pytest.raises(Refused, match="已经由替补专家接替"):
            attending.call_substitute(gone, actor=people.officer, at=at)
    left = Seat.objects.get(draw=draw, expert__person=gone.person)
    assert left.state == "declined" and Seat.objects.get(after=left).expert.person_id == made.person_id
    assert made.instead_of_id == gone.pk and batch.reviews.filter(person=made.person, state="assigned").count() == 2
    meeting.batch = batch
    assert attending.attendance(meeting).seats == 3  # a substitute does not make the panel larger


def test_an_online_scheme_knows_no_meeting(people, person, make_party, firm, now):
    call = open_guideline(now)
    form_passed(call, firm, now)
    batch = drafted(call, experts(person, make_party, now), now)
    with pytest.raises(Refused, match="网络评审"):
        called(batch, people, now)
    take("start", batch, actor=people.officer, at=now)
    assert not Attendee.objects.exists()
