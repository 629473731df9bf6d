"""A year's appraisal: graded by place, changed only with a reason, shown to the public, final when nobody objects."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from keji.kernel import clock
from keji.kernel.documents.models import Paper
from keji.kernel.people.models import Account
from keji.kernel.records import notices
from keji.kernel.records.flow import Refused, take
from keji.modules.horserace import api as race
from keji.modules.horserace.models import Appraisal, RaceRun
from keji.modules.horserace.services.appraisals import grade_of, propose_refusal
from tests.modules.horserace.conftest import GROWTHS, SHARES, VALUES, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(the_race):
    """The year 2024, published in January."""
    the_race.adopt()
    filed = at(2025, 1, 4)
    for code, values in (("hightech_value_added_growth", VALUES), ("fiscal_share", SHARES), ("fiscal_growth", GROWTHS)):
        the_race.file("2024-12", code, values, when=filed)
    record = race.open_rounds([{"period": "2024-12"}], actor=the_race.officer, at=at(2025, 1, 6))[0]
    for item in record.items.all():
        race.check_item(item, actor=the_race.other, at=at(2025, 1, 7))
    record = take("open_hearing", record, actor=the_race.officer, at=at(2025, 1, 7))
    with clock.stopped_at(at(2025, 1, 20)):
        take("approve", record, actor=the_race.other, at=at(2025, 1, 20))
    for run in RaceRun.objects.filter(state="ready"):
        take("publish", run, actor=the_race.leader, at=at(2025, 1, 20, 16))
    return RaceRun.objects.get(kind="year", state="published")


@pytest.fixture
def shown(the_race, year):
    """Proposed, announced, the notice published by another person."""
    record = race.propose_appraisal(year, actor=the_race.officer, at=at(2025, 1, 21))
    record = take("announce", record, actor=the_race.officer, at=at(2025, 1, 21), contact="规划科 0564-1")
    notices.publish(record.notice, actor=the_race.other, at=at(2025, 1, 22))
    record.refresh_from_db()
    return record


def over(record):
    """The morning after the notice's last day."""
    return at(2025, 1, 1) + (record.notice.until_on - at(2025, 1, 1).date() + timedelta(days=1))


def finish(record, the_race):
    record.notice.refresh_from_db()
    with clock.stopped_at(over(record)):
        return take("finish", record, actor=the_race.leader, at=over(record))


def as_user(enter, name):
    return enter(Account.objects.get(username=name))


def test_grades_go_by_place_and_a_tie_at_the_cut_takes_all_in():
    grades = [grade_of(place, 2, 5) for place in (1, 2, 2, 4, 5, 6, 6, None)]
    assert grades == ["优秀", "优秀", "优秀", "良好", "良好", "达标", "达标", "不评等次"]


def test_the_year_is_graded_by_its_run_once(the_race, year):
    record = race.propose_appraisal(year, actor=the_race.officer, at=at(2025, 1, 21))
    lines = list(record.lines.all())
    assert [x.grade for x in lines] == ["优秀"] * 2 + ["良好"] * 3 + ["达标"] * 3
    assert [x.award for x in lines[:2]] == ["通报表扬"] * 2
    with pytest.raises(Refused, match="已经拟定"):
        race.propose_appraisal(year, actor=the_race.officer, at=at(2025, 1, 21))
    month = RaceRun.objects.get(kind="month", state="published")
    assert "只有年度结果" in propose_refusal(month, the_race.officer)
    with pytest.raises(Refused, match="业务科室"):
        race.propose_appraisal(year, actor=the_race.leader, at=at(2025, 1, 21))


def test_another_grade_than_the_place_gives_needs_its_reason_and_the_public_reads_it(the_race, year):
    record = race.propose_appraisal(year, actor=the_race.officer, at=at(2025, 1, 21))
    first = record.lines.first()
    words = {"grade": "良好", "award": "", "actor": the_race.other, "at": at(2025, 1, 21)}
    with pytest.raises(Refused, match="写明原因"):
        race.regrade(first, reason=" ", **words)
    race.regrade(first, reason="数据弄虚作假，经核查属实", **words)
    record.refresh_from_db()
    assert record.drafted_by_id == the_race.other.id
    record = take("announce", record, actor=the_race.officer, at=at(2025, 1, 22), contact="规划科")
    assert record.notice.columns == ["名次", "单位", "得分", "拟评等次", "激励和说明"]
    assert record.notice.rows[0][3:] == ["良好", "按名次应评优秀：数据弄虚作假，经核查属实"]
    with pytest.raises(Refused, match="已起草公示"):
        race.regrade(record.lines.first(), reason="x", **words)


