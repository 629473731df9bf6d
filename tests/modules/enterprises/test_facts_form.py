"""A firm's file and its form: known things are confirmed with one tap, only the unknown is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from keji.kernel.documents.models import attachments_of
from keji.kernel.facts.models import FactFile, Filing, Statement
from keji.kernel.facts.services import Said, state_facts
from keji.kernel.people.roles import Actor
from keji.modules.enterprises.facts.asking import every_fact
from keji.modules.enterprises.facts.plausible import doubts

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def firm(make_party):
    return make_party("六安某科技有限公司", region="341502")


@pytest.fixture
def known(firm, person, actor_for, now):
    """The county has stated last year's sales and staff."""
    clerk = actor_for(person("county", "clerk", region="341502"))
    rows = [Said(firm, "revenue", 30_000_000, 2023), Said(firm, "staff", 60, 2023)]
    state_facts(rows, actor=clerk, at=now - timedelta(days=200))
    return clerk


def form_url(firm, purpose="tech_sme"):
    return f"/enterprises/{firm.pk}/facts/form?year=2024&for={purpose}"


def live(firm, name, origin="party"):
    return Statement.objects.filter(party=firm, name=name, origin=origin, state="stated").first()


def test_the_form_shows_who_said_what_and_asks_only_for_the_rest(firm, known, person, enter):
    html = enter(person("enterprise", party=firm)).get(form_url(firm)).content.decode()
    assert "3,000 万元" in html
    assert "来自县区填报，2024年4月26日" in html
    assert "对，确认无误" in html
    assert 'name="v-assets-1"' in html
    assert "持有有效期内的高新技术企业证书" not in html  # the register knows: nobody is asked
    assert "技术的先进程度" not in html  # for experts
    assert "已有 2 项不用再填" in html


def test_a_unit_is_never_asked_what_only_the_records_of_an_incubator_can_tell(firm, person, enter):
    client = enter(person("enterprise", party=firm))
    form = client.get(f"/enterprises/{firm.pk}/facts/form?year=2024").content.decode()
    page = client.get(f"/enterprises/{firm.pk}/facts").content.decode()
    for html in (form, page):
        assert "创业导师" not in html
        assert "国家级科技企业孵化器" not in html  # no purpose one could fill in for
        assert "在孵企业毕业" not in html
    assert "house_mentors" not in {name for name, _ in every_fact()}


def test_one_tap_says_it_in_ones_own_name(firm, known, person, enter):
    client = enter(person("enterprise", party=firm))
    answer = client.post(form_url(firm), {"ok-revenue-1": "1", "was-revenue-1": "30000000"}, follow=True)
    assert "确认 1 项" in answer.content.decode()
    assert live(firm, "revenue").value == 30_000_000
    assert FactFile.objects.get(party=firm, year=2023).values["revenue"] == 30_000_000
    filing = Filing.objects.get(party=firm)
    assert (filing.known, filing.agreed, filing.stated, filing.purpose) == (2, 1, 0, "tech_sme")


def test_everything_known_can_be_confirmed_at_once(firm, known, person, enter):
    client = enter(person("enterprise", party=firm))
    client.post(form_url(firm), {"agree_all": "1"})
    assert Statement.objects.filter(party=firm, origin="party").count() == 2


def test_money_is_read_in_the_unit_chosen_and_never_guessed(firm, person, enter):
    client = enter(person("enterprise", party=firm))
    answer = client.post(form_url(firm), {"v-assets-1": "1200"})
    assert answer.status_code == 422
    assert "请先在页首选择金额单位" in answer.content.decode()
    assert 'value="1200"' in answer.content.decode()  # nothing typed is lost
    assert client.post(form_url(firm), {"v-assets-1": "1200", "unit": "千元"}).status_code == 302
    assert live(firm, "assets").value == 1_200_000
    client.post(form_url(firm), {"v-assets-1": "1.5亿元", "unit": "万元"})
    assert live(firm, "assets").value == 150_000_000  # a unit written beside the number is read


