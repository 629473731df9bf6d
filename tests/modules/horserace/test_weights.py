"""Weights otherwise: every helper explained beside the scheme, none imposed, one taken over as a step."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

from keji.kernel.people.models import Account
from keji.kernel.records.flow import Refused, take
from keji.modules.horserace import api as race
from keji.modules.horserace.models import RaceScheme
from keji.modules.horserace.services import weighing
from keji.modules.horserace.services.content import build
from tests.modules.horserace.conftest import at

pytestmark = pytest.mark.django_db
WHEN = at(2024, 6, 3)
CODES = ("fiscal_share", "fiscal_growth", "hightech_value_added_growth")


@pytest.fixture
def draft(the_race):
    """April published, a new draft beside the scheme in force."""
    the_race.adopt()
    the_race.whole(4)
    about = {"title": "赛马方案", "edition": "试算版", "from_on": at(2025, 1, 1).date(), "cites": "讨论稿"}
    return race.draft_schemes([about], actor=the_race.officer, at=WHEN)[0]


def as_user(enter, name):
    return enter(Account.objects.get(username=name))


def by_key(scheme):
    return {way.key: way for way in weighing.ways(scheme, weighing.table_of(scheme))}


def ballot(the_race, scheme, judge, *points):
    given = dict(zip(CODES, points, strict=True))
    return race.save_ballot(scheme, judge, given, actor=the_race.officer, at=WHEN)


def say(the_race, scheme, *values):
    said = {f"{a}|{b}": v for (a, b), v in zip(weighing.pairs_of(list(CODES)), values, strict=True)}
    return race.save_pairs(scheme, said, actor=the_race.officer, at=WHEN)


def test_every_helper_says_what_it_does_or_why_it_cannot(draft):
    found = by_key(draft)
    assert list(found) == ["equal", "budget", "ahp", "entropy", "critic", "pca"]
    assert "还没有人打分" in found["budget"].why and "还有 3 对没有比较" in found["ahp"].why
    for key in ("equal", "entropy", "critic", "pca"):
        way = found[key]
        assert (
            sum(way.weights.values()) == 1
            and way.sentence.endswith("。")
            and set(way.places.values()) <= {*range(1, 9)}
        )


def test_experts_hand_out_exactly_a_hundred_points(the_race, draft):
    with pytest.raises(Refused, match="姓名最多 30 字，现有 31 字"):
        ballot(the_race, draft, "统" * 31, "50", "30", "20")
    with pytest.raises(Refused, match="合计 99，应正好是 100"):
        ballot(the_race, draft, "统计局", "50", "29", "20")
    with pytest.raises(Refused, match="不是数"):
        ballot(the_race, draft, "统计局", "五十", "30", "20")
    with pytest.raises(Refused, match="不能是负数"):
        ballot(the_race, draft, "统计局", "120", "-20", "0")
    ballot(the_race, draft, "统计局", "10", "10", "80")
    draft = ballot(the_race, draft, "统计局", "50", "30", "20")  # said again: replaces
    draft = ballot(the_race, draft, "高校", "30", "30", "40")
    assert by_key(draft)["budget"].weights["fiscal_share"] == Fraction(2, 5)
    draft = weighing.drop_ballot(draft, "高校", actor=the_race.officer, at=WHEN)
    assert by_key(draft)["budget"].weights["fiscal_share"] == Fraction(1, 2)


def test_comparisons_that_contradict_each_other_are_named_with_what_would_fit(the_race, draft):
    draft = say(the_race, draft, "2", "6", "3")
    assert by_key(draft)["ahp"].weights["fiscal_share"] == Fraction(3, 5)
    assert weighing.contradictions(draft, list(CODES)) == []
    draft = say(the_race, draft, "5", "1/5", "5")
    way = by_key(draft)["ahp"]
    assert "前后矛盾" in way.warnings[0]
    odd = weighing.contradictions(draft, list(CODES))
    assert odd and all(said and fits for _, _, said, fits in odd)
    with pytest.raises(Refused, match="不在比较尺度里"):
        say(the_race, draft, "10", "1", "1")


def test_looking_changes_nothing_and_taking_over_is_a_step_with_its_reason(the_race, draft):
    before = draft.content
    by_key(draft)
    assert RaceScheme.objects.get(pk=draft.pk).content == before
    with pytest.raises(Refused, match="写明理由"):
        take("use_weights", draft, actor=the_race.other, at=WHEN, method="equal")
    with pytest.raises(Refused, match="还没有权重"):
        take("use_weights", draft, actor=the_race.other, at=WHEN, reason="x", method="ahp")
    changed = take("use_weights", draft, actor=the_race.other, at=WHEN, reason="讨论一致", method="equal")
    assert changed.drafted_by_id == the_race.other.id  # so another person approves it
    shares = build(changed).weights()
    assert max(shares.values()) - min(shares.values()) < Fraction(1, 5000)
    assert [level["weight"] for level in changed.content["levels"]] == ["66.67", "33.33"]
    with pytest.raises(Refused, match="不能采用"):
        take("use_weights", RaceScheme.objects.get(state="in_force"), actor=the_race.other, at=WHEN, reason="x")


def test_weights_taken_over_are_whole_and_rank_as_was_shown(the_race, draft):
    draft = ballot(the_race, draft, "统计局", "33", "33", "34")
    shown = by_key(draft)["budget"].places
    changed = take("use_weights", draft, actor=the_race.officer, at=WHEN, reason="采纳", method="budget")
    table = weighing.table_of(changed)
    assert sum(table.own.values()) == 1
    assert {s.unit: s.place for s in table.run.placings} == shown


def test_the_page_for_those_who_write_and_those_who_read(the_race, draft, enter):
    client = as_user(enter, "guihua")
    url = f"/horserace/schemes/{draft.pk}/weights"
    points = {f"p_{c}": p for c, p in zip(CODES, ("50", "30", "19"), strict=True)}
    page = client.post(f"{url}/ballot", {"judge": "统计局", **points}, follow=True).content.decode()
    assert "合计 99，应正好是 100" in page
    page = client.post(f"{url}/ballot", {"judge": "统计局", **points, f"p_{CODES[2]}": "20"}, follow=True)
    assert "赋分已记录" in page.content.decode() and "采用这组权重" in page.content.decode()
    said = {f"{a}|{b}": v for (a, b), v in zip(weighing.pairs_of(list(CODES)), ("5", "1/5", "5"), strict=True)}
    page = client.post(f"{url}/pairs", said, follow=True).content.decode()
    assert "前后矛盾最大的几对" in page
    step = f"/d/race-schemes/{draft.pk}/step/use_weights"
    client.post(step, {"method": "budget", "reason": "三家意见一致"})
    draft.refresh_from_db()
    assert [level["weight"] for level in draft.content["levels"]] == ["80", "20"]
    reader = as_user(enter, "juzhang")
    page = reader.get(url).content.decode()
    assert "采用这组权重" not in page and "记录这位专家的赋分" not in page and "最有利权重" in page
    assert reader.post(f"{url}/ballot", {"judge": "x"}).status_code == 403
    assert as_user(enter, "clerk-341502").get(url).status_code == 404  # a draft is the bureau's


def test_a_scheme_that_is_not_whole_says_so_instead(the_race, draft, enter):
    content = {**draft.content, "levels": [{**v, "weight": "10"} for v in draft.content["levels"]]}
    race.save_content(draft, content, actor=the_race.officer, at=WHEN)
    page = as_user(enter, "guihua").get(f"/horserace/schemes/{draft.pk}/weights").content.decode()
    assert "先改正再比较" in page


def test_best_cases_are_ordered_and_nobody_beats_its_own(draft):
    bests, told = weighing.best_cases(weighing.table_of(draft))
    assert len(bests) == 8 and bests[0].score == "1.000" and told.startswith("每个单位")
    assert all(a.score >= b.score for a, b in pairwise(bests))
