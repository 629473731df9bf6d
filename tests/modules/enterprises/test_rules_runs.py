"""Judging everybody: only who changed, with who stands elsewhere now; and trying a change of law beforehand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from keji.kernel.facts.known import columns_of, known_of
from keji.kernel.jobs.models import Job
from keji.kernel.jobs.runner import known as known_jobs
from keji.kernel.people.roles import Actor
from keji.kernel.rules.judging import assess, judge
from keji.kernel.rules.models import Assessment, AssessmentRun, OutcomeChange, ParameterValue
from keji.lib.rules.rule import leaves, rules, short_of
from keji.modules.enterprises.rungs import LADDER
from keji.modules.enterprises.verdicts.rehearsal import Proposal, rehearsed
from keji.modules.enterprises.verdicts.runs import judge_everybody, judge_soon
from tests.modules.enterprises.firms import CLEAN, NO_ROUTE
from tests.modules.enterprises.test_hnte import GROWING
from tests.modules.enterprises.test_rules_pages import file_facts

ON = date(2024, 11, 12)
SYSTEM = Actor.system()
SME = CLEAN | NO_ROUTE | {"staff": 100, "revenue": 6000, "assets": 5000, "rnd_staff": 30, "total_cost": 5800}
SME |= {"rd_staff_cost": 300, "class1_ip": 0, "class2_ip": 2}


@pytest.fixture
def firms(make_party, now):
    """One that is a 科技型中小企业, one short of it, one nobody knows much of, one near 高企."""
    facts = (SME, SME | {"rd_staff_cost": 100}, {"staff": 5}, CLEAN | NO_ROUTE | GROWING | {"total_cost": 4000})
    return [file_facts(make_party(region="341502"), now, **some) for some in facts]


def everybody(now, reason="每日评判", on=ON):
    return judge_everybody(reason, on=on, actor=SYSTEM, at=now)


def stand(firm, code="tech_sme"):
    return Assessment.objects.get(party=firm, rule=code)


def test_everybody_stands_where_the_verdict_page_says(firms, now):
    run = everybody(now)
    assert (run.units, run.judged, run.changed) == (4, 4 * len(LADDER), 0)
    for firm in firms:
        for code in LADDER:
            verdict, kept = judge(code, firm, ON), stand(firm, code)
            assert kept.passed is verdict.passed
            assert kept.failing.keys() == {n.key for n in leaves(verdict.nodes) if n.passed is False}
    assert stand(firms[3], "hnte").score_low == 69
    assert stand(firms[3], "hnte").score_high == 84
    assert run.counts["tech_sme"] == {"passed": 2, "failed": 1, "open": 1}


def test_what_has_not_changed_is_not_judged_again(firms, now):
    everybody(now)
    assert everybody(now).judged == 0
    later = date(2024, 11, 30)  # every firm is older by then, and nothing depends on it
    assert everybody(now, on=later).judged == 0


def test_only_the_firm_with_new_facts_is_judged_and_its_change_is_kept(firms, now):
    everybody(now)
    since = stand(firms[1]).since
    file_facts(firms[1], now, **SME)
    run = judge_everybody("导入资料", on=ON, actor=SYSTEM, at=now + timedelta(days=1))
    assert 0 < run.judged <= len(LADDER)
    changes = {(c.party_id, c.rule, c.before, c.after) for c in OutcomeChange.objects.filter(run=run)}
    assert (firms[1].pk, "tech_sme", False, True) in changes
    assert {party for party, *_ in changes} == {firms[1].pk}
    assert stand(firms[1]).since > since
    assert stand(firms[0]).since == since


def test_a_certificate_changes_the_outcome_though_no_fact_was_stated(firms, now, confirmed):
    from keji.kernel.facts.known import is_derived

    if not is_derived("srdi_held"):
        pytest.fail("the register of titles should answer for srdi_held")
    everybody(now)
    before = stand(firms[0], "little_giant").digest
    confirmed("srdi", date(2024, 3, 1), party=firms[0])
    run = everybody(now)
    assert run.judged == 1
    assert stand(firms[0], "little_giant").digest != before


def test_a_new_number_is_other_law_and_everybody_it_touches_is_judged_again(firms, now):
    everybody(now)
    ParameterValue.objects.create(
        name="deduction.other_share", label="上限", value=Decimal("0.2"), from_on=ON, cites="试", state="in_force"
    )
    assert everybody(now).judged == 4  # 科技型中小企业 only


def test_columns_say_what_rows_say(firms):
    keys = rules()["hnte"].program(ON, {"rnd.outsourced_counted": 1, "hnte.other_share": Decimal("0.2")}).keys
    pks = [f.pk for f in firms]
    columns, rows = columns_of(pks, 2024, ON, keys), known_of(pks, 2024, ON, keys)
    for i, pk in enumerate(pks):
        found = {k: int(c[i]) for k, c in columns.items() if c[i] == c[i]}
        assert found | {"year": 2024} == rows[pk]


def test_columns_of_some_leave_out_their_neighbours(make_party, now):
    """Two far apart are asked for by name, many close together with all that stands between them."""
    pks = [file_facts(make_party(region="341502"), now, staff=n).pk for n in range(9)]
    for asked in ([pks[8], pks[0]], pks[::2], pks):
        assert columns_of(asked, 2024, ON, ["staff-1"])["staff-1"].tolist() == [float(pks.index(pk)) for pk in asked]


def test_what_is_kept_is_what_the_verdict_says(firms, now):
    """Shortfalls, counts, points and efforts of everybody by every rung."""
    everybody(now)
    for firm in firms:
        for code in LADDER:
            verdict, kept = judge(code, firm, ON), stand(firm, code)
            nodes = list(leaves(verdict.nodes))
            failing = {n.key: n for n in nodes if n.passed is False}
            assert kept.failing == {key: round(short_of(n), 4) for key, n in failing.items()}
            assert kept.failing_count == len(failing)
            assert kept.open_count == sum(n.passed is None for n in nodes)
            nearest = int(next(iter(failing.values())).effort * 1000) if len(failing) == 1 else None
            assert kept.effort == nearest
            assert (kept.year, kept.edition, kept.at, kept.since) == (2024, verdict.edition, now, now)


def test_a_near_miss_knows_its_effort(firms, now):
    """48 of 60 points: one condition (the route) fails, and by how much sorts the list."""
    everybody(now)
    near = stand(firms[1])
    assert (near.failing_count, near.passed) == (1, False)
    assert near.effort is not None
    assert near.effort > 0


def test_a_run_that_was_cut_off_goes_on_where_it_stood(firms, now):
    assess(LADDER[:2], on=ON, at=now)
    assert everybody(now).judged == 4 * (len(LADDER) - 2)


def test_firms_that_became_one_are_judged_as_one(firms, make_party, now):
    from keji.kernel.parties import merging

    twin = file_facts(make_party(region="341502"), now, **SME)
    everybody(now)
    merging.merge(firms[0], twin, actor=SYSTEM, at=now)
    everybody(now)
    assert not Assessment.objects.filter(party=twin).exists()
    assert stand(firms[0]).passed is True


def test_the_nightly_job_and_the_button_do_the_same(firms, person, enter, now):
    assert {"assess", "rehearse"} <= known_jobs()
    first = judge_soon("导入资料", actor=SYSTEM)
    assert first is not None
    Job.objects.filter(pk=first.pk).update(state="waiting")
    assert judge_soon("又一次导入", actor=SYSTEM) is None
    client = enter(person("officer"))
    assert client.post("/enterprises/runs/now").status_code == 302
    assert enter(person("leader")).post("/enterprises/runs/now").status_code == 403


def test_the_results_page_counts_and_names_who_changed(firms, person, enter, now):
    everybody(now)
    file_facts(firms[1], now, **SME)
    run = everybody(now, "导入资料")
    client = enter(person("officer"))
    html = client.get("/enterprises/runs").content.decode()
    assert "/enterprises/rehearsal" in html
    assert "/enterprises/rehearsal" not in enter(person("inspector")).get("/enterprises/runs").content.decode()
    assert "导入资料" in html
    assert "科技型中小企业评价" in html
    assert "/enterprises/standing?rule=tech_sme&amp;outcome=passed" in html
    listed = client.get("/enterprises/standing?rule=tech_sme&outcome=passed").content.decode()
    assert firms[1].name in listed
    assert firms[2].name not in listed
    html = client.get(f"/enterprises/runs/{run.pk}").content.decode()
    assert firms[1].name in html
    assert "结论变化" in html
    assert client.get(f"/enterprises/runs/{run.pk}?rule=hnte").status_code == 200
    assert enter(person("county", region="341502")).get("/enterprises/runs").status_code == 403


def propose(now, value, name="deduction.other_share", **more):
    fields = {"label": "其他费用上限", "from_on": ON, "cites": "试", "state": "proposed"} | more
    return ParameterValue.objects.create(name=name, value=Decimal(value), **fields)


def test_a_proposed_number_is_rehearsed_on_the_facts_of_today(firms, make_party, now):
    edge = file_facts(make_party(region="341503"), now, **SME | {"rd_staff_cost": 270, "rd_other": 60, "class2_ip": 1})
    number = propose(now, "0.2")  # 270 + 30 → 5% → 66; with a fifth 270 + 60 → 5.5%, no band more
    assert rehearsed(Proposal(parameter=number.pk), on=ON).effects[0].quiet
    strict = propose(now, "0", from_on=ON + timedelta(days=1))
    effect = rehearsed(Proposal(parameter=strict.pk), on=ON).effects[0]
    assert (effect.code, effect.losing, effect.gaining) == ("tech_sme", [edge.pk], [])
    assert not Assessment.objects.exists()


def test_the_edition_of_2026_is_rehearsed_before_it_takes_effect(firms, now, person, enter):
    found = rehearsed(Proposal(code="srdi", then=date(2026, 4, 1)), on=ON)
    assert [(e.code, e.units) for e in found.effects] == [("srdi", 4)]
    client = enter(person("leader"))
    html = client.get("/enterprises/rehearsal?code=srdi&then=2026-04-01").content.decode()
    assert "工信部企业〔2026〕2号" in html
    assert "4 家企业的现有资料" in html
    assert "没有可比的两个版本" in client.get("/enterprises/rehearsal?code=srdi&then=2019-01-01").content.decode()
    assert enter(person("county", region="341502")).get("/enterprises/rehearsal").status_code == 403


def test_who_approves_sees_the_effect_first_and_is_not_held_up(firms, now, person, enter):
    number = propose(now, "0")
    client = enter(person("officer"))
    html = client.get(f"/d/parameters/{number.pk}").content.decode()
    assert "批准之前请先看影响" in html
    assert f"/enterprises/rehearsal?parameter={number.pk}" in html
    short = client.get(f"/enterprises/rehearsal?parameter={number.pk}", headers={"HX-Request": "true"}).content.decode()
    assert "科技型中小企业评价" in short
    assert "<html" not in short


def test_a_large_city_is_rehearsed_in_the_background(firms, now, person, enter, monkeypatch):
    from keji.modules.enterprises.verdicts import rehearsal

    monkeypatch.setattr(rehearsal, "AT_ONCE", 3)
    number = propose(now, "0")
    client = enter(person("officer"))
    assert "预演在后台进行" in client.get(f"/enterprises/rehearsal?parameter={number.pk}").content.decode()
    answer = client.post("/enterprises/rehearsal/later", {"parameter": number.pk})
    assert answer.status_code == 302
    assert client.post("/enterprises/rehearsal/later", {}).status_code == 302


def test_the_job_of_a_rehearsal_keeps_its_result(firms, now, person, enter):
    from keji.modules.enterprises.verdicts.jobs import rehearse

    row = Job.objects.create(
        kind="rehearse", title="规则预演", params={"parameter": propose(now, "0").pk}, created_at=now
    )
    row.result = rehearse(row, lambda *_: None)
    row.state = Job.State.DONE
    row.save()
    html = enter(person("officer")).get(f"/enterprises/rehearsal/{row.pk}").content.decode()
    assert "科技型中小企业评价" in html
    assert AssessmentRun.objects.count() == 0