def test_it_is_final_only_when_the_days_are_over_and_every_objection_is_answered(the_race, shown):
    with clock.stopped_at(at(2025, 1, 22)), pytest.raises(Refused, match="还没有结束"):
        take("finish", shown, actor=the_race.leader, at=at(2025, 1, 22))
    with clock.stopped_at(at(2025, 1, 23)):
        notices.raise_objection(
            shown.notice, token=uuid4(), reason="有单位的数据与统计公报不一致。", address="10.0.0.1", at=at(2025, 1, 23)
        )
    with pytest.raises(Refused, match="1 件异议没有答复"):
        finish(shown, the_race)


def test_a_final_year_is_public_and_its_paper_says_how_it_came_about(the_race, shown, client, enter):
    year = shown.run
    assert "2024年度评价结果" not in client.get("/public/race/").content.decode()
    with pytest.raises(Refused, match="年度评价还没有确定"):
        race.papers.draft(year, actor=the_race.officer, at=at(2025, 2, 5))
    record = finish(shown, the_race)
    assert record.state == "final" and record.finished_by == the_race.leader.name
    page = client.get("/public/race/").content.decode()
    assert "2024年度评价结果" in page and "优秀" in page and record.notice.public_url() in page
    paper = race.papers.draft(year, actor=the_race.officer, at=at(2025, 2, 5))
    said = {b["key"]: b["text"] for b in paper.content["blocks"] if b["kind"] == "text"}
    assert "没有收到异议" in said["publicity"] and "予以通报表扬" in said["award"]
    table = next(b for b in paper.content["blocks"] if b["kind"] == "table")
    assert [row[3] for row in table["rows"]][:3] == ["优秀", "优秀", "良好"]
    paper = race.papers.review(paper, actor=the_race.other, at=at(2025, 2, 5))
    assert race.papers.issue(paper, actor=the_race.leader, at=at(2025, 2, 6)).state == Paper.State.ISSUED


def test_an_objection_that_was_right_means_grading_and_showing_anew(the_race, shown):
    with pytest.raises(Refused, match="先在公示公告里撤回"):
        take("reopen", shown, actor=the_race.officer, at=at(2025, 1, 23), reason="数据有误")
    notices.withdraw(shown.notice, reason="一个单位的等次有误", actor=the_race.other, at=at(2025, 1, 23))
    with clock.stopped_at(at(2025, 2, 20)), pytest.raises(Refused, match="公示已撤回"):
        take("finish", shown, actor=the_race.leader, at=at(2025, 2, 20))
    record = take("reopen", shown, actor=the_race.officer, at=at(2025, 1, 23), reason="数据有误")
    assert record.state == "proposed" and record.notice is None


def test_the_pages_of_an_appraisal_for_each_role(the_race, year, enter):
    officer = as_user(enter, "guihua")
    assert "拟定年度评价" in officer.get(f"/horserace/runs/{year.pk}").content.decode()
    officer.post(f"/horserace/runs/{year.pk}/appraisal")
    record = Appraisal.objects.get()
    line = record.lines.first()
    page = officer.post(f"/horserace/grades/{line.pk}", {"grade": "达标", "award": ""}, follow=True).content.decode()
    assert "请写明原因" in page
    officer.post(f"/horserace/grades/{line.pk}", {"grade": "优秀", "award": "通报表扬，优先推荐"})
    line.refresh_from_db()
    assert line.award == "通报表扬，优先推荐"
    assert officer.get(f"/d/race-appraisals/{record.pk}").status_code == 200
    clerk = as_user(enter, "clerk-341524")
    assert clerk.get(f"/d/race-appraisals/{record.pk}").status_code == 404
    assert clerk.post(f"/horserace/grades/{line.pk}", {"grade": "达标"}).status_code == 403
    assert as_user(enter, "juzhang").post(f"/horserace/runs/{year.pk}/appraisal").status_code == 403
