"""Which edition holds: the border days, and what may be said of any two days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.kernel.records.flow import Refused
from keji.modules.integrity.editions import choose, edition_for
from keji.modules.integrity.models import CatalogueItem, Edition
from keji.modules.integrity.services import cases
from tests.modules.integrity import telling
from tests.modules.integrity.telling import at

pytestmark = pytest.mark.django_db


def codes(choice):
    return (choice.substance and choice.substance.code, choice.procedure and choice.procedure.code)


@pytest.mark.parametrize(
    ("line", "conduct", "decision", "expected"),
    [
        ("breach", date(2020, 8, 31), date(2020, 8, 31), ("decree-11", "decree-11")),
        ("breach", date(2020, 8, 31), date(2020, 9, 1), ("decree-11", "decree-19")),
        ("breach", date(2020, 9, 1), date(2020, 9, 1), ("decree-19", "decree-19")),
        ("breach", date(2020, 9, 1), date(2026, 3, 19), ("decree-19", "decree-19")),
        ("breach", date(2026, 3, 19), date(2026, 3, 20), ("decree-19", "decree-24")),
        ("breach", date(2026, 3, 20), date(2026, 3, 20), ("decree-24", "decree-24")),
        ("misconduct", date(2022, 9, 13), date(2022, 9, 13), ("rule-323", "rule-323")),
        ("misconduct", date(2022, 9, 13), date(2022, 9, 14), ("rule-323", "rule-221")),
        ("misconduct", date(2022, 9, 14), date(2024, 6, 1), ("rule-221", "rule-221")),
        ("misconduct", date(2018, 1, 1), date(2024, 6, 1), (None, "rule-221")),
        ("misconduct", date(2018, 1, 1), date(2018, 6, 1), (None, None)),
    ],
)
def test_the_day_of_conduct_says_what_is_forbidden_and_the_day_of_decision_how_it_is_handled(
    line, conduct, decision, expected
):
    assert codes(edition_for(line, conduct, decision)) == expected


def test_two_editions_are_told_and_marked_for_checking():
    choice = edition_for("breach", date(2026, 3, 19), date(2026, 3, 20))
    assert "处理较轻的按新规定" in choice.note and "待核" in choice.note
    assert [e.code for e in choice.allowed] == ["decree-19", "decree-24"]
    assert edition_for("misconduct", date(2023, 1, 1), date(2024, 1, 1)).note == ""


def test_a_decision_never_comes_before_the_conduct():
    with pytest.raises(ValueError, match="早于"):
        edition_for("breach", date(2024, 2, 1), date(2024, 1, 1))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.dates(date(2005, 1, 1), date(2035, 1, 1)), st.integers(0, 4000))
def test_whatever_the_days_each_edition_was_in_force_on_its_day(conduct, later):
    decision = conduct + timedelta(days=later)
    for line in ("breach", "misconduct"):
        choice = choose(Edition.objects.filter(line=line), conduct, decision)
        if choice.substance:
            assert choice.substance.in_force_on(conduct)
        if choice.procedure:
            assert choice.procedure.in_force_on(decision)
        else:
            assert "先在诚信规则目录中登记" in choice.note


def test_editions_of_a_line_follow_each_other_without_gap_or_overlap():
    for line in ("breach", "misconduct"):
        rows = list(Edition.objects.filter(line=line).order_by("from_on"))
        for before, after in zip(rows, rows[1:], strict=False):
            assert before.until_on + timedelta(days=1) == after.from_on
        assert rows[-1].until_on is None


def test_the_catalogue_holds_what_is_known_and_says_what_is_not():
    violations = CatalogueItem.objects.filter(kind="violation")
    assert violations.filter(edition="rule-221", certain=True).count() == 8
    assert violations.filter(edition="rule-323").count() == 7
    assert not violations.filter(edition="decree-24", certain=True).exists()
    measures = CatalogueItem.objects.of("rule-221", "measure")
    assert measures.count() == 14
    assert not measures.filter(certain=True).exists(), "the periods and measures were not read: 待核"


def test_a_newer_edition_is_chosen_only_with_a_reason(people):
    case = telling.checked(people)
    rule = Edition.objects.get(code="rule-221")
    given = {
        "line": "misconduct",
        "conduct_on": date(2022, 1, 5),
        "edition": rule,
        "actor": people.worker,
        "at": at(telling.ACCEPTED),
    }
    with pytest.raises(Refused, match="写明理由"):
        cases.set_basis(case, **given)
    assert cases.set_basis(case, **given, reason="新规定处理较轻").edition == rule
    with pytest.raises(Refused, match="都不在施行期内"):
        cases.set_basis(
            case, **(given | {"conduct_on": date(2023, 1, 5), "edition": Edition.objects.get(code="rule-323")})
        )


def test_where_the_table_of_periods_is_not_known_the_months_are_the_decider_s(people, firm):
    from keji.modules.integrity.services.findings import period_problem

    case = telling.accepted(people, {"party": firm})
    subject = case.subjects.get()
    subject.case.edition_id, subject.severity = "decree-24", "heavy"
    assert period_problem(subject, telling.measure("5"), 84, False) == ""
