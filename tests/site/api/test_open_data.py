"""What anybody reads without a token: only what is public, only figures that were printed."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from django.conf import settings as house

from keji.demo.year import tell_the_year
from keji.kernel.documents.models import Paper
from keji.kernel.indicators.indicator import catalogue
from keji.kernel.indicators.models import Reading
from keji.kernel.parties.models import Party
from keji.kernel.people.models import Account
from keji.kernel.rules.models import Regulation
from tests.site.api.conftest import Caller

pytestmark = pytest.mark.django_db
OPEN = ("regions", "indicators", "readings", "regulations", "workdays")


def test_a_year_of_open_data():
    tell_the_year(scale=Fraction(1, 20))
    anybody = Caller()
    everything = {
        name: anybody.every(f"/open/{name}", limit=200)
        if name == "readings"
        else anybody.get(f"/open/{name}")[1]["items"]
        for name in OPEN
    }

    # Figures: exactly those the issued bulletins rest on, under the number of the paper that printed them first.
    numbers = set(Paper.objects.filter(kind="bulletin", state="issued").values_list("number", flat=True))
    printed = {
        tuple(row[:4])
        for paper in Paper.objects.filter(kind="bulletin", state="issued")
        for row in paper.content["data"]["readings"]
    }
    got = {(r["indicator"], r["region"], r["period"], r["version"]): r for r in everything["readings"]}
    assert set(got) == printed
    assert len(got) == len(everything["readings"]) > 100
    assert {r["bulletin"] for r in got.values()} <= numbers
    for reading in Reading.objects.all()[:200]:
        told = got.get((reading.indicator, reading.region_id, reading.period, reading.version))
        assert told is None or (told["value"] is None) == (reading.value is None)

    # October was corrected: both versions stand, the older says that it is superseded.
    versions = anybody.get("/open/readings", indicator="tech_sme_listed", region="341504", period="2024-10")[1]["items"]
    assert [(r["version"], r["superseded"]) for r in versions] == [(1, True), (2, False)]

    # Nothing personal, nobody's name, no unit.
    text = json.dumps(everything, ensure_ascii=False)
    for name in (*Account.objects.values_list("name", flat=True), *Party.objects.values_list("name", flat=True)[:50]):
        assert name not in text
    assert "ids" not in text and "frozen_by" not in text

    assert len(everything["regulations"]) == Regulation.objects.count()
    assert {i["code"] for i in everything["indicators"]} == set(catalogue())
    assert all(i["caliber"] for i in everything["indicators"])
    assert [r["level"] for r in everything["regions"]].count("city") == 1
    assert {d["year"] for d in anybody.get("/open/workdays", year=2024)[1]["items"]} == {2024}


def test_an_unprinted_figure_is_not_open(city, now):
    Reading.objects.create(
        indicator="hnte_stock",
        region=city,
        period="2024-10",
        as_of="2024-10-31",
        value=7,
        source="市科技局",
        frozen_at=now,
    )
    assert Caller().get("/open/readings")[1] == {"items": [], "next": None}


@pytest.mark.parametrize("name", OPEN)
def test_an_empty_house_answers(db, name):
    assert Caller().get(f"/open/{name}")[0] == 200


@pytest.mark.parametrize(
    "query", ["x=1", "after=abc", "after=" + "9" * 30, "limit=0", "period=%00", "region=" + "长" * 101]
)
def test_a_bad_question_gets_a_sentence(db, query):
    answer = Caller().call("GET", f"/open/readings?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_nothing_is_written_without_a_token(db):
    assert Caller().call("POST", "/open/regions", data=b"{}", content_type="application/json").status_code == 405
    assert Caller().call("POST", "/records/parties", data=b"{}", content_type="application/json").status_code == 401


def test_the_page_of_the_document_runs_no_inline_script(db):
    answer = Caller().call("GET", "/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self';" in answer["Content-Security-Policy"]
    assert page.count("<script") == page.count('<script src="/static/') + page.count('type="application/json"') == 3
    assert "http://" not in page and "https://" not in page
    assert "ninja" in house.INSTALLED_APPS  # without it the page would call other hosts
    assert Caller().call("GET", "/")["Location"] == "/api/v1/docs"
