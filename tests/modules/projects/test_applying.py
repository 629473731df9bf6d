"""From the guideline to the end of the form check: who may, by when, within which limits."""

from __future__ import annotations

from datetime import date

import pytest

from keji.kernel.audit.models import Entry
from keji.kernel.calendar.models import work_calendar
from keji.kernel.facts.models import FactFile
from keji.kernel.parties.models import Person, Standing
from keji.kernel.people.models import Account
from keji.kernel.records.checklist import has_failed, lines_of, passing_problem, save_checks
from keji.kernel.records.flow import Refused, deadline, take
from keji.modules.projects.calls.services import guidelines, schemes
from keji.modules.projects.models import EarlierProject, Proposal
from keji.modules.projects.proposals.services import limits, proposals, similarity
from tests.modules.projects.telling import (
    SAID,
    SYSTEM,
    checked,
    form_passed,
    guideline_row,
    on,
    open_guideline,
    pdf,
    recommended,
    submitted,
    written,
)

pytestmark = pytest.mark.django_db


def test_a_unit_applies_its_county_recommends_the_bureau_checks(people, firm, now):
    FactFile.objects.create(
        party=firm, year=2023, changed_at=now, values={"main_revenue": 12_345_678, "staff": 80, "rnd_staff": 12}
    )
    call = open_guideline(now)
    with pytest.raises(Refused, match="项目名称最多 80 字，现有 81 字"):
        proposals.apply(call, firm, "茶" * 81, actor=people.unit, at=now)
    record = proposals.apply(call, firm, "茶园采摘机器人", actor=people.unit, at=now)
    assert (record.revenue, record.staff, record.contact_name) == (12_345_678, 80, "王五")
    with pytest.raises(Refused, match="没有填"):
        take("to_unit", record, actor=people.unit, at=now)
    proposals.update_proposal(record, SAID, actor=people.unit, at=now)
    with pytest.raises(Refused, match="必交材料（营业执照）"):
        take("to_unit", record, actor=people.unit, at=now)
    proposals.add_material(record, "m1", pdf(), actor=people.unit, at=now)
    record = take("to_unit", record, actor=people.unit, at=now)
    record = take("submit", record, actor=people.unit, at=now)
    with pytest.raises(Refused, match="县区"):
        take("recommend", record, actor=people.other_county, at=now)
    record = take("recommend", record, actor=people.county, at=now)
    with pytest.raises(Refused, match="2 项没有核对"):
        take("pass_form", record, actor=people.officer, at=now)
    checked(record, now)
    record = take("pass_form", record, actor=people.officer, at=now)
    assert record.state == "form_passed"
    assert record.leader == Person.objects.get(name="赵立新")


def test_two_accounts_of_a_unit_fill_in_and_check_two_peoples_work(people, person, actor_for, firm, now):
    colleague = actor_for(person("enterprise", "unit-b", party=firm))
    record = written(open_guideline(now), firm, now, actor=people.unit)
    record = take("to_unit", record, actor=people.unit, at=now)
    with pytest.raises(Refused, match="两个人"):
        take("submit", record, actor=people.unit, at=now)
    assert take("submit", record, actor=colleague, at=now).state == "submitted"


def test_the_form_check_sends_back_once_and_waits_five_working_days(people, firm, now):
    record = recommended(open_guideline(now), firm, now)
    record = take("return_once", record, actor=people.officer, at=now, reason="执照不清晰")
    assert deadline(record, work_calendar()) == date(2024, 11, 19)
    with pytest.raises(Refused, match="期满没有报送才能终止"):
        take("fail_form", record, actor=people.officer, at=now, reason="没有补")
    with on(date(2024, 11, 20)) as late, pytest.raises(Refused, match="补正期限2024年11月19日已过"):
        take("resubmit", record, actor=people.unit, at=late)
    with on(date(2024, 11, 19)) as last:
        record = take("resubmit", record, actor=people.unit, at=last)
        with pytest.raises(Refused, match="已经补正过一次"):
            take("return_once", record, actor=people.officer, at=last, reason="还是不清晰")


