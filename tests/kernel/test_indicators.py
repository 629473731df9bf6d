"""Figures counted from records, frozen by month, superseded but never overwritten."""

from __future__ import annotations

from decimal import Decimal

import pytest

from keji.kernel.indicators.freeze import freeze, live, members_of
from keji.kernel.indicators.indicator import Counted, Kind, Reported, catalogue, indicator
from keji.kernel.indicators.models import Reading, ReportedFigure
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.lib.figures import Period

pytestmark = pytest.mark.django_db
OFFICER = Actor.system("科室")
MARCH = Period.month(2024, 3)


@pytest.fixture
def parties_indicator():
    known = dict(catalogue())

    @indicator
    class Parties(Counted):
        """单位数：建档单位。"""

        code, name, unit, kind = "test_parties", "建档单位数", "家", Kind.STOCK

        def records(self, period):
            return Party.objects.all()

    @indicator
    class Spending(Reported):
        """支出占比：部门填报。"""

        code, name, unit = "test_share", "财政支出占比", "%"

    yield catalogue()["test_parties"]
    catalogue().clear()
    catalogue().update(known)


def test_the_city_figure_is_the_sum_of_its_parts_and_opens_to_the_same_records(parties_indicator, make_party, now):
    made = [make_party(region=r) for r in ("341502", "341502", "341503")]
    freeze(MARCH, actor=OFFICER, at=now)
    readings = {r.region_id: r for r in Reading.objects.filter(indicator="test_parties")}
    assert readings["341500"].value == 3
    assert readings["341502"].value == 2
    assert readings["341525"].value == 0
    assert members_of(readings["341500"]) == sorted(p.pk for p in made)


def test_freezing_twice_writes_nothing_new(parties_indicator, make_party, now):
    make_party()
    assert freeze(MARCH, actor=OFFICER, at=now) > 0
    assert freeze(MARCH, actor=OFFICER, at=now) == 0


def test_a_correction_supersedes_and_keeps_what_was_printed(parties_indicator, make_party, now):
    make_party(region="341502")
    freeze(MARCH, actor=OFFICER, at=now)
    make_party(region="341502")
    freeze(MARCH, actor=OFFICER, at=now, note="补录一家")
    versions = Reading.objects.filter(indicator="test_parties", region="341502").order_by("version")
    assert [(r.version, r.value, r.current) for r in versions] == [(1, 1, False), (2, 2, True)]
    assert versions[1].note == "补录一家"
    assert members_of(Reading.objects.get(indicator="test_parties", region="341500", version=1)) == versions[0].ids


def test_nothing_reported_is_not_zero(parties_indicator, city, now):
    reading = live(catalogue()["test_share"], MARCH)["341502"]
    assert reading.value is None
    assert reading.empty == Reading.Empty.NOT_REPORTED


def test_reported_and_computed_rates_stand_apart(parties_indicator, city, now, person, actor_for):
    officer, other = person("officer"), person("officer")
    figure = ReportedFigure.objects.create(
        number="SB-2024-0001", region=city, indicator="test_share", period="2024-03", value=Decimal("145"),
        base_value=Decimal("170"), reported_rate=Decimal("-12.1"), caliber="一般公共预算", owner="市财政局",
        state="draft", created_at=now, updated_at=now, created_by=officer,
    )  # fmt: skip
    take("send", figure, actor=actor_for(officer), at=now)
    with pytest.raises(Refused, match="必须是两个人"):
        take("confirm", figure, actor=actor_for(officer), at=now)
    take("confirm", figure, actor=actor_for(other), at=now)
    freeze(MARCH, actor=OFFICER, at=now)
    reading = Reading.objects.get(indicator="test_share", region=city)
    assert reading.computed_rate == Decimal("-14.7059")
    assert reading.reported_rate == Decimal("-12.1")


def test_a_base_of_zero_never_divides():
    assert ReportedFigure(value=5, base_value=0).computed_rate is None
    assert ReportedFigure(value=5, base_value=Decimal("-3")).computed_rate is None


def test_an_indicator_without_a_caliber_is_refused():
    with pytest.raises(TypeError, match="口径"):

        @indicator
        class Bare(Reported):
            code, name, unit = "bare", "无口径", "家"


def test_two_indicators_never_share_a_code(parties_indicator):
    with pytest.raises(TypeError, match="two indicators"):

        @indicator
        class Again(Reported):
            """重复。"""

            code, name, unit = "test_share", "另一个", "%"


def test_a_target_is_not_bound_to_an_indicator_for_its_tail_alone():
    """孵化毕业企业数 of one institute is neither the city's stock of tenants nor anything else that counts firms."""
    from keji.kernel.indicators.indicator import suggest

    assert suggest("毕业企业数") == []
    assert suggest("高企总数")[0].name == "高新技术企业总数"