def test_a_part_of_the_form_can_be_saved(firm, person, enter):
    client = enter(person("enterprise", party=firm))
    assert client.post(form_url(firm), {"v-resident": "1"}).status_code == 302
    assert FactFile.objects.get(party=firm, year=0).values == {"resident": 1}
    assert "没有填写任何一项" in client.post(form_url(firm), {}).content.decode()


def test_a_correction_that_differs_is_told_and_stays_open(firm, known, person, enter):
    client = enter(person("enterprise", party=firm))
    html = client.post(form_url(firm), {"v-staff-1": "66"}, follow=True).content.decode()
    assert "有 1 项与其他来源不同" in html
    assert FactFile.objects.get(party=firm, year=2023).unsettled == ["staff"]


def test_what_cannot_be_is_refused_and_what_is_odd_is_asked(firm, known, person, enter):
    client = enter(person("enterprise", party=firm))
    html = client.post(form_url(firm), {"v-rnd_staff-1": "61"}).content.decode()
    assert "2023年在职科技人员数 61 人，多于在职职工数 60 人" in html
    odd = {"v-revenue-2": "30", "unit": "元"}
    url = form_url(firm, "hnte")
    html = client.post(url, odd).content.decode()
    assert "是不是单位填错了" in html
    assert not live(firm, "revenue")
    html = client.post(url, odd | {"why-revenue.2023-revenue.2022": "上年刚开业"}, follow=True).content.decode()
    assert "已保存" in html
    assert "说明：上年刚开业" in live(firm, "revenue").evidence


def test_a_page_left_open_does_not_confirm_what_changed_meanwhile(firm, known, person, enter, now):
    client = enter(person("enterprise", party=firm))
    state_facts([Said(firm, "revenue", 31_000_000, 2023)], actor=known, at=now)
    html = client.post(form_url(firm), {"ok-revenue-1": "1", "was-revenue-1": "30000000"}).content.decode()
    assert "在您打开页面以后有变动" in html
    assert not live(firm, "revenue")


def test_evidence_is_kept_and_seen_only_by_those_who_see_the_firm(firm, make_party, person, enter):
    client = enter(person("enterprise", party=firm))
    paper = SimpleUploadedFile("审计报告.pdf", b"%PDF-1.4 audit")
    client.post(form_url(firm), {"v-staff-1": "12", "evidence": "花名册", "files": paper})
    filing = Filing.objects.get()
    assert live(firm, "staff").evidence == "花名册"
    page = client.get(f"/enterprises/{firm.pk}/facts/staff").content.decode()
    assert "审计报告.pdf" in page
    url = f"/enterprises/filings/{filing.pk}/files/{attachments_of(filing).get().pk}"
    assert client.get(url).getvalue() == b"%PDF-1.4 audit"
    assert enter(person("enterprise", party=make_party("别家"))).get(url).status_code == 404


def test_a_firm_sees_its_own_file_only_and_an_inspector_writes_nothing(firm, make_party, person, enter):
    other = make_party("别家", region="341503")
    client = enter(person("enterprise", party=firm))
    assert client.get(f"/enterprises/{other.pk}/facts").status_code == 404
    assert client.get(f"/enterprises/{other.pk}/facts/form").status_code == 404
    assert client.get("/enterprises/facts/mine").url == f"/enterprises/{firm.pk}/facts"
    inspector = enter(person("inspector"))
    assert inspector.get(f"/enterprises/{firm.pk}/facts").status_code == 200
    assert inspector.get(f"/enterprises/{firm.pk}/facts/form").status_code == 403
    clerk = enter(person("county", region="341503"))
    assert clerk.get(f"/enterprises/{firm.pk}/facts").status_code == 404


def test_the_file_shows_source_state_and_differences(firm, known, person, enter, now):
    state_facts([Said(firm, "staff", 70, 2023)], actor=SYSTEM, at=now, origin="statistics")
    html = enter(person("officer")).get(f"/enterprises/{firm.pk}/facts").content.decode()
    assert 'id="revenue-1"' in html
    assert "县区填报：60 人" in html
    assert "统计数据：70 人" in html
    assert "有 2 项资料等待核实" in html