def test_what_the_form_check_finds_is_kept_whole_and_by_the_officer_alone(people, firm, now, enter):
    record = recommended(open_guideline(now), firm, now)
    first = record.form_items[0]
    with pytest.raises(Refused, match="最多 300 字，现有 301 字"):
        save_checks(record, [{"item": first, "passed": True, "note": "长" * 301}], actor=people.officer, at=now)
    with pytest.raises(Refused, match="里没有“另一项”"):
        save_checks(record, [{"item": "另一项", "passed": True}], actor=people.officer, at=now)
    with pytest.raises(Refused, match="业务科室"):
        save_checks(record, [], actor=people.county, at=now)
    page, address = enter(Account.objects.get(pk=people.officer.id)), f"/projects/proposals/{record.pk}/check"
    answer = page.post(address, {"passed_0": "no", "note_0": " "})
    assert answer.status_code == 422
    assert "请写明哪里不符合" in answer.content.decode()
    page.post(address, {"passed_0": "no", "note_0": " 缺章 "})
    record.refresh_from_db()
    assert lines_of(record)[0] == {"item": first, "passed": False, "note": "缺章"}
    assert (has_failed(record), passing_problem(record)) == (True, "形式审查要点还有 1 项没有核对，请先逐项核对")
    checked(record, now)
    record.refresh_from_db()
    assert (has_failed(record), passing_problem(record)) == (False, "")


def test_nobody_hands_in_outside_the_window(people, firm, now):
    call = open_guideline(now)
    with on(date(2024, 10, 31)) as early, pytest.raises(Refused, match="11月1日开始申报"):
        proposals.apply(call, firm, "项目", actor=people.unit, at=early)
    record = written(call, firm, now)
    with on(date(2024, 11, 30)) as late, pytest.raises(Refused, match="11月29日截止"):
        take("to_unit", record, actor=people.unit, at=late)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"business": 600_000, "own_money": 700_000}, "超过单项上限 50 万元"),
        ({"own_money": 299_999}, "不到总投入的 50%"),
        ({"business": 200_000, "indirect": 60_001}, "最多 6 万元"),
        ({"months": 25}, "最长 24 个月"),
        ({"promised": False}, "诚信承诺"),
    ],
)
def test_money_and_time_stay_within_the_guideline(firm, now, said, sentence):
    record = written(open_guideline(now), firm, now, **said)
    assert any(sentence in problem for problem in limits.problems(record))


def test_exactly_at_the_limits_is_allowed(firm, now):
    record = written(open_guideline(now), firm, now, business=200_000, indirect=60_000, own_money=260_000, months=24)
    assert limits.problems(record) == []


def test_a_unit_files_no_more_than_its_quota(people, firm, now):
    call = open_guideline(now)
    submitted(call, firm, now)
    with pytest.raises(Refused, match="限报 1 项"):
        proposals.apply(call, firm, "另一个", actor=people.unit, at=now)


def test_a_leader_does_not_lead_two(make_party, now):
    call = open_guideline(now)
    first = submitted(call, make_party(), now)
    second = written(call, make_party(), now, title="另一个")
    assert any(first.number in problem for problem in limits.problems(second))


def test_a_sanction_over_unit_or_leader_stands_in_the_way_and_names_its_basis(firm, now):
    record = written(open_guideline(now), firm, now)
    row = {"kind": "sanction", "measure": "限制申报", "basis": "六科监〔2024〕3号", "from_on": date(2024, 1, 1)}
    Standing.objects.create(party=firm, restricts=["apply"], **row)
    with pytest.raises(Refused, match="六科监〔2024〕3号"):
        take("to_unit", record, actor=SYSTEM, at=now)
    Standing.objects.all().delete()
    leader = Person.objects.create(name="赵立新", id_number=SAID["leader_id_number"], created_at=now)
    Standing.objects.create(person=leader, restricts=["recommend"], **row)
    record = take("submit", take("to_unit", record, actor=SYSTEM, at=now), actor=SYSTEM, at=now)
    with pytest.raises(Refused, match="赵立新.*不得推荐"):
        take("recommend", record, actor=SYSTEM, at=now)


