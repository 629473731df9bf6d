"""A month from collecting to publication: what is missing is asked for, every county heard, what is approved stays."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from keji.kernel import clock
from keji.kernel.indicators.models import Reading
from keji.kernel.indicators.objections import raise_objections
from keji.kernel.records.flow import Refused, take
from keji.lib.figures import Period
from keji.lib.race.published import rerun
from keji.modules.horserace import api as race
from keji.modules.horserace.models import RaceRound, RaceRun
from keji.modules.horserace.services import reading
from keji.modules.horserace.services.figures import gather
from keji.modules.horserace.services.runs import file_of
from tests.modules.horserace.conftest import at

pytestmark = pytest.mark.django_db


def test_a_whole_month_ends_in_a_file_that_gives_the_same_places_again(the_race):
    the_race.adopt()
    run = the_race.whole(4)
    found = rerun(run.file.read())
    assert found.differences == () and found.digest == run.digest
    assert [(p.region_id, p.place) for p in run.places.all()] == [(s.unit, s.place) for s in found.run.placings]
    assert run.places.first().region_id == "341504"  # best in growth and value added


def test_the_command_recomputes_the_downloaded_file(the_race, tmp_path, capsys):
    from keji.cli import main

    the_race.adopt()
    run = the_race.whole(4)
    file = tmp_path / "run.json"
    file.write_bytes(run.file.read())
    assert main(["race", "rerun", str(file)]) == 0
    assert "叶集区" in capsys.readouterr().out


def test_no_round_without_a_scheme_nor_for_a_month_that_is_not_over_nor_twice(the_race):
    with pytest.raises(Refused, match="没有执行中的考评方案"):
        the_race.open(4)
    the_race.adopt()
    with pytest.raises(Refused, match="还没有结束"):
        race.open_rounds([{"period": "2024-11"}], actor=the_race.officer, at=clock.now())
    the_race.open(4)
    with pytest.raises(Refused, match="已经建立"):
        the_race.open(4)


def test_missing_figures_are_named_and_only_passed_over_with_a_reason(the_race):
    the_race.adopt()
    the_race.file_all(4, skip=("341522",))
    record = the_race.open(4)
    due = next(d for d in race.dues(record) if d.item.indicator == "hightech_value_added_growth")
    assert due.missing == ["341522"] and due.came == 7
    with pytest.raises(Refused, match="还缺 1 个单位"):
        race.check_item(due.item, actor=the_race.other, at=at(2024, 5, 12))
    checked = race.check_item(due.item, actor=the_race.other, at=at(2024, 5, 12), without="县统计局迟报")
    assert checked.state == "checked" and checked.without == "县统计局迟报"


def test_a_figure_filed_after_the_due_day_is_marked_late(the_race):
    the_race.adopt()
    the_race.file_all(4, skip=("341522",))
    record = the_race.open(4)
    only = [v if r == "341522" else None for r, v in zip(the_race.regions, ["9"] * 8, strict=True)]
    the_race.file("2024-04", "hightech_value_added_growth", only, when=at(2024, 5, 20))
    due = next(d for d in race.dues(record) if d.item.indicator == "hightech_value_added_growth")
    assert due.late == ["341522"] and due.missing == []


def test_a_percentage_typed_as_a_fraction_is_asked_about_and_not_changed(the_race):
    the_race.adopt()
    the_race.whole(4)
    values = ["0.112", *["9.9"] * 7]
    the_race.file("2024-05", "hightech_value_added_growth", values)
    the_race.file("2024-05", "fiscal_share", ["1.61"] * 8)
    the_race.file("2024-05", "fiscal_growth", ["12.1"] * 8)
    record = the_race.open(5)
    race.ask(record, actor=the_race.officer, at=at(2024, 6, 5))
    question = record.questions.get(region="341502", indicator="hightech_value_added_growth")
    assert "小数" in question.sentence
    item = record.items.get(indicator="hightech_value_added_growth")
    with pytest.raises(Refused, match="疑问没有答复"):
        race.check_item(item, actor=the_race.other, at=at(2024, 6, 12))
    figure = the_race.figure("hightech_value_added_growth", "341502", "2024-05")
    assert figure.value == Decimal("0.112")
    race.correct_reported(record, figure, Decimal("11.2"), reason="单位误写", actor=the_race.officer, at=at(2024, 6, 6))
    race.ask(record, actor=the_race.officer, at=at(2024, 6, 7))
    question.refresh_from_db()
    assert question.settled_at is not None


def test_who_corrects_a_figure_does_not_check_it(the_race):
    the_race.adopt()
    the_race.file_all(4)
    record = the_race.open(4)
    figure = the_race.figure("fiscal_growth", "341502", "2024-04")
    race.correct_reported(record, figure, Decimal("12.5"), reason="修订", actor=the_race.officer, at=at(2024, 5, 6))
    item = record.items.get(indicator="fiscal_growth")
    with pytest.raises(Refused, match="必须是两个人"):
        race.check_item(item, actor=the_race.officer, at=at(2024, 5, 12))
    assert race.check_item(item, actor=the_race.other, at=at(2024, 5, 12)).state == "checked"


def test_nothing_is_approved_before_every_county_was_heard(the_race):
    the_race.adopt()
    the_race.file_all(4)
    record = the_race.open(4)
    with pytest.raises(Refused, match="没有复核"):
        the_race.hear(record)
    the_race.check_all(record)
    record = the_race.hear(record)
    the_race.agree(record, but=("341522",))
    with pytest.raises(Refused, match="1 个单位还没有确认"):
        the_race.approve(record, day=14)
    assert the_race.approve(record, day=22).state == "approved"  # the days are over


def test_who_opened_the_hearing_does_not_approve(the_race):
    the_race.adopt()
    the_race.file_all(4)
    record = the_race.open(4)
    the_race.check_all(record)
    record = the_race.hear(record)
    with pytest.raises(Refused, match="必须是两个人"):
        take("approve", record, actor=the_race.officer, at=at(2024, 5, 22))


def test_an_objection_holds_the_month_until_answered_and_an_upheld_one_changes_the_run(the_race):
    the_race.adopt()
    the_race.file_all(4)
    record = the_race.open(4)
    the_race.check_all(record)
    record = the_race.hear(record)
    clerk, region = the_race.clerks["341524"], the_race.regions["341524"]
    row = {
        "region": region,
        "indicator": "fiscal_growth",
        "period": "2024-04",
        "claimed": Decimal(40),
        "grounds": "漏计",
    }
    held = raise_objections([row], actor=clerk, at=at(2024, 5, 13), source="page")[0]
    with pytest.raises(Refused, match="异议还没有答复"):
        race.agree(record, region, actor=clerk, at=at(2024, 5, 14))
    with pytest.raises(Refused, match="1 条异议没有答复"):
        the_race.approve(record)
    take("uphold", held, actor=the_race.officer, at=at(2024, 5, 15), reason="属实，按更正数计")
    figure = the_race.figure("fiscal_growth", "341524", "2024-04")
    race.correct_reported(record, figure, Decimal(40), reason="采纳异议", actor=the_race.officer, at=at(2024, 5, 15))
    record = the_race.approve(record)
    final = record.runs.get(state="ready")
    assert file_of(final.file_id).data.figure("341524", "fiscal_growth").value == 40
    provisional = record.runs.get(state="provisional")
    assert file_of(provisional.file_id).data.figure("341524", "fiscal_growth").value == Fraction(11, 2)


def test_a_correction_after_publication_makes_a_second_version_beside_the_first(the_race):
    the_race.adopt()
    run = the_race.whole(4)
    record = RaceRound.objects.get(period="2024-04")
    with pytest.raises(Refused, match="完全一致"):
        take("correct", record, actor=the_race.officer, at=at(2024, 6, 3), reason="重算")
    figure = the_race.figure("hightech_value_added_growth", "341524", "2024-04")
    race.correct_reported(
        record, figure, Decimal("16.2"), reason="统计局修订", actor=the_race.officer, at=at(2024, 6, 3)
    )
    take("correct", record, actor=the_race.officer, at=at(2024, 6, 3), reason="统计局修订")
    second = record.runs.get(state="ready")
    assert second.version == 2 and second.supersedes == run
    run.refresh_from_db()
    assert run.state == "published"  # until the new one is
    take("publish", second, actor=the_race.leader, at=at(2024, 6, 4))
    run.refresh_from_db()
    assert run.state == "superseded" and rerun(run.file.read()).differences == ()
    versions = Reading.objects.filter(indicator="hightech_value_added_growth", region="341524", period="2024-04")
    assert sorted(versions.values_list("version", "value")) == [(1, Decimal("6.1000")), (2, Decimal("16.2000"))]


def test_january_is_raced_without_what_is_published_together_with_february(the_race):
    the_race.adopt()
    the_race.file("2024-01", "fiscal_share", SHARES := ["1.5"] * 7 + ["1.6"])
    the_race.file("2024-01", "fiscal_growth", SHARES)
    record = the_race.open(1)
    assert {i.indicator for i in record.items.all()} == {"fiscal_share", "fiscal_growth"}
    the_race.check_all(record)
    record = the_race.hear(record)
    run = record.runs.get(state="provisional")
    assert "合并" in run.about["left_out"]["hightech_value_added_growth"]
    assert sum(file_of(run.file_id).scheme.weights().values()) == 1


def test_a_quarter_is_scored_with_its_last_month(the_race):
    the_race.adopt()
    the_race.whole(3)
    assert {(r.kind, r.period) for r in RaceRun.objects.filter(state="published")} == {
        ("month", "2024-03"),
        ("quarter", "2024Q1"),
    }


def test_what_the_late_county_may_still_change_is_told(the_race):
    the_race.adopt()
    run = the_race.whole(4, skip=("341522",))
    names = [name for name, _ in reading.late(run)]
    assert names == ["霍邱县"]


def test_all_values_equal_give_all_the_same_place(the_race):
    the_race.adopt()
    for code in ("hightech_value_added_growth", "fiscal_share", "fiscal_growth"):
        the_race.file("2024-04", code, ["5"] * 8)
    record = the_race.open(4)
    the_race.check_all(record)
    record = the_race.hear(record)
    run = record.runs.get(state="provisional")
    assert set(run.places.values_list("place", flat=True)) == {1}


def test_one_unit_alone_is_scored_without_a_word_about_doubt(the_race):
    the_race.adopt(lambda content: content.update(units=content["units"][:1]))
    run = the_race.whole(4)
    assert run.doubt == {} and run.places.get().place == 1
    assert reading.moves(run, "341502") == ()


def test_a_unit_that_joins_in_may_is_not_in_the_race_of_april(the_race):
    def late(content):
        content["units"][-1]["from_on"] = "2024-05-01"

    the_race.adopt(late)
    assert the_race.whole(4).places.count() == 7
    assert the_race.whole(5).places.count() == 8


def test_two_series_of_different_caliber_are_not_compared(the_race):
    the_race.adopt()
    the_race.whole(4)
    made = the_race.file("2024-05", "fiscal_share", ["1.7"] * 8)
    type(made[0]).objects.filter(pk__in=[m.pk for m in made]).update(caliber="新统计制度")
    gathered = gather(the_race.scheme, Period.month(2024, 5), version="x", frozen=False)
    assert gathered.data.figure("341502", "fiscal_share").base is None
