"""Judging pages: the answer with every reason, what if, kept verdicts and their papers, for each role its own."""

from __future__ import annotations

import io
import json
from datetime import date
from zipfile import ZipFile

import pytest

from keji.kernel.audit.models import Entry
from keji.kernel.facts.models import STANDING, FactFile
from keji.kernel.facts.services import Said, confirm, state_facts
from keji.kernel.people.roles import Actor
from keji.kernel.rules.models import Judgement
from keji.modules.enterprises.verdicts.opinion import conclusion_of
from keji.modules.enterprises.verdicts.showing import by_year
from tests.modules.enterprises.firms import CLEAN, NO_ROUTE, known
from tests.modules.enterprises.test_hnte import GROWING

SYSTEM = Actor.system()


def file_facts(party, now, *, actor=SYSTEM, **facts):
    """State facts of 2024's case for a unit, as `known` writes them."""
    rows = []
    for key, value in known(**facts).items():
        name, _, back = key.partition("-")
        if name != "year":
            rows.append(Said(party, name, value, 2024 - int(back) if back else STANDING))
    state_facts(rows, actor=actor, at=now)
    return party


@pytest.fixture
def firm(make_party, now):
    facts = CLEAN | NO_ROUTE | GROWING | {"total_cost": 4000}
    return file_facts(make_party(region="341502"), now, **facts)


def get(client, url):
    answer = client.get(url)
    return answer.status_code, answer.content.decode()


def test_the_officer_sees_every_rung_at_a_glance(firm, enter, person):
    code, html = get(enter(person("officer")), f"/enterprises/{firm.pk}/rules")
    assert code == 200
    assert html.count("result-main") >= 7
    for word in ("高新技术企业认定", "科技型中小企业评价", "六安市企业研发中心认定", "资料不足"):
        assert word in html


def test_a_verdict_names_its_clauses_and_links_them_to_the_shelf(firm, enter, person):
    code, html = get(enter(person("officer")), f"/enterprises/{firm.pk}/rules/hnte")
    assert code == 200
    assert "需评审" in html
    assert "5.27%" in html
    assert "69–84" in html
    assert "/d/regulations/" in html
    assert "达到 35% 得 9–10 分" in html
    assert "委托外部研发费用的计入比例" in html
    assert "待核" in html


def test_what_is_short_is_said_with_the_amount(firm, enter, person, now):
    file_facts(firm, now, **GROWING | {"rd_staff_cost": (160, 210, 139), "total_cost": 4000})
    html = get(enter(person("officer")), f"/enterprises/{firm.pk}/rules/hnte")[1]
    assert "必不过" in html
    assert "近三年研发费用占销售收入比例：差 0.6 个百分点，约70 万元" in html


