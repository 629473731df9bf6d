"""The register: a county reports, somebody else confirms; figures count what stands on the day."""

from __future__ import annotations

from datetime import date

import pytest

from keji.kernel.indicators.indicator import catalogue, get, suggest
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.kernel.rules.models import ParameterValue
from keji.lib.figures import Period
from keji.modules.platforms.models import Platform, PlatformYear
from keji.modules.platforms.register.forms import PlatformForm, PlatformYearForm
from keji.modules.platforms.register.services import report_platforms, report_years
from tests.modules.enterprises.conftest import workbook
from tests.modules.platforms.telling import platform_row, standing

pytestmark = pytest.mark.django_db
NOVEMBER = Period.month(2024, 11)
HEADERS = (
    *("依托单位统一社会信用代码", "平台类型", "级别", "平台名称", "技术领域"),
    *("认定（备案）日期", "有效期至", "认定机关", "认定文号"),
)


def ids(code, period=NOVEMBER):
    return set(get(code).records(period).values_list("pk", flat=True))


def test_a_county_reports_and_somebody_else_confirms(person, actor_for, make_party, now):
    county, officer = actor_for(person("county", region="341502")), actor_for(person("officer"))
    made = report_platforms([platform_row(make_party())], actor=county, at=now, source="page")[0]
    assert (made.state, made.source, made.region_id) == ("reported", "county", "341502")
    assert take("confirm", made, actor=officer, at=now).state == "confirmed"
    own = report_platforms([platform_row(make_party())], actor=officer, at=now, source="page")[0]
    with pytest.raises(Refused, match="两个人"):
        take("confirm", own, actor=officer, at=now)


def test_the_same_name_at_the_same_level_is_registered_once(person, actor_for, make_party, now):
    party = make_party()
    standing(party, now)
    officer = actor_for(person("officer"))
    row = {**platform_row(party), "party": party.uscc, "recognised_on": "2023-05-08"}
    form = PlatformForm(row, actor=officer)
    assert form.is_valid(), form.errors
    found = PlatformForm.check_many([form.cleaned_data], officer)
    assert "已登记过这个平台" in found[0][0][1]
    higher = PlatformForm({**row, "level": "provincial"}, actor=officer)
    assert higher.is_valid()
    assert PlatformForm.check_many([higher.cleaned_data], officer) == {}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"recognised_on": "2025-01-01"}, "在今天之后"),
        ({"recognised_on": "1980-01-01"}, "早于 1990 年"),
        ({"valid_until": "2020-01-01"}, "有效期早于认定日期"),
    ],
)
def test_dates_that_cannot_be_are_told(changes, sentence, person, actor_for, make_party):
    party = make_party()
    row = {**platform_row(party), "party": party.uscc, "recognised_on": "2023-05-08"} | changes
    form = PlatformForm(row, actor=actor_for(person("officer")))
    assert not form.is_valid()
    assert sentence in str(form.errors)


def test_a_sheet_of_platforms_is_all_or_nothing(person, enter, make_party):
    client, good = enter(person("county", region="341502")), make_party()
    far = make_party(region="341525")
    line = ("企业研发中心", "省级", "某某研发中心", "", date(2024, 3, 1), None, "省科技厅", "")
    other = ("企业研发中心", "省级", "另一研发中心", "", date(2024, 3, 1), None, "省科技厅", "")
    from django.core.files.uploadedfile import SimpleUploadedFile

    def send(*rows):
        file = SimpleUploadedFile("平台.xlsx", workbook(HEADERS, rows))
        return client.get(client.post("/d/platforms/upload", {"file": file}).url).content.decode()

    assert "不在您的管理范围内" in send((good.uscc, *line), (far.uscc, *other))
    assert Platform.objects.count() == 0
    send((good.uscc, *line))
    assert Platform.objects.get().region_id == "341502"


def test_new_platforms_count_by_level_and_day_and_incubators_apart(make_party, now):
    province = standing(make_party(), now, level="provincial", recognised_on=date(2024, 3, 1))
    standing(make_party(), now, level="city", recognised_on=date(2024, 3, 1))
    standing(make_party(), now, level="provincial", recognised_on=date(2023, 12, 31))
    incubator = standing(make_party(), now, kind="incubator", level="provincial", recognised_on=date(2024, 8, 9))
    late = standing(make_party(), now, level="provincial", recognised_on=date(2024, 11, 30))
    assert ids("platform_new") == {province.pk, late.pk}
    assert ids("platform_new", Period.month(2024, 2)) == set()
    assert ids("provincial_incubator_new") == {incubator.pk}
    assert ids("platform_stock") == set(Platform.objects.values_list("pk", flat=True))
    assert len(ids("provincial_platform_stock")) == 4
    assert len(ids("city_rnd_centre_stock")) == 1


