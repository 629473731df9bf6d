"""An incubator with its operator, tenants as many as needed, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

import keji.modules.enterprises.facts.declared  # noqa: F401 - declares the words titles are told in
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import take
from keji.kernel.records.models import next_numbers
from keji.modules.platforms.incubators.services import data
from keji.modules.platforms.incubators.services.tenants import confirm_tenants, report_tenants
from keji.modules.platforms.models import Platform, Tenant

SYSTEM = Actor.system()
ON = date(2024, 11, 12)


@pytest.fixture
def make_house(make_party: Any, now: Any) -> Callable[..., Platform]:
    """make_house("六安云谷孵化器") → a confirmed incubator, run by a party of its own."""
    from django.db import transaction

    def make(
        name: str = "六安云谷科技企业孵化器",
        *,
        kind: str = "incubator",
        level: str = "city",
        region: str = "341502",
        party: Any = None,
    ) -> Platform:
        host = party or make_party(f"{name}运营有限公司", region=region)
        with transaction.atomic():
            number = next_numbers("PT", 2024)[0]
        return Platform.objects.create(
            number=number,
            region_id=region,
            party=host,
            state="confirmed",
            kind=kind,
            level=level,
            name=name,
            recognised_on=date(2019, 5, 1),
            created_at=now,
            updated_at=now,
        )

    return make


@pytest.fixture
def house(make_house: Any) -> Platform:
    return make_house()


@pytest.fixture
def operator(house: Platform, person: Any, actor_for: Any) -> Actor:
    return actor_for(person("enterprise", "yunying", party=house.party))


@pytest.fixture
def county(person: Any, actor_for: Any) -> Actor:
    return actor_for(person("county", "jinan", region="341502"))


@pytest.fixture
def settle(house: Platform, make_party: Any, now: Any) -> Callable[..., list[Tenant]]:
    """settle(3) → three firms, reported and confirmed, in the house since January 2023."""

    def make(count: int = 1, *, where: Platform | None = None, confirm: bool = True, **fields: Any) -> list[Tenant]:
        entered = fields.pop("entered_on", date(2023, 1, 10))
        row = {"incubator": where or house, "field": "electronics", "entered_on": entered, "area": Decimal(100)}
        row |= {"inside": True, "technology": True}
        founded = fields.pop("established_on", entered - timedelta(days=200))
        rows = [
            row | {"firm": make_party(established_on=founded), "established_on": founded} | fields for _ in range(count)
        ]
        made = report_tenants(rows, actor=SYSTEM, at=now, source="page")
        if confirm:
            confirm_tenants([t.pk for t in made], actor=SYSTEM, at=now)
        return list(Tenant.objects.filter(pk__in=[t.pk for t in made]).order_by("pk"))

    return make


@pytest.fixture
def tell(now: Any) -> Callable[..., None]:
    """tell(tenants, 2023, revenue=480) → a year's data of each."""

    def make(tenants: list[Tenant], year: int, **values: Any) -> None:
        rows = [{"tenant": t, "year": year, "evidence": "审计报告", **values} for t in tenants]
        data.add_tenant_years(rows, actor=SYSTEM, at=now, source="page")

    return make


@pytest.fixture
def fund(now: Any) -> Callable[..., None]:
    """fund(tenants, amount=100) → money each has got, from the house's own fund unless said otherwise."""

    def make(tenants: list[Tenant], amount: Any = 100, kind: str = "angel", own: bool = True, on: Any = None) -> None:
        row = {"kind": kind, "amount": Decimal(str(amount)), "investor": "孵化基金", "own_fund": own}
        rows = [row | {"tenant": t, "on": on or date(2024, 3, 1), "evidence": "投资协议"} for t in tenants]
        data.add_financings(rows, actor=SYSTEM, at=now, source="page")

    return make


@pytest.fixture
def know(house: Platform, now: Any) -> Callable[..., None]:
    """know(site_area=12000, …) → facts of the house as of this October."""

    def make(where: Platform | None = None, as_of: date = date(2024, 10, 1), **values: Any) -> None:
        row = {"incubator": where or house, "as_of": as_of, "evidence": "租赁合同", **values}
        data.add_facility_facts([row], actor=SYSTEM, at=now, source="page")

    return make


@pytest.fixture
def graduate(now: Any) -> Callable[..., list[Tenant]]:
    """graduate(tenants) → graduated on the strength of money raised."""

    def make(tenants: list[Tenant], on: date = date(2024, 6, 1)) -> list[Tenant]:
        rows = [
            {"tenant": t, "on": t.entered_on, "kind": "venture", "amount": Decimal("500.01"), "investor": "某基金",
             "own_fund": False, "evidence": "投资协议"}
            for t in tenants
        ]  # fmt: skip
        data.add_financings(rows, actor=SYSTEM, at=now, source="page")
        found = [take("propose_graduation", t, actor=SYSTEM, at=now, left_on=on, evidence="协议") for t in tenants]
        return [take("confirm_graduation", t, actor=SYSTEM, at=now) for t in found]

    return make
