"""An approved change alters the project's figures, what stood there before is kept; a revocation is referred."""
# ruff: noqa: F811 - fixtures are asked for by name

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.kernel.audit.models import Entry
from keji.kernel.parties.models import Standing
from keji.kernel.people.models import Account
from keji.kernel.records.flow import Refused, take
from keji.modules.integrity.models import Case
from keji.modules.projects.models import Project, Proposal
from keji.modules.projects.running.services import changes, payments
from keji.modules.projects.running.services.rebudgeting import SUBJECTS, money_of, rebudget
from tests.modules.projects.telling import SYSTEM, on
from tests.modules.projects.test_running import BUDGET, paid, project, signed  # noqa: F401

pytestmark = pytest.mark.django_db
DAY = date(2025, 3, 3)
OWN = {"own_money": 400_000}


def decided(project, kind, people, **said):
    with on(DAY) as at:
        row = changes.ask(project, kind, **({"after": "", "reason": "情况变化"} | said), actor=people.unit, at=at)
        row = take("agree", row, actor=people.county, at=at)
        return take("approve", row, actor=people.officer, at=at)


def test_a_new_unit_takes_the_project_over_and_the_old_one_no_longer_sees_it(signed, people, make_party, enter):
    heir = make_party("六安承接科技有限公司", region="341525")
    row = decided(signed, "unit", people, to_party=heir)
    fresh = Project.objects.get(pk=signed.pk)
    assert (fresh.party, fresh.region_id) == (heir, "341525")
    assert row.before == "六安明德机械有限公司" and row.effect["承担单位"] == [row.before, heir.name]
    assert Proposal.objects.get(pk=signed.proposal_id).party_id == signed.party_id  # who applied stays
    assert not Project.objects.visible_to(people.unit).filter(pk=signed.pk).exists()
    page = enter(Account.objects.get(pk=people.officer.id)).get(f"/d/project-changes/{row.pk}").content.decode()
    assert "生效情况" in page and heir.name in page


def test_a_barred_unit_or_the_same_one_takes_nothing_over_not_even_between_asking_and_approving(
    signed, people, make_party
):
    heir = make_party("承接公司")
    with on(DAY) as at:
        with pytest.raises(Refused, match="信用代码"):
            changes.ask(signed, "unit", after="某公司", reason="转让", actor=people.unit, at=at)
        with pytest.raises(Refused, match="现在的承担单位"):
            changes.ask(signed, "unit", after="", reason="转让", to_party=signed.party, actor=people.unit, at=at)
        row = changes.ask(signed, "unit", after="", reason="转让", to_party=heir, actor=people.unit, at=at)
        row = take("agree", row, actor=people.county, at=at)
        Standing.objects.create(
            party=heir, kind="sanction", measure="限制承担", basis="六科监〔2025〕2号", restricts=["undertake"],
            from_on=date(2025, 1, 1),
        )  # fmt: skip
        with pytest.raises(Refused, match="六科监〔2025〕2号"):
            take("approve", row, actor=people.officer, at=at)


def test_new_targets_stand_in_the_task_book_and_the_old_ones_in_the_change(signed, people):
    row = decided(signed, "targets", people, after="识别率不低于 93%")
    signed.task_book.refresh_from_db()
    assert signed.task_book.targets == "识别率不低于 93%" and row.before == "识别率不低于 95%"
    entry = Entry.objects.filter(action="变更生效").get()
    assert entry.changes["技术指标"] == ["识别率不低于 95%", "识别率不低于 93%"]


def test_a_smaller_budget_comes_off_the_last_node_and_everything_still_adds_up(signed, people):
    paid(signed, "ZF-1", 180_000, people, milestone=signed.milestones.first())
    money = BUDGET | OWN | {"business": 70_000}
    decided(signed, "total", people, money=money)
    fresh = Project.objects.get(pk=signed.pk)
    assert (fresh.grant, fresh.remaining) == (250_000, 70_000)
    assert [m.amount for m in fresh.milestones.all()] == [180_000, 70_000]
    assert money_of(fresh) == money
    with on(date(2025, 4, 1)) as at, pytest.raises(Refused):
        payments.pay(
            fresh, order_code="ZF-2", amount=70_001, paid_on=date(2025, 4, 1), actor=people.officer, at=at
        )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "said", "sentence"),
    [
        ("total", {"business": 200_000}, "只能调减"),
        ("total", {}, "和现在一样"),
        ("total", {"equipment": 0, "business": 0, "labour": 0}, "不能更少"),
        ("transfer", {"business": 110_000}, "合计应仍为 30 万元"),
        ("transfer", {"indirect": 20_000, "business": 130_000}, "间接费用不变"),
    ],
)
def test_money_changes_only_within_what_was_decided_paid_and_spent(signed, people, kind, said, sentence):
    paid(signed, "ZF-1", 180_000, people, milestone=signed.milestones.first())
    with on(DAY) as at, pytest.raises(Refused, match=sentence):
        changes.ask(signed, kind, after="", reason="调整", money=BUDGET | OWN | said, actor=people.unit, at=at)