def test_the_bureau_may_count_city_level_too_by_a_dated_number(make_party, now):
    city = standing(make_party(), now, recognised_on=date(2024, 3, 1))
    assert city.pk not in ids("platform_new")
    rows = ParameterValue.objects.filter(name="platform.counted_level")
    ParameterValue.objects.create(
        name="platform.counted_level", label="x", value=3, from_on=date(2024, 6, 1), cites="x", state="in_force"
    )
    assert rows.count() == 2
    assert city.pk in ids("platform_new")
    assert city.pk not in ids("platform_new", Period.month(2024, 4))


def test_what_was_withdrawn_or_has_run_out_stands_no_more(make_party, now):
    gone = standing(make_party(), now, recognised_on=date(2022, 1, 5))
    over = standing(make_party(), now, recognised_on=date(2021, 1, 5), valid_until=date(2024, 11, 29))
    last_day = standing(make_party(), now, recognised_on=date(2021, 1, 5), valid_until=date(2024, 11, 30))
    take("withdraw", gone, actor=Actor.system(), at=now, reason="停产")
    assert ids("platform_stock") == {last_day.pk}
    why = get("platform_stock").why_left([gone.pk, over.pk], NOVEMBER)
    assert why == {gone.pk: "撤销", over.pk: "到期"}
    assert get("platform_stock").lapsing(NOVEMBER, date(2024, 12, 31)) == {"341502": 1}


def test_the_plan_s_words_lead_to_these_indicators():
    assert suggest("新增科技创新平台")[0].code == "platform_new"
    assert suggest("新增各类科创平台")[0].code == "platform_new"
    assert suggest("省科技企业孵化器")[0].code == "provincial_incubator_new"
    assert "待核" in catalogue()["platform_new"].caliber()


def test_a_host_files_its_year_and_its_county_confirms(person, actor_for, make_party, now):
    party = make_party()
    platform = standing(party, now)
    host, county = actor_for(person("enterprise", party=party)), actor_for(person("county", region="341502"))
    form = PlatformYearForm({"platform": platform.number.lower(), "year": 2023, "rnd_spend": "120.5"}, actor=host)
    assert form.is_valid(), form.errors
    made = report_years([form.cleaned_data], actor=host, at=now, source="page")[0]
    assert (made.source, made.party_id, made.staff) == ("party", party.pk, None)
    assert take("confirm", made, actor=county, at=now).state == "confirmed"
    again = PlatformYearForm.check_many([form.cleaned_data], host)
    assert "2023 年度已经填过" in again[0][0][1]


def test_a_host_files_nothing_for_another_s_platform(person, actor_for, make_party, now):
    other = standing(make_party(), now)
    host = actor_for(person("enterprise", party=make_party()))
    form = PlatformYearForm({"platform": other.number, "year": 2023, "staff": 3}, actor=host)
    assert not form.is_valid()
    assert "不在您的管理范围内" in str(form.errors)


def test_an_empty_year_is_not_a_report(person, actor_for, make_party, now):
    platform = standing(make_party(), now)
    form = PlatformYearForm({"platform": platform.number, "year": 2023}, actor=actor_for(person("officer")))
    assert not form.is_valid()
    assert "一个数都没有填" in str(form.errors)
    assert PlatformYear.objects.count() == 0


def test_the_overview_s_figures_open_to_as_many_platforms(person, enter, make_party, now):
    for _ in range(3):
        standing(make_party(), now)
    standing(make_party(region="341525"), now, kind="key_laboratory", level="provincial")
    expired = standing(make_party(), now, recognised_on=date(2020, 1, 5), valid_until=date(2024, 1, 4))
    client = enter(person("officer"))
    html = client.get("/platforms/overview").content.decode()
    assert "kind=enterprise_rnd_centre&amp;level=city" in html
    listed = client.get("/platforms/standing?kind=enterprise_rnd_centre&level=city").content.decode()
    assert "3 家" in listed
    assert expired.name not in listed
    assert "1 家" in client.get("/platforms/standing?region=341525").content.decode()
    county = enter(person("county", region="341525"))
    assert "1 家" in county.get("/platforms/standing").content.decode()
