"""The pages of incubation as each role meets them, sheets included."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from keji.kernel.jobs.models import Job
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import take
from keji.modules.platforms.incubators.services.board import board, totals
from keji.modules.platforms.incubators.services.data import add_visits
from keji.modules.platforms.incubators.services.houses import houses
from keji.modules.platforms.incubators.views import PER_PAGE
from keji.modules.platforms.models import FacilityFacts, RosterConfirmation, Tenant, TenantYear
from tests.modules.platforms.incubators.conftest import ON

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


# --- boards ----------------------------------------------------------------------------------------------------------


def test_the_board_puts_houses_side_by_side(make_house, settle, know, graduate, person, enter):
    first, second = make_house("甲孵化器", level="provincial"), make_house("乙孵化器")
    know(first, type="general", site_area=4000, public_area=2800)
    settle(3, where=first)
    settle(1, where=first, entered_on=date(2020, 10, 1), established_on=date(2020, 1, 1))
    graduate(settle(1, where=second))
    page = text(enter(person("leader")).get("/platforms/incubators"))
    assert page.index("甲孵化器") < page.index("乙孵化器")  # the higher level first
    assert "80.0%" in page  # 2,800 public and 400 of tenants on 4,000 ㎡
    assert "谁差哪一条：省级科技企业孵化器" in page
    assert "不满足" in page and "资料不足" in page


def test_an_empty_board_says_what_to_do(person, enter):
    assert "登记并确认孵化器或众创空间后" in text(enter(person("officer")).get("/platforms/incubators"))


def test_a_county_sees_its_own_houses(make_house, person, enter, actor_for):
    make_house("甲孵化器", region="341502")
    other = make_house("乙孵化器", region="341503")
    clerk = person("county", region="341502")
    assert [h.name for h in houses(actor_for(clerk), ON, "incubator")] == ["甲孵化器"]
    assert enter(clerk).get(f"/platforms/incubators/{other.pk}").status_code == 404


def test_a_house_that_rose_is_one_house_with_its_tenants(house, make_house, settle, person, enter):
    settle(2)
    second = make_house(house.name, party=house.party, level="provincial")
    client = enter(person("officer"))
    assert len(client.get("/platforms/incubators").context["rows"]) == 1
    page = client.get(f"/platforms/incubators/{second.pk}")
    assert "省级科技企业孵化器 ·" in text(page)
    assert len(page.context["rows"]) == 2


def test_a_house_whose_first_title_ran_out_keeps_its_tenants(house, make_house, settle, person, actor_for):
    settle(2)
    make_house(house.name, party=house.party, level="provincial")
    type(house).objects.filter(pk=house.pk).update(valid_until=date(2023, 1, 1))
    (found,) = board(houses(actor_for(person("officer")), ON, "incubator"), ON)
    assert (found.platform.pk, found.facts["tenants"]) == (house.pk, 2)


def test_the_boards_totals_are_the_sums_of_its_houses(make_house, settle, graduate):
    first, second = make_house("甲孵化器"), make_house("乙孵化器")
    settle(3, where=first)
    settle(1, where=first, firm=None, name="光子团队", established_on=None)
    settle(2, where=second, entered_on=date(2020, 10, 1), established_on=date(2020, 1, 1))
    settle(1, where=second, confirm=False)
    graduate(settle(2, where=second))
    found = board([first, second], ON)
    summed = {name: sum(h.facts[name] for h in found) for name in totals([], ON)}
    assert totals([first, second], ON) == summed
    assert all(summed.values()), "every figure is tried"


def test_many_houses_are_shown_a_page_at_a_time(house, make_house, settle, person, enter):
    settle(1)
    for n in range(PER_PAGE):
        settle(1, where=make_house(f"{n:02d}号孵化器"))
    client = enter(person("officer"))
    first, last = (client.get(f"/platforms/incubators?page={n}&level=national") for n in (1, 2))
    assert [len(r.context["rows"]) for r in (first, last)] == [PER_PAGE, 1]
    assert [len(r.context["matrix"]["rows"]) for r in (first, last)] == [PER_PAGE, 1]
    stats = {s["label"]: s["value"] for s in last.context["stats"]}
    assert (stats["载体"], stats["在孵企业"]) == (PER_PAGE + 1, PER_PAGE + 1), "figures are of all houses"
    assert "图和条件表是本页的载体" in text(last)


def test_every_figure_opens_the_list_it_counts(house, settle, tell, fund, graduate, person, enter):
    firms = settle(4)
    fund(firms[:1], 600)
    tell(firms[:2], 2023, revenue=Decimal(100))
    graduate(settle(2))
    settle(1, firm=None, name="光子团队", established_on=None)
    settle(1, confirm=False)
    settle(1, entered_on=date(2020, 10, 1), established_on=date(2020, 1, 1))
    client = enter(person("officer"))
    for show, many in (
        ("tenants", 4),
        ("overdue", 1),
        ("ready", 1),
        ("teams", 1),
        ("silent", 3),
        ("funded", 1),
        ("graduates", 2),
        ("waiting", 1),
    ):
        for address in (f"/platforms/incubators/{house.pk}?show={show}", f"/platforms/incubators/tenants?show={show}"):
            response = client.get(address)
            assert len(response.context["rows"]) == many, (address, show)


def test_the_page_of_a_house_says_what_is_missing_and_by_how_much(house, settle, know, person, enter):
    know(type="general", legal_person=True, site_area=9000, public_area=100, fund=450)
    settle(2)
    page = text(enter(person("officer")).get(f"/platforms/incubators/{house.pk}"))
    assert "可自主支配场地面积：差 1,000 ㎡" in page
    assert "种子（孵化）资金规模：差 50 万元" in page
    assert "在孵企业：差 48 家" in page
    assert "离国家级科技企业孵化器还差什么" in page


# --- the operator ----------------------------------------------------------------------------------------------------


def test_the_operator_sees_what_to_do_today(house, settle, graduate, person, enter, now):
    graduate(settle(1), on=date(2023, 6, 1))
    settle(1, entered_on=date(2020, 10, 1), established_on=date(2020, 1, 1))
    (returned,) = settle(1, confirm=False)
    take("send_back", returned, actor=SYSTEM, at=now, reason="面积不符")
    page = text(enter(person("enterprise", party=house.party)).get("/platforms/incubators/mine"))
    for task in (
        "1 家入驻登记被退回",
        "1 家超过孵化时限",
        "2024年三季度在孵名单还没有确认",
        "1 家还没有填2023年的年度数据",
        "还没有填场地与服务情况",
        "1 家毕业企业今年还没有回访",
    ):
        assert task in page, task


def test_a_tenant_sees_its_own_clock_and_what_graduating_takes(settle, tell, person, enter):
    (tenant,) = settle()
    tell([tenant], 2022, revenue=Decimal(400))
    tell([tenant], 2023, revenue=Decimal(300))
    client = enter(person("enterprise", party=tenant.firm))
    page = text(client.get("/platforms/incubators/mine"))
    assert "已孵 22 个月，还有 25 个月" in page
    assert "差 300 万元" in page
    assert "差 300 万元" in text(client.get(f"/d/tenants/{tenant.pk}"))
    assert client.get("/d/tenants/new").status_code == 403  # it runs no house
    assert client.get(f"/platforms/incubators/{tenant.incubator_id}").status_code == 404


def test_a_firm_with_neither_is_told_so(make_party, person, enter):
    page = text(enter(person("enterprise", party=make_party())).get("/platforms/incubators/mine"))
    assert "本单位没有运营孵化载体" in page


def test_confirming_the_list_twice_is_told_not_done(house, settle, person, enter):
    settle(2)
    client = enter(person("enterprise", party=house.party))
    for words in ("已确认2024年三季度在孵名单，共 2 家", "名单已经确认过"):
        response = client.post(f"/platforms/incubators/{house.pk}/roster", follow=True)
        assert words in text(response)
    assert RosterConfirmation.objects.count() == 1
    assert client.get(f"/platforms/incubators/{house.pk}/roster").status_code == 405


def test_a_leader_does_not_confirm_lists_and_strangers_do_not_see_them(house, make_house, person, enter):
    assert enter(person("leader")).post(f"/platforms/incubators/{house.pk}/roster").status_code == 403
    stranger = person("enterprise", party=make_house("别家").party)
    assert enter(stranger).post(f"/platforms/incubators/{house.pk}/roster").status_code == 404


# --- graduates -------------------------------------------------------------------------------------------------------


def test_graduates_not_visited_this_year_are_listed(settle, graduate, person, enter, now):
    seen, waiting = graduate(settle(2), on=date(2023, 5, 1))
    graduate(settle(1), on=date(2024, 5, 1))  # left this year: nothing to ask yet
    row = {"tenant": seen, "visited_on": date(2024, 4, 1), "in_city": False, "hnte": True, "note": "已迁往合肥"}
    add_visits([row], actor=SYSTEM, at=now, source="page")
    client = enter(person("officer"))
    page = client.get("/platforms/graduates")
    assert [r["cells"][0]["value"] for r in page.context["rows"]] == [waiting.name]
    assert len(client.get("/platforms/graduates?show=all").context["rows"]) == 3
    assert [s["value"] for s in page.context["stats"]] == [3, 1, 1, 1]


def test_a_visit_needs_a_graduate_and_a_day_after_it_left(settle, graduate, person, enter):
    (gone,) = graduate(settle(1), on=date(2024, 5, 1))
    (inside,) = settle(1)
    client = enter(person("officer"))
    page = client.post(
        "/d/graduate-visits/new", {"tenant": gone.number, "visited_on": "2024-04-30", "note": "来访"}
    ).content.decode()
    assert "2024年5月1日才毕业" in page
    page = client.post(
        "/d/graduate-visits/new", {"tenant": inside.number, "visited_on": "2024-10-30", "note": "来访"}
    ).content.decode()
    assert "没有编号、统一社会信用代码或名称为" in page


# --- sheets and forms ------------------------------------------------------------------------------------------------


def workbook(headers, rows):
    book = openpyxl.Workbook()
    book.active.append(list(headers))
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    out.name = "入驻.xlsx"
    out.seek(0)
    return out


HEADERS = (
    *(
        "载体",
        "统一社会信用代码",
        "企业（团队）名称",
        "技术领域",
        "成立日期",
        "入驻日期",
        "使用面积（㎡）",
        "使用工位（个）",
    ),
    *("注册地和主要研发、办公场所均在本载体", "从事新技术、新产品研发生产和服务"),
)


def test_a_sheet_of_entries_is_checked_row_by_row_and_written_whole(house, make_party, person, enter):
    young = make_party("六安青苗科技有限公司", established_on=date(2023, 6, 1))
    old = make_party("六安老树科技有限公司", established_on=date(2015, 6, 1))
    client = enter(person("enterprise", party=house.party))
    good = (house.name, young.uscc, "", "电子信息", "", "2024-03-01", 120, "", "是", "是")
    bad = (house.name, old.uscc, "", "新材料", "", "2024-03-01", 90, "", "是", "是")
    team = (house.name, "", "光子团队", "电子信息", "", "2024-05-01", 20, 2, "", "是")
    client.post("/d/tenants/upload", {"file": workbook(HEADERS, [good, bad, team])})
    job = Job.objects.latest("pk")
    assert job.result["problem_rows"] == 1
    assert "入驻时已超过24个月" in str(job.result["problems"])
    assert not Tenant.objects.exists()
    client.post("/d/tenants/upload", {"file": workbook(HEADERS, [good, team])})
    assert sorted(Tenant.objects.values_list("name", "state", "source")) == [
        ("光子团队", "reported", "import"),
        ("六安青苗科技有限公司", "reported", "import"),
    ]


def test_one_firm_twice_in_a_sheet_is_seen(make_house, make_party, person, enter):
    host = make_party("运营公司")
    first, second = make_house("甲孵化器", party=host), make_house("乙孵化器", party=host)
    firm = make_party(established_on=date(2023, 6, 1))
    row = (firm.uscc, "", "电子信息", "", "2024-03-01", 120, "", "是", "是")
    client = enter(person("enterprise", party=host))
    client.post("/d/tenants/upload", {"file": workbook(HEADERS, [(first.name, *row), (second.name, *row)])})
    assert "本表前面的行" in str(Job.objects.latest("pk").result["problems"])


def test_yearly_data_come_in_by_sheet_named_by_number_code_or_name(settle, house, person, enter):
    by_number, by_code, by_name = settle(3)
    headers = ("在孵企业", "年度", "营业收入（万元）", "佐证材料")
    rows = [(t, 2023, 120, "审计报告") for t in (by_number.number, by_code.firm.uscc, by_name.name)]
    client = enter(person("enterprise", party=house.party))
    client.post("/d/tenant-years/upload", {"file": workbook(headers, rows)})
    assert TenantYear.objects.filter(year=2023, revenue=120, rnd_expense=None).count() == 3
    client.post("/d/tenant-years/upload", {"file": workbook(headers, rows[:1])})
    assert "已有2023年的数据" in str(Job.objects.latest("pk").result["problems"])


def test_facts_that_contradict_each_other_are_refused(house, person, enter):
    client = enter(person("enterprise", party=house.party))
    said = {"incubator": house.pk, "as_of": "2024-10-01", "staff": "5", "professional_staff": "6", "evidence": "名册"}
    page = client.post("/d/facility-facts/new", said).content.decode()
    assert "其中：专业孵化服务人员（人） 6 大于孵化管理人员（人） 5" in page
    said |= {"professional_staff": "4", "type": "special"}
    assert "专业孵化器要选择专业方向" in client.post("/d/facility-facts/new", said).content.decode()
    said |= {"type": "general"}
    assert client.post("/d/facility-facts/new", said).status_code == 302
    assert "请在那一条上修改" in client.post("/d/facility-facts/new", said).content.decode()
    assert FacilityFacts.objects.count() == 1


def test_money_of_nothing_or_of_tomorrow_is_refused(settle, house, person, enter):
    (tenant,) = settle()
    client = enter(person("enterprise", party=house.party))
    said = {"tenant": tenant.number, "on": "2024-11-13", "kind": "angel", "amount": "0", "investor": "某基金"}
    page = client.post("/d/financings/new", said | {"evidence": "协议"}).content.decode()
    assert "在今天之后" in page and "金额要大于零" in page


def test_the_step_asks_for_the_day_and_the_evidence(settle, fund, house, person, enter):
    (tenant,) = settle()
    client = enter(person("enterprise", party=house.party))
    page = text(client.get(f"/d/tenants/{tenant.pk}"))
    assert "四项毕业条件都还不满足" in page
    fund([tenant], 501)
    at = f"/d/tenants/{tenant.pk}/step/propose_graduation"
    assert "佐证材料" in text(client.post(at, {"left_on": "2024-11-01"}, follow=True))
    client.post(at, {"left_on": "2024-11-01", "evidence": "投资协议"})
    tenant.refresh_from_db()
    assert (tenant.state, tenant.graduating_on) == ("graduating", date(2024, 11, 1))


def test_who_runs_a_house_begins_with_its_day(house, settle, make_party, person, enter):
    settle(1)
    assert "今天办" in text(enter(person("enterprise", party=house.party)).get("/"))
    assert "科技型中小企业评价" in text(enter(person("enterprise", party=make_party())).get("/"))


def test_the_list_filters_by_houses_and_by_no_other_platform(house, make_house, settle, person, enter):
    make_house("某重点实验室", kind="key_laboratory")
    settle(1)
    client = enter(person("officer"))
    for desk in ("tenants", "facility-facts", "financings", "tenant-years"):
        page = text(client.get(f"/d/{desk}/"))
        assert house.name in page and "某重点实验室" not in page, desk
