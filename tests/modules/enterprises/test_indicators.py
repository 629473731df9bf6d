"""The figures are counted from the very records, and every change has its reason."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from keji.kernel.indicators.freeze import freeze, live, members_of
from keji.kernel.indicators.indicator import catalogue, suggest
from keji.kernel.indicators.models import Reading
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import take
from keji.lib.figures import Period
from keji.modules.enterprises.indicators import HnteNew, HnteStock, TechSmeListed, TechSmeStock

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
OCTOBER, NOVEMBER, DECEMBER = Period.month(2024, 10), Period.month(2024, 11), Period.month(2024, 12)


def at(*parts: int) -> datetime:
    return timezone.make_aware(datetime(*parts))


def ids(indicator, period) -> set[int]:
    return {pk for keys in indicator().members(period).values() for pk in keys}


def change(indicator, before: Period, after: Period) -> tuple[dict[int, str], dict[int, str]]:
    """(why entered, why left) between two live periods."""
    old, new = ids(indicator, before), ids(indicator, after)
    return indicator().why_entered(new - old, after), indicator().why_left(old - new, after)


def test_a_certificate_counts_from_its_first_to_its_last_day(confirmed):
    record = confirmed("hnte", date(2021, 11, 30))
    assert record.valid_until == date(2024, 11, 29)
    assert record.pk in ids(HnteStock, OCTOBER)
    assert record.pk not in ids(HnteStock, NOVEMBER)
    assert change(HnteStock, OCTOBER, NOVEMBER) == ({}, {record.pk: "到期"})


def test_what_is_not_confirmed_does_not_count(report):
    report("hnte", date(2024, 10, 8))
    assert ids(HnteStock, OCTOBER) == set()


def test_a_revoked_certificate_counts_up_to_its_revocation(confirmed):
    record = confirmed("hnte", date(2023, 10, 8))
    take("revoke", record, actor=SYSTEM, at=at(2024, 11, 12, 9), reason="取消资格", revoked_on=date(2024, 11, 3))
    assert record.pk in ids(HnteStock, OCTOBER)
    assert change(HnteStock, OCTOBER, NOVEMBER) == ({}, {record.pk: "撤销"})


def test_first_time_renewed_late_and_corrected_are_told_apart(confirmed, make_party):
    again = make_party()
    old = confirmed("hnte", date(2021, 9, 18), party=again, at=at(2021, 10, 8))
    first = confirmed("hnte", date(2024, 11, 6), at=at(2024, 11, 8))
    renewed = confirmed("hnte", date(2024, 11, 6), party=again, at=at(2024, 11, 8))
    late = confirmed("hnte", date(2024, 9, 20), at=at(2024, 11, 9))
    fixed = confirmed("hnte", date(2024, 9, 20), at=at(2024, 10, 9))
    why = HnteStock().why_entered([first.pk, renewed.pk, late.pk, fixed.pk], NOVEMBER)
    assert why == {first.pk: "新增", renewed.pk: "复审", late.pk: "迟报", fixed.pk: "更正"}
    assert ids(HnteNew, NOVEMBER) == {first.pk, late.pk, fixed.pk}
    assert old.pk not in ids(HnteStock, NOVEMBER)


def test_a_record_reported_anew_after_a_void_is_a_correction(confirmed, make_party):
    party = make_party()
    wrong = confirmed("hnte", date(2024, 9, 20), party=party, at=at(2024, 10, 8))
    take("void", wrong, actor=SYSTEM, at=at(2024, 11, 5, 9), reason="证书编号抄错")
    right = confirmed("hnte", date(2024, 9, 20), party=party, at=at(2024, 11, 6))
    assert HnteStock().why_left([wrong.pk], NOVEMBER) == {wrong.pk: "更正"}
    assert HnteStock().why_entered([right.pk], NOVEMBER) == {right.pk: "更正"}


def test_a_firm_renewed_early_counts_once(confirmed, make_party):
    party = make_party()
    old = confirmed("hnte", date(2021, 12, 20), party=party)
    new = confirmed("hnte", date(2024, 11, 6), party=party)
    assert ids(HnteStock, OCTOBER) == {old.pk}
    assert ids(HnteStock, NOVEMBER) == {new.pk}
    assert change(HnteStock, OCTOBER, NOVEMBER) == ({new.pk: "复审"}, {old.pk: "换证"})


def test_the_stock_knows_what_will_lapse(confirmed):
    confirmed("hnte", date(2021, 12, 10), region="341502")
    confirmed("hnte", date(2022, 12, 10), region="341502")
    confirmed("hnte", date(2022, 1, 1), region="341503")
    assert HnteStock().lapsing(OCTOBER, date(2024, 12, 31)) == {"341502": 1}
    assert HnteStock().lapsing(OCTOBER, date(2025, 1, 1)) == {"341502": 1, "341503": 1}


def test_the_sme_register_starts_every_year_at_zero(confirmed):
    record = confirmed("tech_sme", date(2024, 8, 1))
    assert ids(TechSmeListed, DECEMBER) == ids(TechSmeStock, DECEMBER) == {record.pk}
    assert ids(TechSmeListed, Period.month(2025, 1)) == ids(TechSmeStock, Period.month(2025, 1)) == set()
    assert TechSmeListed().why_left([record.pk], Period.month(2025, 1)) == {record.pk: "跨年"}
    assert TechSmeStock().why_left([record.pk], Period.month(2025, 1)) == {record.pk: "到期"}
    assert TechSmeListed.opens_on == (6, 27)


def test_the_city_is_the_sum_of_its_parts_and_opens_to_the_records(confirmed):
    records = [confirmed("hnte", date(2024, 10, 8), region=r) for r in ("341502", "341502", "341500-KFQ")]
    readings = live(catalogue()["hnte_stock"], OCTOBER)
    assert {code: int(r.value) for code, r in readings.items() if r.value} == {
        "341500": 3,
        "341502": 2,
        "341500-KFQ": 1,
    }
    freeze(OCTOBER, actor=SYSTEM, at=at(2024, 11, 5), only=["hnte_stock"])
    city = Reading.objects.get(indicator="hnte_stock", region="341500", current=True)
    assert members_of(city) == sorted(r.pk for r in records)


def test_a_frozen_month_stays_and_a_late_report_shows_in_the_next(confirmed):
    confirmed("hnte", date(2024, 10, 8), at=at(2024, 10, 20))
    freeze(OCTOBER, actor=SYSTEM, at=at(2024, 11, 5), only=["hnte_stock"])
    late = confirmed("hnte", date(2024, 10, 25), at=at(2024, 11, 10))
    frozen = Reading.objects.get(indicator="hnte_stock", region="341502", period="2024-10")
    assert (frozen.value, late.pk in frozen.ids) == (1, False)
    new = ids(HnteStock, NOVEMBER) - set(frozen.ids)
    assert HnteStock().why_entered(new, NOVEMBER) == {late.pk: "迟报"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("高企总数", "hnte_stock"),
        ("高新技术企业总数", "hnte_stock"),
        ("评价入库科技型中小企业", "tech_sme_listed"),
        ("重新入库科技型中小企业", "tech_sme_listed"),
        ("全社会研发经费", "rd_growth"),
        ("全社会研发投入", "rd_growth"),
        ("财政科技支出占比", "fiscal_share"),
        ("规模以上高新技术产业增加值", "hightech_value_added_growth"),
        ("科技贷款", "tech_loan_growth"),
    ],
)
def test_a_plan_s_wording_finds_its_indicator(said, code):
    assert suggest(said)[0].code == code


def test_every_indicator_says_its_caliber():
    for code in ("hnte_stock", "hnte_new", "tech_sme_listed", "rd_growth", "fiscal_share", "tech_loan_growth"):
        assert len(catalogue()[code].caliber()) > 30
