"""The race's papers: from the run's figures, seen by two people, issued by a third, then unchangeable."""

from __future__ import annotations

from decimal import Decimal

import pytest

from keji.kernel.documents.models import Paper
from keji.kernel.people.models import Account
from keji.kernel.records.flow import Refused, take
from keji.modules.horserace import api as race
from keji.modules.horserace.models import RaceRound
from tests.modules.horserace.conftest import at

pytestmark = pytest.mark.django_db
papers = race.papers


def issued(the_race, run, minutes=""):
    paper = papers.draft(run, actor=the_race.officer, at=at(2024, 6, 10))
    if minutes:
        papers.edit(paper, {"minutes": minutes}, actor=the_race.officer, at=at(2024, 6, 10))
    paper = papers.review(paper, actor=the_race.other, at=at(2024, 6, 11))
    return papers.issue(paper, actor=the_race.leader, at=at(2024, 6, 12))


def test_a_monthly_paper_carries_method_version_and_digest(the_race):
    the_race.adopt()
    run = the_race.whole(4)
    paper = issued(the_race, run)
    assert paper.state == Paper.State.ISSUED and paper.docx and paper.pdf.read()[:4] == b"%PDF"
    assert run.digest[:8] in papers.footnotes(paper)[0] and run.number in papers.footnotes(paper)[0]
    captions = [b.get("caption", "") for b in paper.content["blocks"]]
    assert any("赛马排名" in c for c in captions) and "计分方法" in captions


def test_only_a_published_run_gets_a_paper_and_only_one(the_race):
    the_race.adopt()
    run = the_race.whole(4)
    provisional = RaceRound.objects.get().runs.get(state="provisional")
    with pytest.raises(Refused, match="预排"):
        papers.draft(provisional, actor=the_race.officer, at=at(2024, 6, 10))
    papers.draft(run, actor=the_race.officer, at=at(2024, 6, 10))
    with pytest.raises(Refused, match="已经起草"):
        papers.draft(run, actor=the_race.officer, at=at(2024, 6, 10))


def test_drafting_reviewing_and_issuing_are_three_people(the_race):
    the_race.adopt()
    paper = papers.draft(the_race.whole(4), actor=the_race.officer, at=at(2024, 6, 10))
    with pytest.raises(Refused, match="不能核稿"):
        papers.review(paper, actor=the_race.officer, at=at(2024, 6, 10))
    with pytest.raises(Refused, match="还没有核稿"):
        papers.issue(paper, actor=the_race.leader, at=at(2024, 6, 10))
    papers.review(paper, actor=the_race.other, at=at(2024, 6, 10))
    with pytest.raises(Refused, match="局领导"):
        papers.issue(paper, actor=the_race.other, at=at(2024, 6, 10))


def test_a_quarterly_paper_waits_for_its_minutes_and_lists_the_tasks(the_race):
    the_race.adopt()
    the_race.whole(3)
    run = RaceRound.objects.get().runs.get(kind="quarter", state="published")
    row = {
        "run": run,
        "region": the_race.regions["341524"],
        "title": "走访高企",
        "owner": "华文",
        "due_on": at(2024, 6, 30).date(),
    }
    task = race.set_tasks([row], actor=the_race.officer, at=at(2024, 5, 6))[0]
    paper = papers.draft(run, actor=the_race.officer, at=at(2024, 5, 7))
    with pytest.raises(Refused, match="会议意见还没有填写"):
        papers.review(paper, actor=the_race.other, at=at(2024, 5, 8))
    table = next(b for b in paper.content["blocks"] if "调度事项" in b.get("caption", ""))
    assert table["rows"][0][:2] == ["金寨县", "走访高企"]
    clerk = the_race.clerks["341524"]
    done = take("report", task, actor=clerk, at=at(2024, 6, 20), result="走访 12 户")
    assert take("close", done, actor=the_race.officer, at=at(2024, 6, 21)).result == "走访 12 户"


def test_the_paper_on_a_corrected_run_names_the_old_one_and_what_changed(the_race):
    the_race.adopt()
    old = issued(the_race, the_race.whole(4))
    record = RaceRound.objects.get()
    figure = the_race.figure("hightech_value_added_growth", "341524", "2024-04")
    with pytest.raises(Refused, match="更正原因最多 300 字，现有 301 字"):
        race.correct_reported(
            record, figure, Decimal("16.2"), reason="错" * 301, actor=the_race.officer, at=at(2024, 6, 13)
        )
    race.correct_reported(record, figure, Decimal("16.2"), reason="修订", actor=the_race.officer, at=at(2024, 6, 13))
    take("correct", record, actor=the_race.officer, at=at(2024, 6, 13), reason="统计局修订")
    run = take("publish", record.runs.get(state="ready"), actor=the_race.leader, at=at(2024, 6, 14))
    paper = papers.draft(run, actor=the_race.officer, at=at(2024, 6, 14))
    assert paper.corrects == old and paper.title.startswith("关于更正")
    words = next(b["text"] for b in paper.content["blocks"] if b.get("key") == "correction")
    assert "6.1% → 16.2%" in words and "统计局修订" in words
    assert any(old.number in b.get("text", "") for b in paper.content["blocks"])


def test_a_correction_may_be_reworded_but_goes_on_naming_what_it_corrects(the_race, enter):
    the_race.adopt()
    issued(the_race, the_race.whole(4))
    record = RaceRound.objects.get()
    figure = the_race.figure("hightech_value_added_growth", "341524", "2024-04")
    race.correct_reported(record, figure, Decimal("16.2"), reason="修订", actor=the_race.officer, at=at(2024, 6, 13))
    take("correct", record, actor=the_race.officer, at=at(2024, 6, 13), reason="统计局修订")
    run = take("publish", record.runs.get(state="ready"), actor=the_race.leader, at=at(2024, 6, 14))
    paper = papers.draft(run, actor=the_race.officer, at=at(2024, 6, 14))
    client = enter(Account.objects.get(username="guihua"))
    url = f"/horserace/papers/{paper.pk}/edit"
    page = client.post(url, {"text-corrects": "前一期有误", "title": "关于更正,四月情况的通报"})
    shown = page.content.decode()
    assert "必须写明所更正的通报" in shown
    assert "前一期有误" in shown and "关于更正,四月情况的通报" in shown  # nothing typed is lost
    long = client.post(url, {"text-corrects": "长" * 3001}).content.decode()
    assert "每一段最多 3,000 字，现有 3,001 字" in long
    client.post(url, {"title": "关于更正,四月情况的通报"})
    paper.refresh_from_db()
    assert paper.title == "关于更正，四月情况的通报"


def test_a_paper_waits_in_the_to_do_list_of_whoever_comes_next(the_race):
    def waits_for(actor):
        return [item["step"] for item in race.waiting_papers(actor)]

    the_race.adopt()
    paper = papers.draft(the_race.whole(4), actor=the_race.officer, at=at(2024, 6, 10))
    assert (waits_for(the_race.officer), waits_for(the_race.other), waits_for(the_race.leader)) == ([], ["核稿"], [])
    papers.review(paper, actor=the_race.other, at=at(2024, 6, 11))
    assert (waits_for(the_race.officer), waits_for(the_race.other), waits_for(the_race.leader)) == ([], [], ["签发"])
    papers.issue(paper, actor=the_race.leader, at=at(2024, 6, 12))
    assert waits_for(the_race.leader) == []