def test_a_copy_of_an_earlier_project_is_found_and_judged(people, firm, now):
    EarlierProject.objects.create(
        code="2021KJ001", title="茶园采摘机器人", unit="某公司", year=2021,
        abstract=SAID["abstract"] + "".join(SAID["contents"].values()),
    )  # fmt: skip
    record = recommended(open_guideline(now), firm, now)
    assert similarity.compare(record.guideline, actor=people.officer, at=now) == 1
    found = record.likenesses.get()
    assert found.share > 3000 and "研究茶树嫩芽识别和柔性采摘" in found.passages[0]
    checked(record, now)
    with pytest.raises(Refused, match="相似项目没有判断"):
        take("pass_form", record, actor=people.officer, at=now)
    similarity.judge(found, "same", "内容相同", actor=people.officer, at=now)
    with pytest.raises(Refused, match="构成重复"):
        take("pass_form", record, actor=people.officer, at=now)
    similarity.compare(record.guideline, actor=people.officer, at=now)
    assert record.likenesses.get().judgement == "same"
    assert take("fail_form", record, actor=people.officer, at=now, reason="重复申报").state == "declined"


def test_what_a_colleague_wrote_is_never_overwritten_by_autosave(people, firm, now):
    record = written(open_guideline(now), firm, now, actor=people.unit)
    old = record.contents["s1"]
    assert proposals.autosave(record, "s1", "甲写的", old, actor=people.unit, at=now) == (True, "甲写的")
    assert proposals.autosave(record, "s1", "乙写的", old, actor=people.unit, at=now) == (False, "甲写的")
    with pytest.raises(Refused, match="最多 1,500 字"):
        proposals.autosave(record, "s1", "字" * 1501, "甲写的", actor=people.unit, at=now)
    record.refresh_from_db()
    assert record.contents["s1"] == "甲写的"


def test_codes_and_phones_are_not_told_in_the_log(people, firm, now):
    written(open_guideline(now), firm, now, actor=people.unit)
    told = " ".join(str(e.changes) for e in Entry.objects.all())
    assert SAID["leader_id_number"] not in told and SAID["contact_phone"] not in told


def test_a_scheme_is_used_only_when_its_points_make_a_hundred_and_a_second_person_agrees(people, now):
    row = {"title": "方案", "panel_least": 5, "criteria": [("创新性", 60, "")]}
    made = schemes.draft_schemes([row], actor=people.officer, at=now, source="page")[0]
    with pytest.raises(Refused, match="60 分"):
        take("freeze", made, actor=people.second, at=now)
    schemes.correct_scheme(made, {"criteria": [("创新性", 60, ""), ("效益", 40, "")]}, actor=people.officer, at=now)
    with pytest.raises(Refused, match="两个人"):
        take("freeze", made, actor=people.officer, at=now)
    assert take("freeze", made, actor=people.second, at=now).state == "frozen"


def test_a_scheme_that_counts_papers_and_titles_is_warned_of():
    assert schemes.bias([("创新性", 60, "看解决什么问题"), ("效益", 40, "")]) == []
    found = schemes.bias([("SCI论文数量", 30, ""), ("负责人职称", 30, ""), ("创新性", 40, "")])
    assert len(found) == 3 and "单独决定" in found[-1]


def test_drafting_and_publishing_a_guideline_are_two_peoples_work(people, now):
    made = guidelines.draft_guidelines([guideline_row(now)], actor=people.officer, at=now, source="page")[0]
    with pytest.raises(Refused, match="两个人"):
        take("publish", made, actor=people.officer, at=now)
    assert take("publish", made, actor=people.second, at=now).state == "open"


def test_everybody_sees_their_own_proposals_only(people, person, actor_for, make_party, firm, now):
    other = make_party("霍山某公司", region="341525")
    call = open_guideline(now, leader_most=5)
    mine, theirs = form_passed(call, firm, now), submitted(call, other, now)
    sees = lambda actor: set(Proposal.objects.visible_to(actor))  # noqa: E731
    assert sees(people.unit) == {mine} and sees(people.county) == {mine}
    assert sees(people.other_county) == {theirs} and sees(people.officer) == {mine, theirs}
    assert sees(actor_for(person("expert"))) == set()


def test_a_unit_does_not_learn_from_its_history_what_others_file(enter, people, firm, make_party, now):
    from keji.kernel.people.models import Account

    call = open_guideline(now, leader_most=5)
    theirs = recommended(call, make_party("霍山某公司", region="341525"), now, title="别家的保密项目名称")
    mine = recommended(call, firm, now)
    similarity.compare(call, actor=people.officer, at=now)
    found = mine.likenesses.get()
    assert found.code == theirs.number
    similarity.judge(found, "different", "对象不同", actor=people.officer, at=now)
    page = enter(Account.objects.get(username="unit-a")).get(f"/d/proposals/{mine.pk}").content.decode()
    assert theirs.title not in page and theirs.number not in page
