"""Figures of the ladder found the quick way are the figures found the plain way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.kernel.audit.unchanged import forget
from keji.kernel.facts.known import answered, holders_of
from keji.kernel.parties.models import Party
from keji.kernel.rules.models import Assessment
from keji.modules.enterprises.ladder import due, renewal
from keji.modules.enterprises.ladder.campaign_models import Application, Campaign, CampaignBatch
from keji.modules.enterprises.ladder.models import CultivationEntry, Prospect, ProspectRun, Waiver
from keji.modules.enterprises.ladder.reading import INCUBATED, PLACES, Asked, incubated, movers, moves
from keji.modules.enterprises.ladder.services.prospects import behind
from keji.modules.enterprises.models import Certification
from keji.modules.platforms.models import Platform, Tenant

pytestmark = pytest.mark.django_db
TODAY = date(2024, 12, 10)


@pytest.fixture
def firms(make_party) -> list[Party]:
    return [make_party(region="341502" if n % 2 else "341523") for n in range(12)]


@pytest.fixture
def certify() -> Callable[..., None]:
    def certify(firm: Party, kind: str, on: date, code: str = "") -> None:
        Certification.objects.create(
            party=firm, region=firm.region, kind=kind, state="confirmed", issued_on=on, year=on.year,
            valid_until=date(on.year + 3, on.month, on.day), certificate_code=code or f"GR{firm.pk}",
            confirmed_at=at(1), created_at=at(1), updated_at=at(1), number=f"ZS{kind}{firm.pk}{on.year}",
        )  # fmt: skip

    return certify


def at(day: int) -> datetime:
    return timezone.make_aware(datetime(2024, 11, day, 5))


def verdict(party: Party, rule: str, moment: datetime) -> Assessment:
    return Assessment.objects.create(
        party=party, rule=rule, year=2024, edition=TODAY, digest="", since=moment, at=moment, passed=True
    )


def test_the_firms_in_incubation_are_the_same_whether_all_are_found_or_each_is_asked(firms) -> None:
    house = Platform.objects.create(
        party=firms[0], region=firms[0].region, kind="incubator", level="city", name="试验孵化器",
        recognised_on=date(2020, 1, 1), state="confirmed", created_at=at(1), updated_at=at(1), number="PT1",
    )  # fmt: skip
    states = ("incubating", "graduating", "graduated", "reported")
    for n, firm in enumerate(firms[1:9]):
        Tenant.objects.create(
            party=firms[0], incubator=house, firm=firm, name=firm.name, field="materials", region=firm.region,
            entered_on=date(2023, 1, 1), due_on=TODAY + timedelta(days=-30 if n == 3 else 400), state=states[n % 4],
            left_on=date(2024, 5, 1) if states[n % 4] == "graduated" else None,
            created_at=at(1), updated_at=at(1), confirmed_at=at(1), number=f"ZF{n}",
        )  # fmt: skip
    forget()
    keys = [f.pk for f in firms]
    asked = sorted(party for party, yes in answered(INCUBATED, keys, TODAY).items() if yes)
    assert asked, "the test is about somebody"
    assert sorted(incubated(Asked(TODAY))) == asked
    by_region = [p for code in {f.region_id for f in firms} for p in incubated(Asked(TODAY, code))]
    assert sorted(by_region) == asked
    found = holders_of(INCUBATED, TODAY)
    assert found is not None
    assert sorted(found.values_list("firm", flat=True)) == asked


def test_finding_them_takes_one_question_however_many_firms_there_are(firms) -> None:
    forget()
    with CaptureQueriesContext(connection) as queries:
        incubated(Asked(TODAY))
    assert len([q for q in queries if "audit_ledger" not in q["sql"]]) == 1


def test_the_list_is_behind_only_a_verdict_of_the_ladder_that_is_newer(firms) -> None:
    assert behind() is None
    verdict(firms[0], "hnte", at(5))
    assert behind() == at(5)
    ProspectRun.objects.create(at=at(6), judged_until=at(5), touched=1, total=1)
    assert behind() is None
    verdict(firms[0], "city_centre", at(9))
    assert behind() is None, "centres are no rung"
    verdict(firms[1], "tech_sme", at(8))
    assert behind() == at(8)


def test_moves_counted_in_the_database_are_the_firms_one_can_list(firms, certify) -> None:
    for n, firm in enumerate(firms[:9]):
        certify(firm, ("tech_sme", "hnte", "srdi")[n % 3], date(2022 + n % 2, 5, 1))
        if n % 4 == 0:
            certify(firm, "hnte", date(2024, 6, 1), code=f"GR9{n}")
    forget()
    start = date(2023, 12, 31)
    for region in ("", "341502", "341523"):
        asked = Asked(TODAY, region)
        listed = Counter({flow: len(movers(start, asked, *flow)) for flow in product(PLACES, PLACES)})
        assert moves(start, asked) == +listed
    assert len(moves(start, Asked(TODAY))) > 2, "the test is about several ways to move"


def near(firm: Party, n: int) -> Prospect:
    kind = Prospect.Kind.values[n % 4]
    return Prospect.objects.create(
        assessment=verdict(firm, "hnte", at(1 + n)), party=firm, region=firm.region, rule="hnte", kind=kind,
        key=f"k{n % 3}", label=f"条件{n % 3}", effort=n,
    )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_who_is_free_is_the_same_counted_listed_and_asked_one_by_one(firms, certify, data) -> None:
    """Holding, applying and a reason accepted settle a firm; a reason proposed or refused and being helped do not."""
    with transaction.atomic():
        campaign = Campaign.objects.create(rung="hnte", year=2024, title="申报")
        batch = CampaignBatch.objects.create(campaign=campaign, name="第一批", due_on=TODAY)
        for n, firm in enumerate(firms):
            near(firm, n)
            common = {"party": firm, "region": firm.region, "created_at": at(1), "updated_at": at(1)}
            if data.draw(st.booleans(), "holds"):
                certify(firm, "hnte", date(2021 + n % 4, 1, 1))  # some ran out
            if state := data.draw(st.sampled_from(["", "draft", "submitted", "failed", "refused"]), "application"):
                Application.objects.create(
                    **common, number=f"SQ{n}", campaign=campaign, batch=batch, state=state
                )  # fmt: skip
            if state := data.draw(st.sampled_from(["", "proposed", "accepted", "rejected"]), "waiver"):
                Waiver.objects.create(**common, number=f"SM{n}", rung="hnte", year=2024, state=state, reason="other")
            if data.draw(st.booleans(), "helped"):
                CultivationEntry.objects.create(
                    **common, number=f"PY{n}", rung="hnte", year=2024, state="cultivating"
                )  # fmt: skip
        forget()
        standing = dict(due.with_standing(Prospect.objects.all(), "hnte", TODAY).values_list("pk", "standing"))
        asked = due.with_standing(Prospect.objects.all(), "hnte", TODAY, few=True)
        assert dict(asked.values_list("pk", "standing")) == standing
        plain = {pk for pk, word in standing.items() if word in due.FREE}
        rows = list(Prospect.objects.filter(pk__in=plain))
        assert due.free_counts("hnte", TODAY, "") == Counter((p.kind, p.key, p.label) for p in rows)
        kinds = tuple(Prospect.Kind.values)
        assert set(due.keys("hnte", TODAY, "", kinds, due.FREE, "", ("effort", "pk"))) == plain
        eligible = sum(p.kind in due.ELIGIBLE for p in rows)
        could_apply = due.eligible("hnte").values_list("pk", "region_id")
        assert due.counts("hnte", TODAY) == Counter((region, standing[pk]) for pk, region in could_apply)
        assert sum(due.left_counts("hnte", TODAY).values()) == eligible == due.left("hnte", TODAY).count()
        transaction.set_rollback(True)


def test_titles_not_renewed_are_those_of_the_stock_that_end(firms, certify) -> None:
    for n, firm in enumerate(firms):
        certify(firm, "hnte", date(2022, 1 + n % 6, 1))
        if n % 3 == 0:
            certify(firm, "hnte", date(2024, 5, 1), code=f"GR9{n}")
    for until in (date(2025, 1, 1), date(2025, 4, 1), date(2026, 1, 1), date(2028, 1, 1)):
        stock = Certification.objects.filter(kind="hnte").valid_on(TODAY).one_a_firm()
        plain = set(stock.filter(valid_until__lt=until).values_list("pk", flat=True))
        assert set(renewal.unrenewed("hnte", TODAY, until).values_list("pk", flat=True)) == plain


@pytest.mark.parametrize(("part", "holds"), [("moves", "期初＼期末"), ("industry", "按产业")])
def test_what_takes_long_comes_in_a_request_of_its_own(part, holds, firms, certify, person, enter) -> None:
    certify(firms[0], "tech_sme", date(2023, 5, 1))
    client = enter(person("officer"))
    page = client.get("/enterprises/ladder/?region=341523").content.decode()
    assert f"region=341523&amp;part={part}" in page
    fragment = client.get(f"/enterprises/ladder/?region=341523&part={part}").content.decode()
    assert holds in fragment
    assert "<html" not in fragment
    assert enter(person("county", region="341502")).get(
        f"/enterprises/ladder/?region=341523&part={part}"
    ).status_code == 404  # fmt: skip