def test_sources_side_by_side_are_settled_with_a_reason(firm, known, person, enter, now):
    state_facts([Said(firm, "staff", 70, 2023, "B103表")], actor=SYSTEM, at=now, origin="statistics")
    client = enter(person("officer"))
    html = client.get("/enterprises/facts/conflicts").content.decode()
    assert "依据：B103表" in html
    chosen = Statement.objects.get(value=70)
    answer = client.post("/enterprises/facts/conflicts/settle", {"chosen": chosen.pk, "reason": ""}, follow=True)
    assert "请写明采用的理由" in answer.content.decode()
    answer = client.post("/enterprises/facts/conflicts/settle", {"chosen": chosen.pk, "reason": "年报"}, follow=True)
    assert "没有来源不一致的资料" in answer.content.decode()
    assert FactFile.objects.get(party=firm, year=2023).values["staff"] == 70
    assert "裁定采用" in client.get(f"/enterprises/{firm.pk}/facts/staff").content.decode()


def test_confirming_many_firms_covers_only_what_was_on_the_page(firm, make_party, person, enter, actor_for, now):
    own = actor_for(person("enterprise", party=firm))
    state_facts([Said(firm, "staff", 70, 2023)], actor=own, at=now)
    client = enter(person("county", region="341502"))
    assert "1 家企业填报的资料等待核实" in client.get("/todo").content.decode()
    shown = Statement.objects.latest("pk").pk
    state_facts([Said(firm, "assets", 70, 2023)], actor=own, at=now)
    client.post("/enterprises/facts/unchecked", {"ids": [firm.pk], "shown": shown})
    states = dict(Statement.objects.values_list("name", "state"))
    assert states == {"staff": "confirmed", "assets": "stated"}
    late = client.post("/enterprises/facts/unchecked", {"ids": [firm.pk], "shown": shown}, follow=True)
    assert "刚才已经核实或更正" in late.content.decode()  # somebody was quicker
    assert "没有勾选单位" in client.post("/enterprises/facts/unchecked", {}, follow=True).content.decode()


def test_negative_net_assets_are_a_note_not_a_mistake():
    found = doubts({("assets", 2023): 100, ("liabilities", 2023): 150})
    assert [(d.weight, "净资产为负" in d.sentence) for d in found] == [("note", True)]
    assert [d.weight for d in doubts({("net_profit", 2023): -5})] == []
    assert [d.weight for d in doubts({("revenue", 2023): -5})] == ["error"]


def test_huge_and_senseless_input_meets_a_sentence(firm, person, enter):
    client = enter(person("enterprise", party=firm))
    for typed in ("9" * 55, "一千", "1e9", "-", "12,34", "\0"):
        answer = client.post(form_url(firm), {"v-staff-1": typed, "unit": "元"})
        assert answer.status_code in (422,), typed
    assert not Statement.objects.exists()


def test_evidence_and_papers_are_kept_whole_or_refused(firm, known, person, enter):
    client = enter(person("enterprise", party=firm))
    html = client.post(form_url(firm), {"v-staff-1": "12", "evidence": "据" * 201}).content.decode()
    assert "依据最多 200 字，现有 201 字" in html and not live(firm, "staff")
    why = {"why-revenue.2023-revenue.2022": "因" * 120, "evidence": "据" * 100}
    html = client.post(form_url(firm, "hnte"), {"v-revenue-2": "30", "unit": "元"} | why).content.decode()
    assert "依据和各条说明合计最多 200 字，现有 224 字" in html and not live(firm, "revenue")
    papers = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4") for n in range(6)]
    html = client.post(form_url(firm), {"v-staff-1": "12", "files": papers}).content.decode()
    assert "一次最多上传 5 个佐证材料，现有 6 个" in html and not Filing.objects.exists()
