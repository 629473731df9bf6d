"""A draw from the request to the close: each step by whoever takes it, none twice, and nobody named too early."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from io import BytesIO

import docx
import pytest
from django.db import IntegrityError, transaction

from keji.kernel import clock
from keji.kernel.audit.log import verify
from keji.kernel.audit.models import Entry
from keji.kernel.people.models import Account, Notice
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.modules.experts import api
from keji.modules.experts.asking import PLACE, AvoidedName, PersonRef, QuotaRow, Subject
from keji.modules.experts.models import Draw, DrawResult, Expert, FrozenPool, PoolEntry, Seat, Use
from keji.modules.experts.models.credit import MARKS
from keji.modules.experts.papers import draw_record
from keji.modules.experts.services.credit import mark_use
from keji.modules.experts.services.drawing import check_again, draw_with_witness, observe, outcome_of
from keji.modules.experts.services.freezing import Terms, freeze_draw, prepare
from keji.modules.experts.services.seats import answer
from tests.modules.experts.telling import REVIEW

pytestmark = pytest.mark.django_db
DIGITS = "20241112"
MATTER = Subject("SB-2024-0001", "一种轴承", (), (PersonRef("赵甲"),))
GOOD = {"timeliness": 5, "independence": 4, "quality": 4, "confidentiality": 5}


@pytest.fixture
def frozen(make_experts, ask, people, now):
    make_experts(15)
    draw = ask([MATTER], quotas=(QuotaRow(PLACE, "市外", 1),), contact=people.contact.id)
    return freeze_draw(draw, actor=people.second, at=now)


@pytest.fixture
def sealed(frozen, people, now):
    return draw_with_witness(frozen, DIGITS, actor=people.inspector, at=now)


@pytest.fixture
def opened(sealed, people):
    with clock.stopped_at(datetime(2024, 11, 14, 8, 0)):
        return take("open", sealed, actor=people.officer, at=clock.now())


def test_from_the_request_to_the_close(make_experts, ask, people, now):
    make_experts(15)
    draw = ask([MATTER], size=3, contact=people.contact.id, quotas=(QuotaRow(PLACE, "市外", 1),))
    assert (draw.number, draw.state) == ("ZQ-2024-0001", "requested")
    draw = freeze_draw(draw, actor=people.second, at=now)
    assert sum(draw.frozen.states.values()) == PoolEntry.objects.filter(draw=draw).count() == 15
    draw = draw_with_witness(draw, DIGITS, actor=people.inspector, at=now)
    assert draw.seats.count() == 3 and draw.seats.filter(expert__in_city=False).exists()
    assert api.panel_of(draw.number).members == ()
    with clock.stopped_at(datetime(2024, 11, 14, 8, 0)):
        at = clock.now()
        for seat in draw.seats.all():
            answer(seat, True, actor=people.contact, at=at)
        draw = take("open", draw, actor=people.officer, at=at)
        members = api.panel_of(draw.number).members
        assert {m.person for m in members} == set(draw.seats.values_list("expert__person_id", flat=True))
        with pytest.raises(Refused, match="还有 3 名专家没有评价"):
            take("close", draw, actor=people.officer, at=at)
        for member in members:
            mark_use(draw.number, member.person, GOOD, actor=people.officer, at=at)
        assert take("close", draw, actor=people.officer, at=at).state == "closed"
    assert Use.objects.filter(draw=draw, on=REVIEW).count() == 3
    assert verify().sound


def test_whoever_asked_or_froze_or_calls_is_no_witness_and_no_officer_draws(frozen, people, person, actor_for, now):
    for actor in (people.officer, people.second, people.leader):
        with pytest.raises(Refused, match="见证抽取由派驻纪检办理"):
            draw_with_witness(frozen, DIGITS, actor=actor, at=now)
    with pytest.raises(Refused, match="监督人到场"):
        draw_with_witness(frozen, DIGITS, actor=Actor.system(), at=now)
    both = person("inspector", "two-roles")
    from keji.kernel.people.models import Grant

    Grant.objects.create(account=both, role="officer", from_on=date(2020, 1, 1))
    Draw.objects.filter(pk=frozen.pk).update(requested_by=both)
    with pytest.raises(Refused, match="不能担任监督人"):
        draw_with_witness(frozen, DIGITS, actor=actor_for(both), at=now)
    assert not DrawResult.objects.exists()


def test_the_witness_s_part_cannot_be_lent(frozen, people, person, actor_for, now):
    from keji.kernel.people.models import Account, Delegation

    officer = person("officer", "stands-in")
    Delegation.objects.create(
        lender=Account.objects.get(pk=people.inspector.id), to=officer, reason="出差",
        from_on=date(2024, 11, 1), until_on=date(2024, 11, 30),
    )  # fmt: skip
    assert "inspector" in actor_for(officer).roles
    with pytest.raises(Refused, match="受委托的不能担任"):
        draw_with_witness(frozen, DIGITS, actor=actor_for(officer), at=now)


@pytest.mark.parametrize("digits", ["", "12345", "abcdef", "1234 5678 x"])
def test_wrong_digits_leave_everything_as_it_was(frozen, people, now, digits):
    with pytest.raises(Refused, match="位"):
        draw_with_witness(frozen, digits, actor=people.inspector, at=now)
    frozen.refresh_from_db()
    assert (frozen.state, Seat.objects.count(), DrawResult.objects.count()) == ("frozen", 0, 0)


def test_a_witness_who_leaves_half_way_is_followed_by_another(frozen, people, now):
    """Nothing is kept of a half-taken step; the second inspector finds the draw as it was frozen."""
    with pytest.raises(Refused):
        draw_with_witness(frozen, "12", actor=people.inspector, at=now)
    drawn = draw_with_witness(frozen, "987654", actor=people.other_inspector, at=now)
    assert drawn.result.witness_id == people.other_inspector.id


def test_a_frozen_pool_is_drawn_once(sealed, people, now):
    first = sealed.result.sha256
    with pytest.raises(Refused, match="已抽取"):
        draw_with_witness(sealed, "111111", actor=people.other_inspector, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        DrawResult.objects.create(draw=sealed, drawn_at=now, content="x", sha256="y", sm3="z")
    with pytest.raises(IntegrityError), transaction.atomic():
        kept = sealed.frozen
        FrozenPool.objects.create(
            draw=sealed, file=kept.file, sha256="a", sm3="b", commitment="c", nonce="d", salt="e", digits=6,
            frozen_at=now,
        )  # fmt: skip
    assert DrawResult.objects.get().sha256 == first


def test_two_officers_freezing_at_once_freeze_once(make_experts, ask, people, now):
    make_experts(9)
    draw = ask([MATTER])
    first, second = prepare(draw, Terms(), now), prepare(draw, Terms(), now)
    take("freeze", draw, actor=people.second, at=now, prepared=first)
    with pytest.raises(Refused, match="已冻结"):
        take("freeze", draw, actor=people.officer, at=now, prepared=second)
    assert FrozenPool.objects.get().sha256 == first.frozen.sha256


def test_a_pool_that_changed_while_it_was_worked_out_is_not_frozen(make_experts, ask, people, now):
    expert = make_experts(9)[0]
    draw = ask([MATTER])
    prepared = prepare(draw, Terms(), now)
    Expert.objects.filter(pk=expert.pk).update(state="paused")
    with pytest.raises(Refused, match="专家库有变化"):
        take("freeze", draw, actor=people.second, at=now, prepared=prepared)
    assert not FrozenPool.objects.exists()


def test_steps_with_a_page_of_their_own_do_nothing_without_it(frozen, make_experts, ask, people, now):
    with pytest.raises(Refused, match="请在抽取页面"):
        take("witness", frozen, actor=people.inspector, at=now)
    with pytest.raises(Refused, match="请在抽取页面"):
        take("freeze", ask([MATTER]), actor=people.officer, at=now)


def test_an_impossible_request_is_told_what_would_do(make_experts, ask, people, now):
    make_experts(9, in_city=True)
    draw = ask([MATTER], quotas=(QuotaRow(PLACE, "市外", 2),))
    with pytest.raises(Refused, match="下限由 2 降为 0"):
        freeze_draw(draw, actor=people.second, at=now)
    draw.refresh_from_db()
    assert draw.state == "requested"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"size": 4}, "单数"),
        ({"review_on": date(2024, 11, 11)}, "已过"),
        ({"quotas": (QuotaRow(PLACE, "月球", 1),)}, "没有地域“月球”"),
        ({"quotas": (QuotaRow(PLACE, "市外", 2), QuotaRow(PLACE, "市内", 2))}, "多于评审组"),
        ({"disciplines": ("999",)}, "没有一级学科代码"),
        ({"title": " "}, "请写明"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_in_words(ask, values, sentence):
    with pytest.raises(Refused, match=sentence):
        ask([MATTER], **values)
    assert not Draw.objects.exists()


def test_nobody_who_must_avoid_is_ever_drawn(make_experts, ask, people, now):
    """Over many digits: the named, the resting and the avoided never sit on the panel nor stand by."""
    experts = make_experts(9)
    wish = Subject("SB-9", "题", avoided=(AvoidedName(experts[0].person.name, "争议"),))
    Expert.objects.filter(pk=experts[1].pk).update(state="paused")
    draw = freeze_draw(ask([wish], substitutes=6), actor=people.second, at=now)
    from keji.lib.draw import Shares
    from keji.lib.draw import draw as lots
    from keji.modules.experts.services.freezing import frozen_of

    out = set(draw.pool.exclude(state="eligible").values_list("alias", flat=True))
    assert len(out) == 2
    for n in range(60):
        outcome = lots(frozen_of(draw), Shares(draw.frozen.nonce, f"{n:06d}"))
        assert not out & ({*outcome.panel} | {s.id for s in outcome.substitutes})


def test_the_published_file_names_nobody_and_the_script_checks_it(opened, tmp_path):
    frozen, outcome = api.frozen_file(opened.number), api.outcome_file(opened.number)
    for word in (*Expert.objects.values_list("person__name", "employer", "number"),):
        assert all(w.encode() not in frozen and w.encode() not in outcome for w in word)
    (tmp_path / "f.json").write_bytes(frozen)
    (tmp_path / "o.json").write_bytes(outcome)
    (tmp_path / "verify_draw.py").write_bytes(api.verifier())
    run = subprocess.run(
        [sys.executable, "-I", "verify_draw.py", "f.json", "o.json"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_seat_that_is_declined_goes_to_the_next_in_order(sealed, people, now):
    before = outcome_of(sealed)
    seat = sealed.seats.first()
    with pytest.raises(Refused, match="请选择不参加的原因"):
        answer(seat, False, actor=people.contact, at=now)
    with pytest.raises(Refused, match="请写明"):
        answer(seat, False, why="other", actor=people.contact, at=now)
    answer(seat, False, why="busy", reason="出差", actor=people.contact, at=now)
    sealed.refresh_from_db()
    after = outcome_of(Draw.objects.get(pk=sealed.pk))
    taken = after.replacements[-1].taken
    assert Seat.objects.get(draw=sealed, alias=taken).after_id == seat.pk
    assert before.panel == after.panel and taken in after.current and seat.alias not in after.current
    assert len(DrawResult.objects.get().versions) == 2
    assert "出差" not in DrawResult.objects.get().content


def test_an_expert_who_answers_twice_has_answered_once(sealed, people, now):
    yes, no = sealed.seats.all()[:2]
    for _ in range(2):
        answer(yes, True, actor=people.contact, at=now)
        answer(no, False, why="busy", actor=people.contact, at=now)
    assert Seat.objects.filter(draw=sealed).count() == 4
    with pytest.raises(Refused, match="不能再改"):
        answer(no, True, actor=people.contact, at=now)
    answer(yes, False, why="health", actor=people.contact, at=now)  # who accepted may still fall ill
    assert Seat.objects.filter(draw=sealed, state="declined").count() == 2
    assert sealed.seats.exclude(state="declined").count() == 3


def test_only_the_expert_or_who_calls_may_answer(sealed, people, person, actor_for, now):
    seat = sealed.seats.first()
    own = person("expert", "an-expert")
    seat.expert.person.account = own
    seat.expert.person.save()
    for actor in (people.officer, people.second, people.leader, people.inspector, actor_for(person("expert"))):
        with pytest.raises(Refused, match="由专家本人答复"):
            answer(seat, True, actor=actor, at=now)
    assert answer(seat, True, actor=actor_for(own), at=now).state == "accepted"


def test_a_drawn_expert_with_an_account_is_told_without_the_panel(make_experts, ask, people, person, now):
    for expert in make_experts(3):
        expert.person.account = person("expert")
        expert.person.save()
    draw_with_witness(
        freeze_draw(ask([MATTER], size=3), actor=people.second, at=now), DIGITS, actor=people.inspector, at=now
    )
    assert Notice.objects.filter(text__contains="请答复是否参加").count() == 3


def test_it_opens_on_the_review_day_and_counts_from_then(sealed, people, now):
    with pytest.raises(Refused, match="2024年11月14日）才能启封"):
        take("open", sealed, actor=people.officer, at=now)
    assert not Use.objects.exists()


def test_cancelled_draws_stay_and_what_was_drawn_only_the_leader_cancels(frozen, people, ask, now):
    drawn = draw_with_witness(frozen, DIGITS, actor=people.inspector, at=now)
    with pytest.raises(Refused, match="只能由局领导取消"):
        take("cancel", drawn, actor=people.officer, at=now, reason="想换人")
    gone = take("cancel", drawn, actor=people.leader, at=now, reason="评审改期")
    again = ask([MATTER], instead_of=gone)
    assert api.published_draw(gone.number).cancelled_why == "评审改期"
    assert api.published_draw(gone.number).again == (again.number,)
    assert api.outcome_file(gone.number) is None
    with pytest.raises(Refused):
        answer(gone.seats.first(), True, actor=people.contact, at=now)


def test_the_inspector_notes_signs_once_and_does_it_all_again(opened, people, now):
    observe(opened, "note", "现场三人", actor=people.inspector, at=now)
    signed = observe(opened, "sign", "", actor=people.inspector, at=now)
    assert signed.digest == opened.result.sha256
    with pytest.raises(Refused, match="已经签过"):
        observe(opened, "sign", "", actor=people.inspector, at=now)
    with pytest.raises(Refused, match="派驻纪检"):
        observe(opened, "note", "我也记", actor=people.officer, at=now)
    sound, steps = check_again(opened, actor=people.other_inspector, at=now)
    assert sound and len(steps) == 8
    PoolEntry.objects.filter(draw=opened, state="eligible").update(state="resting")
    sound, steps = check_again(Draw.objects.get(pk=opened.pk), actor=people.other_inspector, at=now)
    assert not sound and ("库内每人的状态与冻结文件一致", False) in steps


def test_the_log_never_says_who_was_drawn(sealed, people, now):
    names = set(sealed.seats.values_list("expert__person__name", flat=True))
    numbers = set(sealed.seats.values_list("expert__number", flat=True))
    answer(sealed.seats.first(), False, why="busy", actor=people.contact, at=now)
    entries = Entry.objects.filter(subject_type="experts.draw")
    told = " ".join(f"{e.subject} {e.reason} {e.changes}" for e in entries)
    assert entries.exists() and not any(word in told for word in names | numbers)


def test_the_record_is_an_official_paper_with_names_only_when_asked(opened):
    names = list(opened.seats.values_list("expert__person__name", flat=True))

    def text(named: bool) -> str:
        file = docx.Document(BytesIO(draw_record(opened, "docx", names=named)))
        cells = [c.text for t in file.tables for r in t.rows for c in r.cells]
        return "\n".join([p.text for p in file.paragraphs] + cells)

    assert all(n in text(True) for n in names) and not any(n in text(False) for n in names)
    assert opened.frozen.sha256 in text(False).replace("\n", "").replace(" ", "")
    assert draw_record(opened, "pdf", names=True)[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": "评" * 161}, "评审事项最多 160 字，现有 161 字"),
        ({"venue": "楼" * 121}, "评审地点最多 120 字，现有 121 字"),
    ],
)
def test_what_is_written_of_a_draw_is_kept_whole_or_refused(ask, values, sentence):
    with pytest.raises(Refused, match=sentence):
        ask([MATTER], **values)
    assert not Draw.objects.exists()


def test_a_matter_with_too_long_a_name_or_number_is_refused(ask):
    with pytest.raises(Refused, match="评审对象的名称最多 200 字，现有 201 字"):
        ask([Subject("SB-1", "题" * 201)])
    with pytest.raises(Refused, match="评审对象的编号最多 24 字，现有 25 字"):
        ask([Subject("1" * 25, "题")])


def test_what_the_inspector_writes_and_says_is_kept_whole_or_refused(opened, people, now):
    with pytest.raises(Refused, match="监督记录最多 500 字，现有 501 字"):
        observe(opened, "note", "看" * 501, actor=people.inspector, at=now)
    use = opened.uses.first()
    marks = {**dict.fromkeys(MARKS, 5), "note": "好" * 301}
    with pytest.raises(Refused, match="评价说明最多 300 字，现有 301 字"):
        mark_use(opened.number, use.expert.person_id, marks, actor=people.officer, at=now)


def test_asking_anew_starts_from_what_the_cancelled_draw_asked_for(ask, people, client, now, make_party):
    """Nobody types the matters again because a quota was too tight; an exact quota stays exact."""
    firm = make_party("六安某公司")
    matter = Subject(
        "SB-1", "一种轴承", (firm.pk,), (PersonRef("张三", None, "某大学"),), (AvoidedName("李四", "有过节"),)
    )
    quotas = (QuotaRow(PLACE, "市外", 1, 1), QuotaRow(PLACE, "市内", 2))
    gone = take("cancel", ask([matter], quotas=quotas, venue="三楼"), actor=people.officer, at=now, reason="名额太紧")
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(Account.objects.get(pk=people.second.id), backend=backend)
    assert "李四" not in client.get(f"/experts/draws/new?instead={gone.number}").content.decode()
    client.force_login(Account.objects.get(pk=people.officer.id), backend=backend)
    page = client.get(f"/experts/draws/new?instead={gone.number}")
    form = page.context["form"]
    said = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    assert client.post("/experts/draws/new", said | {"size": "5"}).status_code == 302
    again = Draw.objects.latest("pk")
    assert (again.instead_of_id, again.size, again.venue) == (gone.pk, 5, "三楼")
    assert [(q["value"], q["least"], q["most"]) for q in again.quotas] == [("市外", 1, 1), ("市内", 2, 5)]
    old, new = gone.subjects.get(), again.subjects.get()
    assert (old.number, old.title, old.parties, old.people, old.avoided) == (
        new.number, new.title, new.parties, new.people, new.avoided,
    )  # fmt: skip
