"""How a desk writes what it shows: moments, years, numbers worked out, conditions, headings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

import pytest
from django.test import RequestFactory

from keji.desk.cells import aligned_right, written
from keji.desk.desk import Panel, desks
from keji.desk.lists import filterset
from keji.desk.pages import change, panels_of
from keji.kernel.people.roles import Actor
from keji.modules.projects.models import Proposal


def test_a_moment_is_written_on_the_bureaus_wall_as_people_write_it():
    assert written(datetime(2024, 3, 4, 23, 5, tzinfo=UTC)) == "2024年3月5日 07:05"


def test_the_history_writes_days_and_years_as_people_do_whatever_the_log_kept():
    assert change(Proposal, "送达日期", [None, "2024-07-31"])["after"] == "2024年7月31日"
    assert change(Proposal, "年度", [None, 2023])["after"] == "2023"
    assert change(Proposal, "编号", [None, "2024-13-31"])["after"] == "2024-13-31"


def test_a_number_that_is_worked_out_stands_right_like_a_stored_one():
    assert aligned_right(Proposal, "asked")
    assert not aligned_right(Proposal, "title")


@pytest.mark.django_db
def test_a_condition_bears_the_columns_own_name():
    found = filterset(desks()["proposals"], Actor.system("试"), {}, Proposal.objects.all())
    assert found.filters["guideline__programme__tag"].label == "专题"


def test_a_part_with_nothing_to_say_is_left_out():
    class Two:
        panels = (Panel("空", "x.html", lambda r, o: None), Panel("有", "x.html", lambda r, o: {"n": 1}, first=True))

    assert panels_of(RequestFactory().get("/"), Two(), None) == [
        {"title": "有", "template": "x.html", "first": True, "n": 1}
    ]


@pytest.mark.django_db
def test_a_card_of_which_nothing_is_known_yet_is_left_out(make_party, now):
    from keji.desk.pages import facts

    class Two:
        facts = (("单位", ("name", "uscc")), ("地址", ("address",)))
        tones: ClassVar[dict[str, str]] = {}

    actor, firm = Actor.system("试"), make_party("安徽试验有限公司")
    assert [group["title"] for group in facts(Two(), actor, firm)] == ["单位"]
    firm.address = "六安市金安区"
    assert [group["title"] for group in facts(Two(), actor, firm)] == ["单位", "地址"]


def test_a_field_to_choose_from_says_so_in_words_and_not_in_dashes():
    from django import forms

    from keji.desk.templatetags.look import field_with
    from keji.kernel.parties.models import Region

    class Form(forms.Form):
        must = forms.ModelChoiceField(Region.objects.none(), label="县区")
        may = forms.ModelChoiceField(Region.objects.none(), label="县区", required=False)

    form = Form()
    assert "请选择" in field_with(form["must"])
    assert "不选" in field_with(form["may"])


def test_bad_input_gets_words_for_whoever_typed_it():
    from django import forms

    class Form(forms.Form):
        name = forms.CharField(label="名称", max_length=5)
        count = forms.IntegerField(label="数量", max_value=9)
        money = forms.DecimalField(label="金额", decimal_places=2)
        day = forms.DateField(label="日期")
        kind = forms.ChoiceField(label="种类", choices=[("a", "甲")])
        sure = forms.BooleanField(label="承诺")

    wrong = {"name": "六个字的名称", "count": "10", "money": "1.234", "day": "明天", "kind": "b"}
    assert {name: found[0] for name, found in Form(wrong).errors.items()} == {
        "name": "最多 5 字，现有 6 字，请缩短",
        "count": "不能大于 9",
        "money": "小数最多 2 位",
        "day": "日期看不明白，请按年、月、日填写，如 2024-12-31",
        "kind": "没有“b”这一项，请从列表中选择",
        "sure": "请勾选",
    }
    assert Form({}).errors["name"] == ["没有填写，请补上"]
    assert Form({"count": "多"}).errors["count"] == ["请填整数"]
