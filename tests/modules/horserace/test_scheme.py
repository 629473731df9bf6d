"""Schemes: dated, told in sentences what is wrong, rehearsed before they take effect, never changed afterwards."""

from __future__ import annotations

import json
from datetime import date

import pytest

from keji.kernel.records.flow import Refused, take
from keji.lib.figures import Period
from keji.modules.horserace import api as race
from keji.modules.horserace.models import RaceRun
from keji.modules.horserace.models.schemes import scheme_on
from keji.modules.horserace.services.content import scheme_problems
from keji.modules.horserace.services.runs import file_of
from keji.modules.horserace.services.schemes import rehearsed, who_moves
from tests.modules.horserace.conftest import at

pytestmark = pytest.mark.django_db
NEXT = {"title": "县区科技创新赛马考评方案", "edition": "2025年版", "from_on": date(2025, 1, 1), "cites": "暂定"}


def changed(the_race, scheme, change):
    content = json.loads(json.dumps(scheme.content))
    change(content)
    return race.save_content(scheme, content, actor=the_race.officer, at=at(2024, 6, 3))


def mostly_input(content):
    for level, weight in zip(content["levels"], ("90", "10"), strict=True):
        level["weight"] = weight


def test_the_scheme_that_comes_with_the_house_can_be_used_and_says_it_is_unchecked(the_race):
    scheme = race.draft_starter(actor=the_race.officer, at=at(2024, 1, 8))
    assert scheme_problems(scheme) == ()
    assert not scheme.certain and scheme.checked == "待核"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c["levels"][0].update(weight="50"), "权重合计"),
        (lambda c: c["levels"][0].update(weight=""), "没有权重"),
        (lambda c: c["indicators"][0].update(weight="四十"), "不是数"),
        (lambda c: c["indicators"][0].update(function="STD_CAP", parameters={}), "缺少标准值"),
        (lambda c: c["indicators"][0].update(code="none"), "不在指标目录里"),
        (lambda c: c["indicators"][0].update(level=""), "没有归入一级指标"),
        (lambda c: c.update(units=[]), "还没有参加的单位"),
        (lambda c: c["units"].append(dict(c["units"][0])), "列了不止一次"),
        (lambda c: c["units"][0].update(from_on="2024-06-01", until_on="2024-05-01"), "颠倒"),
        (lambda c: c["units"][0].update(group="g9") or c.update(groups=[{"code": "g1", "title": "城区"}]), ""),
    ],
)
def test_what_is_wrong_is_a_sentence_and_bars_adoption(the_race, change, said):
    scheme = changed(the_race, race.draft_starter(actor=the_race.officer, at=at(2024, 1, 8)), change)
    if not said:  # a unit outside every group is found when figures are scored
        return
    assert any(said in p for p in scheme_problems(scheme))
    with pytest.raises(Refused):
        take("adopt", scheme, actor=the_race.leader, at=at(2024, 1, 9))


def test_who_drafted_a_scheme_does_not_approve_it(the_race):
    scheme = race.draft_starter(actor=the_race.officer, at=at(2024, 1, 8))
    with pytest.raises(Refused, match="必须是两个人"):
        take("adopt", scheme, actor=the_race.officer, at=at(2024, 1, 9))


def test_a_scheme_in_force_never_changes(the_race):
    scheme = the_race.adopt()
    with pytest.raises(Refused, match="另起新版"):
        race.save_content(scheme, {"units": []}, actor=the_race.officer, at=at(2024, 2, 1))


def test_next_years_scheme_is_rehearsed_on_frozen_figures_before_it_takes_effect(the_race):
    old = the_race.adopt()
    official = the_race.whole(4)
    draft = race.draft_schemes([NEXT], actor=the_race.officer, at=at(2024, 6, 1))[0]
    draft = changed(the_race, draft, mostly_input)
    with pytest.raises(Refused, match="请先预演"):
        take("adopt", draft, actor=the_race.leader, at=at(2024, 6, 4))
    run = race.rehearse(draft, Period.month(2024, 4), actor=the_race.officer, at=at(2024, 6, 4))
    assert rehearsed(draft) == run
    moved = who_moves(file_of(official.file_id), file_of(run.file_id))
    assert any(m["gained"] for m in moved) and all(m["why"] for m in moved)
    official.refresh_from_db()
    assert official.state == "published"  # the official run is not touched
    draft = take("adopt", draft, actor=the_race.leader, at=at(2024, 6, 5))
    old.refresh_from_db()
    assert old.until_on == date(2024, 12, 31)
    assert scheme_on(date(2024, 12, 31)) == old and scheme_on(date(2025, 1, 1)) == draft


