"""A case from the report to its end: clocks, who does what, what stands in the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from keji.kernel import clock
from keji.kernel.calendar.models import work_calendar
from keji.kernel.parties.models import Standing
from keji.kernel.parties.standings import blocks
from keji.kernel.records.flow import Refused, deadline, take
from keji.kernel.rules.models import ParameterValue
from keji.modules.integrity import clocks
from keji.modules.integrity.models import Member, Report
from keji.modules.integrity.services import cases, figures, findings, looking, mine, reports
from tests.modules.integrity import telling
from tests.modules.integrity.telling import act, at

pytestmark = pytest.mark.django_db


def test_the_preliminary_check_is_due_fifteen_working_days_after_the_report(people):
    case = telling.checked(people)
    assert deadline(case, work_calendar()) == date(2024, 3, 25)


def test_the_investigation_is_due_six_months_after_acceptance_and_once_longer(people, firm):
    case = telling.accepted(people, {"party": firm})
    assert deadline(case, work_calendar()) == date(2024, 9, 12)
    with pytest.raises(Refused, match="最多延长 6 个月"):
        act("extend", case, people.leader, date(2024, 9, 2), months=7, why="需要鉴定")
    case = act("extend", case, people.leader, date(2024, 9, 2), months=3, why="需要鉴定")
    assert clocks.investigate_due(case) == date(2024, 12, 12)
    with pytest.raises(Refused, match="已经延长过一次"):
        act("extend", case, people.leader, date(2024, 9, 3), months=1, why="再延")


def test_a_due_day_is_marked_for_checking_until_somebody_read_the_number_and_the_edition(people, firm):
    first, case = telling.checked(people), telling.accepted(people, {"party": firm})
    with clock.stopped_at(at(telling.ACCEPTED)):
        assert case.due_said() == "2024年9月12日，还有 184 天（时限待核）"
        ParameterValue.objects.filter(name__startswith="integrity.").update(certain=True)
        assert first.due_said() == "2024年3月25日，还有 13 天"
        assert case.due_said() == "2024年9月12日，还有 184 天"
        case.edition.certain = False  # nobody read the edition the case goes by
        assert case.due_said().endswith("（时限待核）")
        assert figures.overdue_note(telling.ACCEPTED) == "按规则时限"


def test_an_extension_comes_before_the_end_of_the_investigation(people, firm):
    case = telling.accepted(people, {"party": firm})
    with pytest.raises(Refused, match="调查期限已过"):
        act("extend", case, people.leader, date(2024, 9, 13), months=1, why="迟了")


def test_only_an_appointed_case_worker_takes_it_up_and_declares(people):
    case = telling.reported().case
    with pytest.raises(Refused, match="范围内"):
        act("take_up", case, people.stranger, telling.REPORTED, declared=True)
    with pytest.raises(Refused, match="声明"):
        act("take_up", case, people.worker, telling.REPORTED, declared=False)


def test_acceptance_needs_a_subject_and_an_edition(people, firm):
    case = telling.checked(people)
    with pytest.raises(Refused, match="当事人"):
        act("accept", case, people.worker, telling.ACCEPTED)
    cases.add_subject(case, party=firm, actor=people.worker, at=at(telling.ACCEPTED))
    with pytest.raises(Refused, match="规则版本"):
        act("accept", case, people.worker, telling.ACCEPTED)


def test_one_person_alone_does_not_investigate(people, firm):
    case = telling.accepted(people, {"party": firm})
    Member.objects.filter(part="investigator").delete()
    with pytest.raises(Refused, match="两人以上"):
        act("file_report", case, people.worker, telling.FILED, outcome="found", text="经查属实。")


def test_an_investigation_report_that_names_the_reporter_is_not_taken(people, firm):
    case = telling.accepted(people, {"party": firm})
    with pytest.raises(Refused, match="举报人的姓名"):
        act("file_report", case, people.worker, telling.FILED, outcome="found", text=f"据{telling.REPORTER}反映。")


def test_every_factor_is_answered_before_the_meeting(people, firm):
    case = telling.accepted(people, {"party": firm})
    subject = case.subjects.get()
    answers = telling.answers(case)
    answers.pop("h4")
    with pytest.raises(Refused, match="1 项从轻从重因素没有回答"):
        findings.save_finding(
            subject, violations=["2"], clause="事实", severity="heavy", answers=answers,
            actor=people.worker, at=at(telling.FILED),
        )  # fmt: skip
    case = act("file_report", case, people.worker, telling.FILED, outcome="found", text="经查属实。")
    with pytest.raises(Refused, match="认定情况"):
        act("propose", case, people.worker, telling.FILED, heard_on=telling.FILED, text="意见")


@pytest.mark.parametrize(
    ("severity", "months", "permanent", "why"),
    [
        ("light", 12, False, "不设禁止期限"),
        ("heavy", 36, False, ""),
        ("heavy", 37, False, "最长 36 个月"),
        ("heavy", None, True, "不能长期"),
        ("serious", 35, False, "不少于 36 个月"),
        ("serious", 60, False, ""),
        ("serious", 61, False, "最长 60 个月"),
        ("extreme", 60, False, "不少于 61 个月"),
        ("extreme", 120, False, ""),
        ("extreme", None, True, ""),
        ("heavy", None, False, "写明期限"),
    ],
)
def test_a_ban_keeps_within_the_months_of_its_severity(people, firm, severity, months, permanent, why):
    case = telling.accepted(people, {"party": firm})
    subject = case.subjects.get()
    subject.severity, subject.violations = severity, ["2"]
    found = findings.period_problem(subject, telling.measure("5"), months, permanent)
    assert (why in found) if why else found == ""


def test_who_investigates_does_not_decide_and_who_decides_has_no_interest(people, firm, person, actor_for):
    case = telling.found(people, telling.accepted(people, {"party": firm}))
    case = act("propose", case, people.worker, date(2024, 6, 3), heard_on=date(2024, 6, 1), text="建议")
    decision = {"meeting": "党组会", "decided_on": telling.DECIDED, "number": "六科信〔2024〕1号"}
    with pytest.raises(Refused, match="局领导"):
        act("decide", case, people.worker, telling.DECIDED, **decision)
    Member.objects.create(
        case=case, account=people.accounts["leader"], part="investigator", joined_at=at(telling.FILED)
    )
    with pytest.raises(Refused, match="不参与决定"):
        act("decide", case, people.leader, telling.DECIDED, **decision)
    assert act("decide", case, people.second_leader, telling.DECIDED, **decision).state == "decided"


def test_appeals_are_open_for_fifteen_working_days_after_service_and_not_longer(people, firm, person, actor_for):
    owner = actor_for(person("enterprise", party=firm))
    case = telling.told_until_served(people, {"party": firm})
    last = date(2024, 7, 5)
    assert clocks.appeal_until(case.subjects.get()) == last
    with pytest.raises(Refused, match="已过"):
        act("appeal", case, owner, last + timedelta(days=1), place=1, text="不服")
    assert act("appeal", case, owner, last, place=1, text="不服").state == "appealed"


def test_nobody_appeals_for_another(people, firm, make_party, person, actor_for):
    other = actor_for(person("enterprise", party=make_party("别的公司")))
    case = telling.told_until_served(people, {"party": firm})
    with pytest.raises(Refused, match="当事人提出"):
        act("appeal", case, other, telling.SERVED, place=1, text="不服")


def test_a_decision_takes_effect_after_the_days_for_an_appeal_and_blocks_after_a_second_look(people, firm):
    case = telling.told_until_served(people, {"party": firm})
    with pytest.raises(Refused, match="期满后生效"):
        act("take_effect", case, people.worker, date(2024, 7, 5))
    case = act("take_effect", case, people.worker, telling.EFFECTIVE)
    standing = Standing.objects.get(party=firm)
    assert (standing.from_on, standing.until_on) == (date(2024, 7, 8), date(2026, 7, 7))
    assert blocks(firm, "apply", telling.EFFECTIVE) == "", "one person alone bars nobody"
    with pytest.raises(Refused, match="复核生效"):
        act("close", case, people.worker, telling.EFFECTIVE, note="", answer="")
    with pytest.raises(Refused, match="两个人"):
        act("confirm", standing, people.worker, telling.EFFECTIVE)
    act("confirm", standing, people.stranger, telling.EFFECTIVE)
    sentence = blocks(firm, "apply", date(2026, 7, 7))
    assert "财政性资金" in sentence and "六科信〔2024〕1号" in sentence
    assert blocks(firm, "apply", date(2026, 7, 8)) == ""
    assert act("close", case, people.worker, telling.EFFECTIVE, note="已执行", answer="已处理").state == "closed"


def appealed(people, *subjects, **given):
    case = telling.told_until_served(people, *subjects, **given)
    case = act("appeal", case, people.worker, date(2024, 6, 20), place=1, text="认为过重")
    with pytest.raises(Refused, match="复查人员"):
        act("accept_appeal", case, people.worker, date(2024, 6, 24))
    cases.add_member(
        case, people.accounts["reviewer"], "reviewer", declared=True, actor=people.leader, at=at(date(2024, 6, 24))
    )
    return act("accept_appeal", case, people.reviewer, date(2024, 6, 24))


def concluded(people, case, review, **given):
    day = date(2024, 8, 1)
    case = act("conclude_review", case, people.second_leader, day, review=review, text="复查意见",
               number="六科信〔2024〕5号", decided_on=day, **given)  # fmt: skip
    for subject in case.subjects.filter(appealed_on__isnull=False):
        cases.serve_subject(subject, on=day, how="直接送达", to="本人", actor=people.worker, at=at(day))
    case.refresh_from_db()
    return case


def test_a_review_is_due_ninety_working_days_after_it_was_accepted(people, firm):
    case = appealed(people, {"party": firm})
    assert deadline(case, work_calendar()) == clocks.workdays_from(date(2024, 6, 24), "review_workdays")
    assert work_calendar().between(date(2024, 6, 24), deadline(case, work_calendar())) == 90


def test_a_review_that_changes_the_ban_puts_the_new_one_in_force(people, firm):
    case = appealed(people, {"party": firm})
    with pytest.raises(Refused, match="先登记变更后的措施"):
        concluded(people, case, "changed")
    findings.add_sanction(
        case.subjects.get(), telling.measure("5"), months=12, actor=people.reviewer, at=at(date(2024, 7, 20))
    )
    case = act("take_effect", concluded(people, case, "changed"), people.worker, date(2024, 8, 5))
    standing = Standing.objects.get()
    assert (standing.from_on, standing.until_on) == (date(2024, 8, 5), date(2025, 8, 4))
    assert standing.basis == "六科信〔2024〕5号"


def test_a_decision_that_was_revoked_bars_nobody_and_the_case_ends(people, firm):
    case = concluded(people, appealed(people, {"party": firm}), "revoked")
    with pytest.raises(Refused, match="直接结案"):
        act("take_effect", case, people.worker, date(2024, 8, 5))
    assert act("close", case, people.worker, date(2024, 8, 5), note="撤销", answer="").state == "closed"
    assert not Standing.objects.exists()


def test_a_review_after_effect_lifts_the_ban_by_a_second_hand(people, firm):
    case = telling.in_force(people, {"party": firm})
    act("confirm", Standing.objects.get(), people.stranger, telling.EFFECTIVE)
    with pytest.raises(Refused, match="复查人员"):
        act("reopen", case, people.leader, date(2024, 9, 2), note="上级要求")
    cases.add_member(
        case, people.accounts["reviewer"], "reviewer", declared=True, actor=people.leader, at=at(date(2024, 9, 2))
    )
    case = act("reopen", case, people.leader, date(2024, 9, 2), note="上级要求")
    day = date(2024, 9, 9)
    case = act("conclude_review", case, people.leader, day, review="revoked", text="撤销", number="六科信〔2024〕7号",
               decided_on=day)  # fmt: skip
    cases.serve_subject(case.subjects.get(), on=day, how="直接", to="本人", actor=people.reviewer, at=at(day))
    case.refresh_from_db()
    with pytest.raises(Refused, match="两个人"):
        act("take_effect", case, people.worker, day)
    act("take_effect", case, people.reviewer, day)
    standing = Standing.objects.get()
    assert standing.state == "lifted" and standing.lifted_on == day
    assert blocks(firm, "apply", day) == ""


def test_an_upheld_review_leaves_the_ban_as_it_was(people, firm):
    case = act("take_effect", concluded(people, appealed(people, {"party": firm}), "upheld"), people.worker,
               date(2024, 8, 5))  # fmt: skip
    assert Standing.objects.get().basis == "六科信〔2024〕1号"
    assert case.state == "in_force"


def test_nothing_found_is_served_and_closed_without_measures(people, firm):
    case = telling.accepted(people, {"party": firm})
    case = act("file_report", case, people.worker, telling.FILED, outcome="not_found", text="没有发现篡改。")
    case = telling.served(people, telling.decided(people, case))
    with pytest.raises(Refused, match="直接结案"):
        act("take_effect", case, people.worker, telling.EFFECTIVE)
    with pytest.raises(Refused, match="不需要申诉"):
        act("appeal", case, people.worker, telling.SERVED, place=1, text="x")
    case = act("close", case, people.worker, telling.SERVED, note="澄清", answer="经查不属实")
    assert case.reports.get().answer == "经查不属实"
    assert "不予处理" in mine.papers_of(case.subjects.get())[-1].content


def test_a_talk_is_registered_when_it_was_held(people, firm):
    case = telling.accepted(people, {"party": firm})
    with pytest.raises(Refused, match="没有期限"):
        telling.found(people, case, severity="light", code="1", months=3)
    case.subjects.get().sanctions.all().delete()
    case = telling.found(people, case, severity="light", code="1", months=None)
    case = act("take_effect", telling.served(people, telling.decided(people, case)), people.worker, telling.EFFECTIVE)
    with pytest.raises(Refused, match="执行情况"):
        act("close", case, people.worker, telling.EFFECTIVE, note="", answer="")
    sanction = case.subjects.get().sanctions.get()
    findings.mark_done(sanction, "已谈话", actor=people.worker, at=at(telling.EFFECTIVE))
    assert act("close", case, people.worker, telling.EFFECTIVE, note="完", answer="").state == "closed"


def test_two_people_take_the_same_step_and_one_is_told(people):
    case = telling.reported().case
    act("take_up", case, people.worker, telling.REPORTED, declared=True)
    with pytest.raises(Refused, match="当前状态是"):
        take("take_up", case, actor=people.worker, at=at(telling.REPORTED), declared=True)


def test_who_reports_and_how_it_was_served_is_kept_whole_or_refused(people, firm):
    told = {"accused": "某人", "text": "来电说了什么", "actor": people.worker, "at": at(date(2024, 3, 4))}
    with pytest.raises(Refused, match="姓名最多 60 字，现有 61 字"):
        reports.register("phone", name="张" * 61, contact="", **told)
    with pytest.raises(Refused, match="联系方式最多 100 字，现有 101 字"):
        reports.register("phone", name="张三", contact="1" * 101, **told)
    assert not Report.objects.exists()
    with pytest.raises(Refused, match="用途最多 200 字，现有 201 字"):
        looking.check(firm, date(2024, 3, 4), reason="查" * 201, actor=people.worker, at=at(date(2024, 3, 4)))
