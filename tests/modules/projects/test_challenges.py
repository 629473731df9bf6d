"""揭榜挂帅: from a firm's problem to a project paid by result; bids stay sealed, rivals never read each other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.kernel.audit.log import verify
from keji.kernel.parties.models import Standing
from keji.kernel.people.models import Grant
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.lib.paper.check import check as layout
from keji.modules.projects.challenges.services import bids, challenges, contracts, evaluating
from keji.modules.projects.models import Bid, BidScore, Challenge, Project, Stage
from keji.modules.projects.running.services import accepting, archive, due, payments, taskbook
from tests.modules.projects.telling import SYSTEM, on, pdf

pytestmark = pytest.mark.django_db

WANTED = ["焊缝一次合格率不低于 99.5%", "单件节拍不超过 45 秒"]
NEED = {
    "title": "铝合金车架机器人焊接变形控制",
    "need": "现有工装焊接后变形量超过 1.2 毫米，返修率 8%，需要在线测量和补偿。",
    "wanted": WANTED,
    "prize": 2_000_000,
    "firm_money": 1_200_000,
    "months": 12,
    "terms": "具备焊接机器人集成经验；不设职称、学历、年龄门槛",
}
PANEL = [{"name": f"论证{n}", "unit": "合肥某大学"} for n in "甲乙丙"]
ANSWER = {
    "leader_name": "钱工", "plan": "采用激光跟踪和变形预测模型，在线补偿焊枪轨迹，先仿真后现场。",
    "answers": ["达到 99.6%", "达到 42 秒"], "price": 1_800_000, "months": 12, "promised": True,
}  # fmt: skip
STAGES = [
    {
        "name": name, "target": target, "due_on": day, "firm_amount": firm, "bureau_amount": bureau,
    }
    for name, target, day, firm, bureau in (
        ("仿真", "模型误差小于 5%", date(2025, 6, 30), 500_000, 300_000),
        ("上线", "连续生产 1000 件", date(2025, 12, 20), 600_000, 400_000),
    )
]  # fmt: skip
WHOLE = {
    "content": "完成焊接变形预测、在线测量补偿和产线现场示范。",
    "starts_on": date(2025, 1, 2),
    "ends_on": date(2025, 12, 31),
}


@pytest.fixture
def programme(db):
    from keji.modules.projects.models import Programme

    return Programme.objects.create(name="市揭榜挂帅项目", kind="challenge")


@pytest.fixture
def bidders(make_party, person, actor_for):
    """Three units with an account each: {unit: actor}."""
    made = [make_party(f"合肥焊研{n}院", kind="institution") for n in "一二三"]
    return {p: actor_for(person("institution", f"bidder-{p.pk}", party=p)) for p in made}


def argued(firm, people, programme, at, **changes):
    row = NEED | {"party": firm} | changes
    record = challenges.create_challenges([row], actor=people.unit, at=at, source="page")[0]
    record = take("file", record, actor=people.unit, at=at)
    return challenges.argue(
        record, {"programme": programme, "closes_on": date(2024, 12, 3), "contact": "高新科 0564-1234567"},
        panel=PANEL, argued="需求真实，指标可考核，建议发榜。", held_on=date(2024, 11, 12), actor=people.officer, at=at,
    )  # fmt: skip


def opened(firm, people, programme, at, **changes):
    record = take("refine", argued(firm, people, programme, at, **changes), actor=people.officer, at=at)
    record = take("agree", record, actor=people.unit, at=at)
    return take("announce", record, actor=people.second, at=at)


def handed_in(challenge, party, actor, at, **changes):
    bid = bids.start_bid(challenge, party, actor=actor, at=at)
    bid = bids.write_bid(bid, ANSWER | changes, actor=actor, at=at)
    return take("submit", bid, actor=actor, at=at)


@pytest.fixture
def challenge(firm, people, programme, now):
    return opened(firm, people, programme, now)


@pytest.fixture
def three(challenge, bidders, now):
    return [handed_in(challenge, p, a, now, price=1_800_000 - 10_000 * n) for n, (p, a) in enumerate(bidders.items())]


@pytest.fixture
def evaluated(challenge, three, people):
    """All three met, seen by the firm and scored: the second is best."""
    with on(date(2024, 12, 4)) as at:
        record = take("close_bidding", challenge, actor=people.officer, at=at)
    with on(date(2024, 12, 6)) as at:
        for bid in three:
            bids.talk(bid, held_on=date(2024, 12, 5), note="现场看了样件，谈了节拍", actor=people.officer, at=at)
        record = take("evaluate", record, actor=people.officer, at=at)
        for bid, points in zip(three, (70, 90, 80), strict=True):
            bid.refresh_from_db()
            evaluating.firm_view(
                bid, points=Decimal(points), willing=points != 80, comment="方案贴合产线", actor=people.unit, at=at
            )
        experts = [{"name": f"评榜{n}", "unit": "合肥某大学"} for n in "甲乙丙"]
        points = {b.pk: [Decimal(p) + n for n in range(3)] for b, p in zip(three, (80, 85, 90), strict=True)}
        evaluating.record_scores(
            record, experts, points, {b.pk: "技术路线可行" for b in three}, actor=people.officer, at=at
        )
    record.refresh_from_db()
    return record


@pytest.fixture
def publicised(evaluated, three, people):
    with on(date(2024, 12, 9)) as at:
        evaluating.choose(Bid.objects.get(pk=three[1].pk), reason="", actor=people.officer, at=at)
        evaluated.refresh_from_db()
        notice = evaluating.publicise(evaluated, "高新科 0564-1234567", actor=people.officer, at=at)
        take("publish", notice, actor=people.second, at=at)
    evaluated.refresh_from_db()
    return evaluated


@pytest.fixture
def running(publicised, people, bidders, three):
    winner = bidders[three[1].party]
    with on(date(2024, 12, 18)) as at:
        stages = [s | {"firm_amount": s["firm_amount"] - 5_000, "bureau_amount": s["bureau_amount"]} for s in STAGES]
        contracts.save_contract(publicised, WHOLE, stages, actor=winner, at=at)
        contracts.sign_contract(publicised, actor=winner, at=at)
        contracts.sign_contract(publicised, actor=people.unit, at=at)
        return take("sign_contract", publicised, actor=people.officer, at=at)


def test_terms_set_no_threshold_of_title_degree_or_age(firm, people, programme, now):
    assert challenges.barriers("负责人应具有博士学位，年龄不超过 50 周岁") == ["学位", "年龄", "周岁", "博士"]
    assert challenges.barriers("不设职称、学历、年龄门槛；具备中试条件") == []
    with pytest.raises(Refused, match="不设职称、学历、年龄门槛，请删去"):
        argued(firm, people, programme, now, terms="负责人具有高级职称")


def test_the_firm_pays_at_least_half(firm, people, programme, now):
    row = NEED | {"party": firm, "firm_money": 999_999}
    record = challenges.create_challenges([row], actor=people.unit, at=now, source="page")[0]
    with pytest.raises(Refused, match="不到榜金 200 万元的 50%"):
        take("file", record, actor=people.unit, at=now)


def test_only_the_firm_files_and_agrees_and_two_people_announce(firm, people, programme, bidders, now):
    rival = next(iter(bidders.values()))
    row = NEED | {"party": firm}
    with pytest.raises(Refused, match="不代表这个单位"):
        challenges.create_challenges([row], actor=rival, at=now, source="page")
    record = take("refine", argued(firm, people, programme, now), actor=people.officer, at=now)
    with pytest.raises(Refused):
        take("agree", record, actor=rival, at=now)
    record = take("agree", record, actor=people.unit, at=now)
    assert not Challenge.objects.visible_to(rival).exists()
    with pytest.raises(Refused, match="必须是两个人"):
        take("announce", record, actor=people.officer, at=now)
    record = take("announce", record, actor=people.second, at=now)
    assert record.opens_on == date(2024, 11, 12)
    assert Challenge.objects.visible_to(rival).get() == record


def test_a_list_stays_open_long_enough(firm, people, programme, now):
    record = take("refine", argued(firm, people, programme, now), actor=people.officer, at=now)
    record = take("agree", record, actor=people.unit, at=now)
    with on(date(2024, 11, 14)) as at, pytest.raises(Refused, match="不少于 20 天"):
        take("announce", record, actor=people.second, at=at)


def test_nobody_opens_a_bid_before_the_closing_day(challenge, three, people, bidders, firm):
    for actor in (people.officer, people.leader, people.inspector, people.unit):
        assert not Bid.objects.visible_to(actor).exists()
    for bid, actor in zip(three, bidders.values(), strict=True):
        assert list(Bid.objects.visible_to(actor)) == [bid]
    with on(date(2024, 12, 3)) as at, pytest.raises(Refused, match="截止后才能启封"):
        take("close_bidding", challenge, actor=people.officer, at=at)
    with on(date(2024, 12, 4)) as at:
        take("close_bidding", challenge, actor=people.officer, at=at)
    assert Bid.objects.visible_to(people.officer).count() == 3 == Bid.objects.visible_to(people.unit).count()
    assert not Bid.objects.visible_to(people.county).exists()
    for bid, actor in zip(three, bidders.values(), strict=True):
        assert list(Bid.objects.visible_to(actor)) == [bid]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    roles=st.sets(st.sampled_from(["officer", "leader", "inspector", "institution", "enterprise"]), min_size=1),
    closed=st.booleans(),
)
def test_who_bids_never_reads_a_rival_whatever_else_they_are(challenge, three, person, roles, closed):
    Challenge.objects.filter(pk=challenge.pk).update(state="matching" if closed else "open")
    mine = three[0]
    from keji.kernel.people.models import Account

    Account.objects.filter(username="many").exists() or person("institution", "many", party=mine.party)
    account = Account.objects.get(username="many")
    account.grants.all().delete()
    for role in roles:
        party = mine.party if role in ("institution", "enterprise") else None
        Grant.objects.create(account=account, role=role, party=party, from_on=date(2020, 1, 1))
    seen = set(Bid.objects.visible_to(account.actor(date(2024, 12, 4))))
    if roles & {"institution", "enterprise"}:
        assert seen == {mine}
    else:
        assert seen == (set(three) if closed else set())


def test_a_bid_says_what_it_must_and_comes_once(challenge, firm, people, bidders, now):
    party, actor = next(iter(bidders.items()))
    with pytest.raises(Refused, match="不能揭自己的榜"):
        bids.start_bid(challenge, firm, actor=people.unit, at=now)
    bid = bids.start_bid(challenge, party, actor=actor, at=now)
    with pytest.raises(Refused, match="已经应榜"):
        bids.start_bid(challenge, party, actor=actor, at=now)
    for wrong, said in (
        ({"answers": ["达到"]}, "逐条响应"), ({"price": 2_000_001}, "不超过榜金"), ({"months": 13}, "不超过 12 个月"),
        ({"promised": False}, "科研诚信承诺"), ({"plan": "短"}, "解决方案"),
    ):  # fmt: skip
        bid = bids.write_bid(bid, ANSWER | wrong, actor=actor, at=now)
        with pytest.raises(Refused, match=said):
            take("submit", bid, actor=actor, at=now)
    bids.add_file(bids.write_bid(bid, ANSWER, actor=actor, at=now), pdf(), actor=actor, at=now)
    bid = take("submit", bid, actor=actor, at=now)
    with pytest.raises(Refused, match="不能修改"):
        bids.add_file(bid, pdf(), actor=actor, at=now)
    take("withdraw", bid, actor=actor, at=now)
    assert handed_in(challenge, party, actor, now).state == "submitted"
    with on(date(2024, 12, 4)) as at, pytest.raises(Refused, match="已于2024年12月3日截止"):
        bids.start_bid(challenge, list(bidders)[1], actor=bidders[list(bidders)[1]], at=at)


def test_a_sanctioned_unit_does_not_bid(challenge, bidders, now):
    party, actor = next(iter(bidders.items()))
    Standing.objects.create(
        party=party,
        kind="sanction",
        measure="限制申报",
        basis="六科监〔2024〕9号",
        restricts=["apply"],
        from_on=date(2024, 1, 1),
    )
    with pytest.raises(Refused, match="六科监〔2024〕9号"):
        bids.start_bid(challenge, party, actor=actor, at=now)


def test_points_are_exact_and_the_firm_counts_for_forty(evaluated, three):
    found = evaluating.ranking(evaluated)
    assert [(s.place, s.bid.pk, s.total) for s in found] == [
        (1, three[1].pk, Fraction(90 * 40 + 86 * 60, 100)),
        (2, three[2].pk, Fraction(80 * 40 + 91 * 60, 100)),
        (3, three[0].pk, Fraction(70 * 40 + 81 * 60, 100)),
    ]


def test_the_winner_is_wanted_by_the_firm_and_another_than_the_first_has_a_reason(evaluated, three, people):
    with on(date(2024, 12, 9)) as at:
        with pytest.raises(Refused, match="不愿与"):
            evaluating.choose(three[2], reason="产线更熟悉，周期更短，更稳妥", actor=people.officer, at=at)
        with pytest.raises(Refused, match="请写明理由"):
            evaluating.choose(three[0], reason="近", actor=people.officer, at=at)
        assert evaluating.choose(three[1], reason="", actor=people.officer, at=at).state == "chosen"


def test_an_expert_of_a_party_stands_aside(evaluated, three, firm, people):
    BidScore.objects.all().delete()
    for unit in (firm.name, three[0].party.name):
        experts = [{"name": "甲", "unit": unit}, {"name": "乙", "unit": "x"}, {"name": "丙", "unit": "x"}]
        with on(date(2024, 12, 6)) as at, pytest.raises(Refused, match="应当回避"):
            evaluating.record_scores(evaluated, experts, {}, {}, actor=people.officer, at=at)


def test_an_objection_that_holds_puts_the_next_in_place(publicised, three, people):
    with on(date(2024, 12, 11)) as at:
        again = take("uphold", publicised, actor=people.officer, at=at, reason="业绩材料不实，核查属实。")
        assert (again.state, again.winner, again.notice) == ("evaluating", None, None)
        three[1].refresh_from_db()
        assert three[1].state == "lost"
        with pytest.raises(Refused, match="不在候选之列"):
            evaluating.choose(three[1], reason="", actor=people.officer, at=at)


def test_three_sign_in_order_after_the_notice(publicised, people, bidders, three):
    winner, loser = bidders[three[1].party], bidders[three[0].party]
    with on(date(2024, 12, 11)) as at:
        with pytest.raises(Refused, match="合同由揭榜方填写"):
            contracts.save_contract(publicised, WHOLE, STAGES, actor=loser, at=at)
        with pytest.raises(Refused, match="应等于中榜报价 179 万元"):
            contracts.save_contract(publicised, WHOLE, STAGES, actor=winner, at=at)
        low = [s | {"firm_amount": 440_000, "bureau_amount": 455_000} for s in STAGES]
        with pytest.raises(Refused, match="不到合同金额"):
            contracts.save_contract(publicised, WHOLE, low, actor=winner, at=at)
        good = [s | {"firm_amount": s["firm_amount"] - 5_000} for s in STAGES]
        contracts.save_contract(publicised, WHOLE, good, actor=winner, at=at)
        with pytest.raises(Refused, match="揭榜方还没有签订"):
            contracts.sign_contract(publicised, actor=people.unit, at=at)
        contracts.sign_contract(publicised, actor=winner, at=at)
        contracts.sign_contract(publicised, actor=people.unit, at=at)
        with pytest.raises(Refused, match="不能再改"):
            contracts.save_contract(publicised, WHOLE, good, actor=winner, at=at)
        with pytest.raises(Refused, match="公示"):
            take("sign_contract", publicised, actor=people.officer, at=at)


def test_the_contract_becomes_a_project(running, three):
    project = running.contract.project
    assert (project.party, project.grant, project.own_money, project.state) == (
        three[1].party, 700_000, 1_090_000, "signed",
    )  # fmt: skip
    assert [b.state for b in Bid.objects.order_by("pk")] == ["lost", "won", "lost"]
    word = running.contract.docx.read()
    assert [f.message for f in layout(word) if f.severity == "error" and "文种" not in f.message] == []
    assert "三方合同.pdf" in [item.name for item in archive.items_of(project)]
    assert not any(d.what == "首期拨付" for d in due.dues(Project.objects.all(), date(2025, 6, 1)))
    assert verify().sound


def test_both_pay_by_result_and_once(running, people, bidders, three):
    project, winner = running.contract.project, bidders[three[1].party]
    first = running.contract.stages.first()
    with on(date(2025, 6, 20)) as at:
        with pytest.raises(Refused, match="请选择节点"):
            payments.pay(project, order_code="ZF-1", amount=1, paid_on=date(2025, 6, 20), actor=people.officer, at=at)
        with pytest.raises(Refused, match="考核还没有确认"):
            payments.pay(
                project, order_code="ZF-1", amount=300_000, paid_on=date(2025, 6, 20), milestone=first.milestone,
                actor=people.officer, at=at,
            )  # fmt: skip
        with pytest.raises(Refused, match="还没有登记节点完成"):
            contracts.judge_stage(first, passed=True, finding="看了仿真报告", actor=people.unit, at=at)
        taskbook.reach(first.milestone, actor=winner, at=at)
        with pytest.raises(Refused, match="由出题单位考核"):
            contracts.judge_stage(first, passed=True, finding="自评达到要求", actor=winner, at=at)
        contracts.judge_stage(first, passed=False, finding="误差 7%，未达到", actor=people.unit, at=at)
        first.milestone.refresh_from_db()
        assert first.milestone.done_on is None
        with pytest.raises(Refused, match="考核通过后才能确认"):
            contracts.confirm_stage(first, actor=people.officer, at=at)
        taskbook.reach(first.milestone, actor=winner, at=at)
        contracts.judge_stage(first, passed=True, finding="误差 4.2%，达到", actor=people.unit, at=at)
        with pytest.raises(Refused, match="按结果付款"):
            contracts.firm_pays(first, order_code="QY-1", paid_on=date(2025, 6, 20), actor=people.unit, at=at)
        contracts.confirm_stage(first, actor=people.officer, at=at)
        for _ in range(2):
            contracts.firm_pays(first, order_code="QY-1", paid_on=date(2025, 6, 20), actor=people.unit, at=at)
            payments.pay(
                project, order_code="ZF-1", amount=300_000, paid_on=date(2025, 6, 20), milestone=first.milestone,
                actor=people.officer, at=at,
            )  # fmt: skip
        with pytest.raises(Refused, match="已于2025年6月20日付款"):
            contracts.firm_pays(first, order_code="QY-2", paid_on=date(2025, 6, 20), actor=people.unit, at=at)
    project.refresh_from_db()
    assert (project.paid, project.remaining) == (300_000, 400_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stage.objects.exclude(pk=first.pk).update(firm_paid_on=date(2025, 6, 20))


def test_acceptance_goes_by_the_lists_targets(running, people, bidders, three):
    project, winner = running.contract.project, bidders[three[1].party]
    said = {
        "held_on": date(2025, 12, 22),
        "panel": [{"name": f"验{n}", "unit": "x", "finance": n == "甲"} for n in "甲乙丙丁戊"],
        "opinion": "达到", "finance_opinion": "合规", "marks": {n: Decimal(9) for n in accepting.MARKS},
    }  # fmt: skip
    with on(date(2025, 12, 22)) as at:
        accepting.ask(project, "全部节点完成，指标达到榜单要求，已连续生产一千件。", actor=winner, at=at)
        with pytest.raises(Refused, match="逐条核对榜单指标"):
            accepting.record_result(project, conclusion="passed", **said, actor=people.officer, at=at)
        checks = [{"target": t, "met": n == 0, "note": "检测报告"} for n, t in enumerate(WANTED)]
        contracts.check_targets(running.contract, checks, actor=people.officer, at=at)
        with pytest.raises(Refused, match="没有达到，不能通过"):
            accepting.record_result(project, conclusion="passed", **said, actor=people.officer, at=at)
        checks = [{"target": t, "met": True, "note": "检测报告"} for t in WANTED]
        contracts.check_targets(running.contract, checks, actor=people.officer, at=at)
        with pytest.raises(Refused, match="验收结束后办结"):
            take("conclude", running, actor=people.officer, at=at)
        accepting.record_result(project, conclusion="passed", **said, actor=people.officer, at=at)
        take("accept", project, actor=people.officer, at=at)
        assert take("conclude", running, actor=people.officer, at=at).state == "done"


def test_a_list_nobody_answers_fails_after_its_day(challenge, people):
    with on(date(2024, 12, 3)) as at, pytest.raises(Refused, match="截止后才能流榜"):
        take("fail", challenge, actor=people.officer, at=at, reason="无人应榜")
    with on(date(2024, 12, 4)) as at:
        with pytest.raises(Refused, match="没有单位应榜"):
            take("close_bidding", challenge, actor=people.officer, at=at)
        assert take("fail", challenge, actor=people.officer, at=at, reason="无人应榜").state == "failed"
    assert isinstance(SYSTEM, Actor)