def test_a_transfer_between_direct_costs_is_the_units_and_in_force_at_once(signed, people):
    money = BUDGET | OWN | {"equipment": 80_000, "business": 140_000}
    with on(DAY) as at:
        row = changes.ask(signed, "transfer", after="", reason="改租设备", money=money, actor=people.unit, at=at)
    row.refresh_from_db()
    assert row.state == "filed" and row.effect["设备费"] == ["10 万元", "8 万元"]
    assert money_of(signed) == money


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(1, 299_999), first=st.integers(0, 180_000), loose=st.integers(0, 100_000))
def test_nodes_and_budget_make_the_grant_whatever_is_cut(signed, cut, first, loose):
    """Nodes add up to the grant, none falls below what was paid for it."""
    from django.db import transaction

    with transaction.atomic():
        fresh, node = Project.objects.get(pk=signed.pk), signed.milestones.first()
        sums = [(first, node), (loose, None)]
        for n, (amount, milestone) in enumerate(s for s in sums if s[0]):
            fresh.payments.create(
                order_code=f"P{n}", amount=amount, milestone=milestone, paid_on=DAY, made_by="甲",
                made_at=fresh.created_at,
            )  # fmt: skip
        fresh.paid = first + loose
        cut = min(cut, fresh.grant - fresh.paid)
        money, left = BUDGET | OWN, cut
        for subject in SUBJECTS:
            less = min(left, money[subject])
            money[subject], left = money[subject] - less, left - less
        rebudget(fresh, money)
        amounts = [m.amount for m in fresh.milestones.all()]
        assert sum(amounts) == fresh.grant == 300_000 - cut and min(amounts) >= 0 and amounts[0] >= first
        assert sum(line.amount for line in fresh.budget.all()) == fresh.grant
        transaction.set_rollback(True)


def test_an_extension_moves_the_last_node_with_the_end(signed, people):
    from keji.modules.projects.numbers import months_later

    signed.milestones.filter(order=2).update(due_on=signed.ends_on)
    later = months_later(signed.ends_on, 6)
    decided(signed, "extension", people, until_on=later)
    assert signed.milestones.get(order=2).due_on == later == Project.objects.get(pk=signed.pk).ends_on


def test_the_form_shows_the_money_as_it_is_and_takes_the_code_of_a_unit(signed, people, enter, make_party):
    heir, client = make_party("承接公司"), enter(Account.objects.get(pk=people.unit.id))
    url = f"/projects/projects/{signed.pk}/change"
    with on(DAY):
        page = client.get(url).content.decode()
        assert 'value="12"' in page and 'value="40"' in page
        said = {"kind": "unit", "reason": "转让", "after": ""}
        assert client.post(url, said | {"to_party": "123"}).status_code == 422
        assert client.post(url, said | {"to_party": heir.uscc}).status_code == 302
    assert signed.changes.get().to_party == heir


def test_a_revoked_project_becomes_a_clue_that_its_officer_cannot_follow(signed, people, person, actor_for):
    with on(DAY) as at:
        take("revoke", signed, actor=people.officer, at=at, reason="提供虚假检测报告")
    case = Case.objects.get()
    assert case.origin == "found" and signed.number in case.gist and "虚假检测报告" in case.gist
    assert {s.party_id for s in case.subjects.all()} == {signed.party_id, None}
    assert not Case.objects.visible_to(people.officer).exists() and not Case.objects.visible_to(people.unit).exists()
    told = Entry.objects.filter(subject_type="projects.project", subject_id=str(signed.pk)).values_list("action")
    assert ("移送科研诚信",) in set(told)
    assert not any(case.number in str(e.changes) + e.reason for e in Entry.objects.filter(subject_id=str(signed.pk)))


def test_a_project_that_could_not_be_revoked_refers_nothing(signed, people):
    with on(DAY) as at, pytest.raises(Refused):
        take("revoke", signed, actor=people.officer, at=at, reason=" ")
    assert not Case.objects.exists()


def test_what_was_asked_before_the_columns_came_is_asked_anew(signed, people):
    with on(DAY) as at:
        row = changes.ask(
            signed, "total", after="", reason="调减", money=BUDGET | OWN | {"business": 100_000}, actor=SYSTEM, at=at
        )
        type(row).objects.filter(pk=row.pk).update(money={})
        row = take("agree", row, actor=SYSTEM, at=at)
        with pytest.raises(Refused, match="请填写变更后"):
            take("approve", row, actor=people.officer, at=at)


def test_what_is_to_hold_afterwards_is_kept_whole_or_refused(signed, people):
    with pytest.raises(Refused, match="变更后的内容最多 60 字，现有 61 字"):
        decided(signed, "leader", people, after="张" * 61)
    with pytest.raises(Refused, match="变更后的内容最多 1,000 字，现有 1,001 字"):
        decided(signed, "targets", people, after="率" * 1001)