def test_what_if_shows_both_verdicts_and_saves_nothing(firm, enter, person):
    before = list(FactFile.objects.values_list("pk", "values"))
    client = enter(person("county", region="341502"))
    url = f"/enterprises/{firm.pk}/rules/hnte?if_rd_staff_cost-1=100&if_advance=4"
    html = get(client, url)[1]
    assert "试算结论（不保存）" in html
    assert "按现有资料" in html
    assert "试算与现有资料对照" in html
    assert 'value="100"' in html
    assert list(FactFile.objects.values_list("pk", "values")) == before
    assert not Judgement.objects.exists()
    unknown = get(client, f"/enterprises/{firm.pk}/rules/hnte?if_revenue-1=?")[1]
    assert "2023年销售（营业）收入" in unknown


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("if_revenue-1=很多", "应填数字（万元）"),
        ("if_revenue-1=1.00005", "应是整数"),
        ("if_staff-1=1.5", "应是整数"),
        ("if_revenue-1=999999999999999", "太大了"),
        ("if_advance=9", "没有这个选项"),
        ("if_serious_incident=2", "只有“是”和“否”"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_and_does_not_count(firm, enter, person, query, sentence):
    answer = enter(person("officer")).get(f"/enterprises/{firm.pk}/rules/hnte?{query}")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert "试算结论" not in html


def test_the_trace_is_json_and_stays_the_same(firm, enter, person):
    client = enter(person("officer"))
    first, second = (client.get(f"/enterprises/{firm.pk}/rules/hnte?format=json").content for _ in "ab")
    assert first == second
    body = json.loads(first)
    assert (body["rule"], body["edition"], body["outlook"]) == ("hnte", "2016-01-01", "需评审")
    assert body["facts"]["revenue-1"] == 46_800_000
    changed = json.loads(client.get(f"/enterprises/{firm.pk}/rules/hnte?format=json&if_staff-1=1000").content)
    assert (changed["changed"], changed["passed"]) == ({"staff-1": 1000}, False)


def test_a_kept_verdict_stays_as_it_was_whatever_is_stated_later(firm, enter, person, now):
    client = enter(person("officer"))
    answer = client.post(f"/enterprises/{firm.pk}/rules/hnte/keep")
    kept = Judgement.objects.get()
    assert answer["Location"] == f"/enterprises/verdicts/{kept.pk}"
    assert kept.facts["revenue-1"] == 46_800_000
    assert kept.trace["numbers"] == {"hnte.other_share": "1/5", "rnd.outsourced_counted": "4/5"}
    assert Entry.objects.filter(action="保存评价结论").count() == 1
    file_facts(firm, now, **GROWING | {"revenue": (1, 1, 1)})
    html = get(client, f"/enterprises/verdicts/{kept.pk}")[1]
    assert "5.27%" in html
    assert "4,680 万元" in html


def test_a_double_click_keeps_one(firm, enter, person):
    client = enter(person("officer"))
    for _ in range(2):
        assert client.post(f"/enterprises/{firm.pk}/rules/hnte/keep").status_code == 302
    assert Judgement.objects.count() == 1
    assert client.get(f"/enterprises/{firm.pk}/rules/hnte/keep").status_code == 405


def test_the_opinion_sheet_is_a_paper_that_says_what_the_page_says(firm, enter, person):
    client = enter(person("officer"))
    client.post(f"/enterprises/{firm.pk}/rules/hnte/keep")
    kept = Judgement.objects.get()
    word = client.get(f"/enterprises/verdicts/{kept.pk}.docx")
    text = ZipFile(io.BytesIO(word.content)).read("word/document.xml").decode()
    said = "需经专家评审或人工核定（评分 69–84 分，要求超过 70 分）"
    assert said in get(client, f"/enterprises/verdicts/{kept.pk}")[1]
    for piece in ("意见书", firm.name, firm.uscc, said, "近三年研发费用占销售收入比例", "评价编号"):
        assert piece in text
    assert client.get(f"/enterprises/verdicts/{kept.pk}.pdf").content.startswith(b"%PDF")
    trace = [client.get(f"/enterprises/verdicts/{kept.pk}.json").content for _ in "ab"]
    assert trace[0] == trace[1]


@pytest.mark.parametrize(
    ("outlook", "passed", "total", "signed"),
    [
        ("必不过", False, (False, "24–35 分"), "不符合（评分 24–35 分，取最高分也达不到超过 70 分的要求）"),
        ("必不过", False, (None, "69–84 分"), "不符合"),
        ("必不过", False, (False, "35 分"), "不符合（评分 35 分，要求超过 70 分）"),
        ("必过", True, (True, "73–87 分"), "符合（评分 73–87 分，取最低分也满足超过 70 分的要求）"),
        ("资料不足", None, (None, "0–84 分"), "资料不足"),
    ],
)
def test_an_opinion_is_signed_in_words_of_the_law(outlook, passed, total, signed):
    score = {"key": "score", "passed": total[0], "found": total[1], "need": "超过 70 分", "parts": []}
    kept = Judgement(rule="hnte", passed=passed, trace={"outlook": outlook, "checks": [score]})
    assert conclusion_of(kept) == signed


def test_each_role_sees_its_own_firms_and_no_others(firm, enter, person, make_party, now):
    other = make_party(region="341503")
    for who in (person("enterprise", party=firm), person("county", region="341502"), person("inspector")):
        client = enter(who)
        assert client.get(f"/enterprises/{firm.pk}/rules/hnte").status_code == 200
        assert "保存结论" not in client.get(f"/enterprises/{other.pk}/rules").content.decode()
    assert enter(person("enterprise", party=firm)).get(f"/enterprises/{other.pk}/rules/hnte").status_code == 404
    assert enter(person("county", region="341502")).get(f"/enterprises/{other.pk}/rules").status_code == 404
    assert enter(person("expert")).get(f"/enterprises/{firm.pk}/rules/hnte").status_code == 403


def test_the_firm_sees_the_truth_but_the_bureau_keeps_it(firm, enter, person):
    client = enter(person("enterprise", party=firm))
    html = get(client, f"/enterprises/{firm.pk}/rules/hnte")[1]
    assert "需评审" in html
    assert "保存结论" not in html
    assert client.post(f"/enterprises/{firm.pk}/rules/hnte/keep").status_code == 403
    inspector = enter(person("inspector"))
    assert inspector.post(f"/enterprises/{firm.pk}/rules/hnte/keep").status_code == 403
    elsewhere = enter(person("county", region="341503"))
    assert elsewhere.post(f"/enterprises/{firm.pk}/rules/hnte/keep").status_code == 404


def test_before_a_rule_was_in_force_the_page_says_so(firm, enter, person):
    answer = enter(person("officer")).get(f"/enterprises/{firm.pk}/rules/srdi?on=2020-01-01")
    assert answer.status_code == 404
    assert "在2020年1月1日尚未施行" in answer.content.decode()


def test_what_is_missing_of_several_years_takes_one_line():
    missing = ["2021年研发费用", "所属技术领域", "2023年研发费用", "2022年研发费用"]
    assert by_year(missing) == ["研发费用（2021、2022、2023年）", "所属技术领域"]


def test_another_day_is_judged_by_its_own_edition_and_its_own_years(firm, enter, person):
    html = get(enter(person("officer")), f"/enterprises/{firm.pk}/rules/srdi?on=2026-05-01")[1]
    assert "工信部企业〔2026〕2号" in html
    assert "2025年销售（营业）收入" in html
    assert get(enter(person("officer")), f"/enterprises/{firm.pk}/rules/srdi?on=不是日期")[0] == 200


def test_each_fact_says_where_it_comes_from(firm, enter, person, now, make_party):
    county = person("county", region="341502")
    state_facts([Said(firm, "staff", 61, 2023)], actor=county.actor(date(2024, 11, 12)), at=now)
    html = get(enter(person("officer")), f"/enterprises/{firm.pk}/rules/hnte")[1]
    assert "来源不一致" in html
    assert "待核实" in html
    confirm(firm.statements.filter(name="revenue"), actor=SYSTEM, at=now)
    assert "已核实" in get(enter(person("officer")), f"/enterprises/{firm.pk}/rules/hnte")[1]


def test_the_old_address_leads_to_the_new_page(firm, enter, person):
    answer = enter(person("officer")).get(f"/enterprises/{firm.pk}/tech-sme")
    assert (answer.status_code, answer["Location"]) == (301, f"/enterprises/{firm.pk}/rules/tech_sme")
    assert enter(person("officer")).get(f"/enterprises/{firm.pk}/rules/nothing").status_code == 404