def test_a_change_after_the_rehearsal_asks_for_another(the_race):
    the_race.adopt()
    the_race.whole(4)
    draft = race.draft_schemes([NEXT], actor=the_race.officer, at=at(2024, 6, 1))[0]
    race.rehearse(draft, Period.month(2024, 4), actor=the_race.officer, at=at(2024, 6, 4))
    draft = changed(the_race, draft, mostly_input)
    with pytest.raises(Refused, match="重新预演"):
        take("adopt", draft, actor=the_race.leader, at=at(2024, 6, 5))


def test_no_scheme_takes_effect_in_months_already_scored(the_race):
    the_race.adopt()
    the_race.whole(4)
    early = NEXT | {"from_on": date(2024, 3, 1)}
    draft = race.draft_schemes([early], actor=the_race.officer, at=at(2024, 6, 1))[0]
    with pytest.raises(Refused, match="已经正式计分"):
        take("adopt", draft, actor=the_race.leader, at=at(2024, 6, 5))


def test_groups_are_ranked_apart(the_race):
    def grouped(content):
        content["groups"] = [{"code": "a", "title": "区"}, {"code": "b", "title": "县"}]
        for n, unit in enumerate(content["units"]):
            unit["group"] = "a" if n < 3 else "b"

    the_race.adopt(grouped)
    run = the_race.whole(4)
    assert sorted(run.places.filter(group="a").values_list("place", flat=True)) == [1, 2, 3]
    assert sorted(run.places.filter(group="b").values_list("place", flat=True)) == [1, 2, 3, 4, 5]


def test_a_bonus_counts_once_confirmed_by_another(the_race):
    the_race.adopt()
    row = {
        "region": the_race.regions["341524"],
        "bonus": "honour",
        "on": date(2024, 3, 1),
        "count": 1,
        "evidence": "省通知",
    }
    clerk = the_race.clerks["341524"]
    award = race.claim_awards([row], actor=clerk, at=at(2024, 3, 2), source="page")[0]
    before = the_race.whole(4)
    assert file_of(before.file_id).placing("341524").bonus == 0
    take("confirm", award, actor=the_race.officer, at=at(2024, 5, 30))
    after = the_race.whole(5)
    assert file_of(after.file_id).placing("341524").bonus == 1


def test_places_of_a_scheme_with_other_groups_are_not_held_against_the_old_ones(the_race, enter):
    from keji.kernel.people.models import Account

    the_race.adopt()
    the_race.whole(4)
    about = {"title": "赛马方案", "edition": "分组版", "from_on": at(2025, 1, 1).date(), "cites": "讨论稿"}
    scheme = race.draft_schemes([about], actor=the_race.officer, at=at(2024, 6, 3))[0]
    content = scheme.content | {"groups": [{"code": "a", "title": "城区"}, {"code": "b", "title": "县"}]}
    content["units"] = [u | {"group": "a" if n < 3 else "b"} for n, u in enumerate(content["units"])]
    scheme = race.save_content(scheme, content, actor=the_race.officer, at=at(2024, 6, 3))
    run = race.rehearse(scheme, Period.month(2024, 4), actor=the_race.officer, at=at(2024, 6, 3))
    official = RaceRun.objects.get(state="published", kind="month")
    moved = who_moves(file_of(official.file_id), file_of(run.file_id))
    assert {m["gained"] for m in moved} == {None} and {m["group"] for m in moved} == {"城区", "县"}
    page = enter(Account.objects.get(username="guihua")).get(f"/horserace/runs/{run.pk}/rehearsal").content.decode()
    assert "名次不能直接相比" in page and "升 " not in page.split("<main")[-1]


def test_an_edition_whose_last_day_is_over_is_retired_by_the_night_and_still_counts_for_its_months(the_race):
    old = the_race.adopt()
    new = race.draft_schemes([NEXT], actor=the_race.officer, at=at(2024, 12, 1))[0]
    take("adopt", new, actor=the_race.leader, at=at(2024, 12, 2))
    assert race.retire_schemes(at=at(2024, 12, 31, 1)) == []
    with pytest.raises(Refused, match="由系统办理"):
        take("retire", old, actor=the_race.leader, at=at(2025, 1, 1))
    assert [s.pk for s in race.retire_schemes(at=at(2025, 1, 1, 1))] == [old.pk]
    assert race.retire_schemes(at=at(2025, 1, 1, 2)) == []
    assert scheme_on(date(2024, 12, 31)).pk == old.pk
