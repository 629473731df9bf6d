"""Review, decision, notice, establishment: nothing lost, nothing seen that should not be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.kernel.audit.log import verify
from keji.kernel.audit.models import Entry
from keji.kernel.documents.models import Paper
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused, take
from keji.lib.paper.check import check as layout
from keji.modules.projects.decisions.services import listing
from keji.modules.projects.models import Project, Proposal, Review
from keji.modules.projects.proposals.services import proposals
from keji.modules.projects.reviews.services import panel, reviewing, scoring
from tests.modules.projects.telling import (
    FAIR,
    GOOD,
    POOR,
    SYSTEM,
    batch_of,
    established,
    experts,
    form_passed,
    marked,
    met,
    on,
    open_guideline,
    reviewed,
)

pytestmark = pytest.mark.django_db


def actor_of(person_row):
    return person_row.account.actor(date(2024, 11, 12))


def test_from_the_sheets_to_the_project(people, person, make_party, firm, now):
    call = open_guideline(now, leader_most=5)
    good, poor = form_passed(call, firm, now), form_passed(call, make_party(), now)
    reviewed(call, experts(person, make_party, now), now, {poor.pk: POOR})
    good.refresh_from_db()
    assert (good.exact_score, good.score) == ("88/1", Decimal("88.0000"))
    assert [(place, row.pk) for place, row in scoring.ranked(call)] == [(1, good.pk), (2, poor.pk)]
    with on(date(2024, 12, 1)) as at:
        met(call, {poor.pk: ("declined", 0, "技术路线不清")}, at, "纪要〔2024〕5号")
    made = established(call, [good], people)
    assert [(p.title, p.grant, p.remaining, p.state) for p in made] == [(good.title, 300_000, 300_000, "established")]
    assert (made[0].starts_on, made[0].ends_on) == (date(2024, 12, 10), date(2026, 12, 9))
    call.refresh_from_db()
    assert call.state == "done" and Proposal.objects.get(pk=good.pk).state == "established"
    paper = Paper.objects.get(kind="project_list")
    assert [f.message for f in layout(paper.docx.read()) if f.severity == "error"] == []
    assert verify().sound


def test_an_expert_answering_twice_loses_nothing(person, make_party, firm, now):
    call = open_guideline(now)
    form_passed(call, firm, now)
    first, *_ = experts(person, make_party, now)
    batch = batch_of(call, [first, *experts_more(person, make_party, now)], now)
    review = batch.reviews.get(person=first)
    marked(review, GOOD, now, actor=actor_of(first))
    stale = Review.objects.get(pk=review.pk)
    with pytest.raises(Refused, match="已提交"):
        reviewing.submit(stale, actor=actor_of(first), at=now)
    with pytest.raises(Refused, match="不能再改"):
        marked(stale, POOR, now, actor=actor_of(first))
    assert Review.objects.get(pk=review.pk).total == 88


def experts_more(person, make_party, now):
    from keji.kernel.parties.models import Person

    unit = make_party("皖西某学院", kind="institution")
    return [
        Person.objects.create(name=n, party=unit, account=person("expert", f"more-{n}"), created_at=now)
        for n in ("辛", "壬")
    ]


def test_a_sheet_lacks_no_points_no_reason_and_no_opinion(person, make_party, firm, now):
    call = open_guideline(now)
    form_passed(call, firm, now)
    people_ = experts(person, make_party, now)
    review = batch_of(call, people_, now).reviews.get(person=people_[0])
    hand = actor_of(people_[0])
    with pytest.raises(Refused, match="5 项没有打分"):
        reviewing.submit(review, actor=hand, at=now)
    criteria = list(call.scheme.criteria.all())
    marks = {c.pk: (Decimal(1), "") for c in criteria}
    reviewing.save_marks(review, marks, "不行", actor=hand, at=now)
    with pytest.raises(Refused, match="低于及格线"):
        reviewing.submit(review, actor=hand, at=now)
    with pytest.raises(Refused, match="0 到 30 分"):
        reviewing.save_marks(review, {criteria[0].pk: (Decimal("30.1"), "")}, "", actor=hand, at=now)
    with pytest.raises(Refused, match="专家本人"):
        reviewing.save_marks(review, marks, "", actor=actor_of(people_[1]), at=now)


def test_whoever_has_an_interest_is_refused(person, make_party, firm, now):
    call = open_guideline(now)
    record = form_passed(call, firm, now, avoided=[{"name": "专家乙", "unit": "", "reason": "有诉讼"}])
    first, second, third = experts(person, make_party, now)
    first.party = firm
    first.save()
    batch = panel.draft_batches(
        [{"guideline": call, "title": "组", "due_on": date(2024, 12, 20)}], actor=SYSTEM, at=now, source="page"
    )[0]
    with pytest.raises(Refused, match="同单位"):
        panel.assign_panel(batch, [first], actor=SYSTEM, at=now)
    with pytest.raises(Refused, match="申请专家乙回避"):
        panel.assign_panel(batch, [second], actor=SYSTEM, at=now)
    Grant.objects.create(account=third.account, role="officer", from_on=date(2024, 1, 1))
    with pytest.raises(Refused, match="管理或监督人员"):
        panel.assign_panel(batch, [third], actor=SYSTEM, at=now)
    assert not record.reviews.exists()
    with pytest.raises(Refused, match="至少 3 位"):
        take("start", batch, actor=SYSTEM, at=now)


def test_an_outlier_must_be_explained_before_the_batch_closes(people, person, make_party, firm, now):
    call = open_guideline(now)
    form_passed(call, firm, now)
    batch = batch_of(call, experts(person, make_party, now), now)
    rows = list(batch.reviews.order_by("pk"))
    for row, points in zip(rows, (GOOD, FAIR, POOR), strict=True):
        with pytest.raises(Refused, match="没有提交"):
            take("close", batch, actor=people.officer, at=now)
        marked(row, points, now)
    with pytest.raises(Refused, match="偏离较大"):
        take("close", batch, actor=people.officer, at=now)
    far = batch.reviews.get(flagged=True)
    assert far.total == 48
    reviewing.explain(far, "认为指标达不到", actor=actor_of(far.person), at=now)
    take("close", batch, actor=people.officer, at=now)
    assert batch.proposals.get().exact_score == "71/1"


def test_one_who_does_not_answer_is_let_go_and_replaced(people, person, make_party, firm, now):
    call = open_guideline(now)
    form_passed(call, firm, now)
    batch = batch_of(call, experts(person, make_party, now), now)
    silent, *others = batch.reviews.order_by("pk")
    for row in others:
        marked(row, GOOD, now)
    take("release", silent, actor=people.officer, at=now, reason="逾期未评")
    with pytest.raises(Refused, match="有效评审不足 3 份"):
        take("close", batch, actor=people.officer, at=now)
    panel.assign_panel(batch, experts_more(person, make_party, now)[:1], actor=people.officer, at=now)
    marked(batch.reviews.get(state="assigned"), GOOD, now)
    assert take("close", batch, actor=people.officer, at=now).state == "closed"


def test_the_meeting_keeps_to_the_money_and_gives_reasons(person, make_party, firm, now):
    call = open_guideline(now, leader_most=5, money=500_000)
    good, poor = form_passed(call, firm, now), form_passed(call, make_party(), now)
    reviewed(call, experts(person, make_party, now), now, {poor.pk: FAIR})
    with pytest.raises(Refused, match="超过经费总额 50 万元"):
        met(call, {good.pk: ("approved", 300_000, ""), poor.pk: ("approved", 300_000, "")}, now)
    with pytest.raises(Refused, match="不超过 30 万元"):
        met(call, {good.pk: ("approved", 300_001, "")}, now)
    with pytest.raises(Refused, match="得分低于未立项的项目"):
        met(call, {good.pk: ("declined", 0, "理由"), poor.pk: ("approved", 200_000, "")}, now)
    met(call, {good.pk: ("deferred", 0, "补充材料"), poor.pk: ("approved", 200_000, "产业急需")}, now)
    assert {p.state for p in call.proposals.all()} == {"reviewed", "approved"}
    with pytest.raises(Refused, match="已经登记过"):
        met(call, {good.pk: ("approved", 300_000, "")}, now)


def test_the_notice_must_pass_and_a_leader_signs(people, person, make_party, firm, now):
    call = open_guideline(now)
    row = form_passed(call, firm, now)
    reviewed(call, experts(person, make_party, now), now)
    with on(date(2024, 12, 2)) as at:
        met(call, {row.pk: ("approved", 300_000, "")}, at)
        notice = listing.publicise(call, "电话", actor=people.officer, at=at)
        with pytest.raises(Refused):
            take("publish", notice, actor=people.officer, at=at)
        take("publish", notice, actor=people.second, at=at)
    with on(date(2024, 12, 9)) as at, pytest.raises(Refused, match="还没有结束"):
        listing.draft_paper(call, actor=people.officer, at=at)
    with on(date(2024, 12, 10)) as at:
        listing.draft_paper(call, actor=people.officer, at=at)
        with pytest.raises(Refused, match="局领导签发"):
            listing.issue_paper(call, "六科计〔2024〕9号", actor=people.officer, at=at)
        listing.issue_paper(call, "六科计〔2024〕9号", actor=people.leader, at=at)
        with pytest.raises(Refused, match="没有待签发"):
            listing.issue_paper(call, "六科计〔2024〕10号", actor=people.leader, at=at)
    assert Project.objects.count() == 1


# --- who sees what -----------------------------------------------------------------------------------------------


def test_the_log_and_the_pages_name_experts_by_code_only(people, person, make_party, firm, now):
    call = open_guideline(now)
    form_passed(call, firm, now)
    panel_people = experts(person, make_party, now)
    batch = batch_of(call, panel_people, now)
    for row in batch.reviews.order_by("pk"):
        marked(row, GOOD, now, actor=actor_of(row.person))
    told = " ".join(f"{e.actor_name} {e.subject} {e.changes} {e.reason}" for e in Entry.objects.all())
    assert [p.name for p in panel_people if p.name in told or p.account.name in told] == []


def test_a_blind_sheet_shows_neither_unit_nor_people(enter, person, make_party, firm, now):
    call = open_guideline(now)
    record = form_passed(
        call, firm, now, title="明德采摘机器人", abstract="六安明德机械有限公司赵立新团队研制样机。",
        members=[{"order": 1, "name": "钱小敏", "title": "", "field": "", "task": "", "unit": ""}],
        contents={"s1": "六安明德机械已有基础，钱小敏负责算法。", "s2": "内容"},
    )  # fmt: skip
    panel_people = experts(person, make_party, now)
    batch = batch_of(call, panel_people, now)
    client = enter(panel_people[0].account)
    row = batch.reviews.get(person=panel_people[0])
    page = client.get(f"/projects/reviews/{row.pk}").content.decode()
    assert "某单位" in page and record.abstract not in page
    assert [w for w in ("六安明德机械", "赵立新", "钱小敏", record.number, "13912345678") if w in page] == []
    assert client.get(f"/d/proposals/{record.pk}").status_code == 403
    other = batch.reviews.exclude(person=panel_people[0]).first()
    assert client.get(f"/projects/reviews/{other.pk}").status_code == 404


ROLES = (Role.LEADER, Role.OFFICER, Role.INSPECTOR, Role.ENTERPRISE, Role.COUNTY, Role.EXPERT)


@pytest.fixture
def house(people, person, make_party, firm, now):
    """A running batch on two proposals; one sheet is in."""
    call = open_guideline(now, leader_most=5)
    mine, theirs = form_passed(call, firm, now), form_passed(call, make_party(region="341525"), now)
    panel_people = experts(person, make_party, now)
    batch = batch_of(call, panel_people, now)
    marked(batch.reviews.get(person=panel_people[0], proposal=theirs), GOOD, now)
    return {"batch": batch, "mine": mine, "theirs": theirs, "panel": panel_people, "firm": firm, "call": call}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(roles=st.sets(st.sampled_from(ROLES), min_size=1, max_size=3), seat=st.integers(0, 3))
def test_many_roles_see_what_every_one_of_them_allows(house, client, roles, seat):
    """Any set of roles, with or without a seat on the panel: no page gives away what one of the roles must not know."""
    account = house["panel"][seat].account if seat < 3 else Account.objects.get(username="unit-a")
    Grant.objects.filter(account=account).delete()
    for role in sorted(roles):
        where = {"region_id": "341502"} if role == Role.COUNTY else {}
        where |= {"party": house["firm"]} if role == Role.ENTERPRISE else {}
        Grant.objects.create(account=account, role=role, from_on=date(2020, 1, 1), **where)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    actor = account.actor(date(2024, 11, 12))
    seen = set(Review.objects.visible_to(actor))
    pending = set(Review.objects.filter(person__account=account, state="assigned").values_list("proposal", flat=True))
    for review in seen:
        assert review.person.account_id == account.pk or review.proposal_id not in pending
        assert Role.ENTERPRISE not in roles or review.proposal.party_id != house["firm"].pk
    assert not pending & set(Proposal.objects.visible_to(actor).values_list("pk", flat=True))
    pages = [f"/d/proposals/{p.pk}" for p in (house["mine"], house["theirs"])]
    pages += ["/d/proposals/", f"/d/guidelines/{house['call'].pk}", "/search?q=专家", "/todo"]
    text = "".join(client.get(page).content.decode() for page in pages)
    others = [p.name for p in house["panel"] if p.account_id != account.pk]
    assert [name for name in others if name in text] == []
    batch = client.get(f"/d/review-batches/{house['batch'].pk}")
    named = [name for name in others if name in batch.content.decode()]
    assert not named or roles & {Role.OFFICER, Role.INSPECTOR}
    export = client.post("/d/proposals/export", {"query": ""})
    assert export.status_code in (200, 302, 403)


def test_an_applicant_reads_comments_after_the_decision_and_never_a_name(enter, people, person, make_party, firm, now):
    call = open_guideline(now)
    row = form_passed(call, firm, now)
    panel_people = experts(person, make_party, now)
    reviewed(call, panel_people, now)
    client = enter(Account.objects.get(username="unit-a"))
    before = client.get(f"/d/proposals/{row.pk}").content.decode()
    assert "总体可行" not in before and "88.00" not in before
    with on(date(2024, 12, 2)) as at:
        met(call, {row.pk: ("declined", 0, "经费有限")}, at)
    after = client.get(f"/d/proposals/{row.pk}").content.decode()
    assert "总体可行" in after and "经费有限" in after
    assert [p.name for p in panel_people if p.name in after] == [] and "Z01" not in after


def test_five_hundred_sheets_are_closed_in_a_few_seconds(person, make_party, now):
    import time

    call = open_guideline(now, leader_most=999, unit_quota=999)
    parties = [make_party() for _ in range(20)]
    rows = []
    for n, party in enumerate(parties * 5):
        row = proposals.apply(call, party, f"项目{n}", actor=SYSTEM, at=now)
        rows.append(row.pk)
    Proposal.objects.filter(pk__in=rows).update(state="form_passed")
    started = time.perf_counter()
    batch = batch_of(call, experts(person, make_party, now, 5), now)
    Review.objects.filter(batch=batch).update(state="submitted", total=80)
    take("close", batch, actor=SYSTEM, at=now)
    assert batch.proposals.filter(exact_score="80/1").count() == 100
    assert time.perf_counter() - started < 10
