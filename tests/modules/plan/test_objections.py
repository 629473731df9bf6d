"""A county objects to its own figure before the month is frozen, and gets an answer."""

from __future__ import annotations

from datetime import datetime

import pytest

from keji.kernel import clock
from keji.kernel.indicators.objections import FigureObjection
from keji.kernel.records.flow import Refused, take
from keji.lib.figures import Period
from keji.modules.plan.services.months import freeze_month

pytestmark = pytest.mark.django_db
OCTOBER = Period.month(2024, 10)
FORM = {
    "indicator": "hnte_stock",
    "period": "2024-10",
    "claimed": "12",
    "grounds": "漏计2家，证书已上传",
    "region": "341502",
}


@pytest.fixture
def raised(person, enter):
    clerk = person("county", "clerk", region="341502")
    assert enter(clerk).post("/d/objections/new", FORM).status_code == 302
    return FigureObjection.objects.get()


def test_an_open_objection_holds_the_freeze_until_it_is_answered(raised, person, actor_for, now):
    officer = actor_for(person("officer"))
    assert (raised.state, raised.shown) == ("raised", 0)
    with pytest.raises(Refused, match="金安对2024年10月的数据有异议还没有答复"):
        freeze_month(OCTOBER, actor=officer, at=now)
    answered = take("uphold", raised, actor=officer, at=now, reason="经核实漏计2家，已补录。")
    assert answered.answer == "经核实漏计2家，已补录。"
    assert freeze_month(OCTOBER, actor=officer, at=now) > 0


def test_an_answer_needs_its_words(raised, person, actor_for, now):
    with pytest.raises(Refused, match="需要写明理由"):
        take("dismiss", raised, actor=actor_for(person("officer")), at=now)


def test_the_same_figure_is_not_objected_to_twice_at_once(raised, client):
    answer = client.post("/d/objections/new", FORM)
    assert answer.status_code == 422
    assert "已有一条待答复的异议" in answer.content.decode()
    assert FigureObjection.objects.count() == 1


def test_a_county_objects_only_for_itself(person, enter):
    answer = enter(person("county", region="341503")).post("/d/objections/new", FORM)
    assert answer.status_code == 422
    assert not FigureObjection.objects.exists()


def test_another_county_does_not_see_it(raised, person, enter):
    assert enter(person("county", region="341503")).get(f"/d/objections/{raised.pk}").status_code == 404


def test_the_county_may_take_it_back(raised, actor_for, now):
    with clock.stopped_at(datetime(2024, 11, 13, 9)):
        assert take("withdraw", raised, actor=actor_for(raised.created_by), at=clock.now()).state == "withdrawn"
