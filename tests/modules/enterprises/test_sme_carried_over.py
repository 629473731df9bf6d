"""What was once kept for 科技型中小企业评价 reads as separate facts after the upgrade."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

said_in = import_module("keji.modules.enterprises.migrations.0220_statements_from_sme").said_in
BLANK = dict.fromkeys(
    "resident staff rnd_staff sales assets rnd_expense total_cost class1_ip class2_ip restricted misconduct "
    "listed_abnormal hnte award institution standard".split()
)


def row(**said):
    return SimpleNamespace(**BLANK | {"year": 2024} | said)


def test_figures_are_of_the_year_before_and_exact():
    found, _ = said_in(row(sales=Decimal("1234.5678"), staff=40), newest=True)
    assert found == [("staff", 2023, 40, 0), ("part_time_6m", 2023, 0, 0), ("revenue", 2023, 12345678, 0)]


def test_blank_stays_unknown():
    assert said_in(row(), newest=True) == ([], "")


def test_one_no_answers_both_questions_and_a_yes_answers_neither():
    found, _ = said_in(row(misconduct=False), newest=True)
    assert found == [("serious_incident", 0, 0, 12), ("research_dishonesty", 0, 0, 12)]
    found, note = said_in(row(misconduct=True), newest=True)
    assert found == []
    assert "请分别填报" in note


def test_a_sum_of_research_stays_in_the_note():
    found, note = said_in(row(rnd_expense=Decimal("120.5000")), newest=True)
    assert found == []
    assert "研发费用合计 120.5 万元" in note


def test_standing_facts_come_from_the_newest_year_only():
    assert said_in(row(resident=True), newest=False)[0] == []
    assert said_in(row(resident=True), newest=True)[0] == [("resident", 0, 1, 0)]
