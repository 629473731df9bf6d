"""What a token reads: its account's own reach and no more, page by page, never anything sealed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.demo.year import tell_the_year
from keji.desk.desk import desks
from keji.kernel import clock
from keji.kernel.parties.models import Party
from keji.kernel.people.models import Account, Grant
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import take
from keji.site.api.exchange import offered
from tests.site.api.conftest import BUSINESS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhurried")]
SYSTEM = Actor.system()


def test_every_role_reads_over_the_api_what_it_sees_on_the_pages_of_the_demo_city(connect):
    """Role × desk over a whole year of records: the same keys as the desk's own list, and 404 for any other."""
    tell_the_year(scale=Fraction(1, 20))
    firm = Party.objects.filter(region="341503").first()
    needs = {
        Role.COUNTY: {"region_id": "341503"},
        **dict.fromkeys([Role.ENTERPRISE, Role.INSTITUTION, Role.FINANCIER], {"party": firm}),
    }
    for role in BUSINESS:
        account = Account.objects.create_user(f"machine-{role}", "x", name=role.label)
        Grant.objects.create(account=account, role=role, from_on=date(2020, 1, 1), **needs.get(role, {}))
        system, actor = connect(account), account.actor(clock.today())
        for desk in desks().values():
            path = f"/records/{desk.name}"
            if desk not in offered():
                assert system.get(path)[0] == 404
                continue
            if not actor.has(*desk.readers):
                assert system.get(path)[0] == 403, (role, desk.name)
                continue
            seen = {record["key"] for record in system.every(path, limit=500)}
            mine = {str(pk) for pk in desk.records(actor).values_list("pk", flat=True)}
            assert seen == mine, (role, desk.name)
            others = desk.model._default_manager.exclude(pk__in=desk.records(actor).values("pk"))
            for stranger in others[:2]:
                assert system.get(f"{path}/{stranger.pk}")[0] == 404
                if number := getattr(stranger, "number", ""):
                    assert system.get(f"/numbers/{number}")[0] == 404


def test_a_county_never_sees_another_countys_rows_whatever_it_asks(person, connect, certified):
    certified("341502", 3), certified("341503", 3)
    system = connect(person("county", region="341502"))
    other = desks()["certifications"].model.objects.filter(region="341503").first()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.fixed_dictionaries(
            {},
            optional={
                "q": st.sampled_from(["GR", "公司", other.certificate_code, other.number, "ZS"]),
                "region": st.sampled_from(["341502", "341503", "341500", ""]),
                "kind": st.sampled_from(["hnte", "tech_sme"]),
                "state": st.sampled_from(["reported", "confirmed"]),
                "limit": st.integers(1, 500).map(str),
                "after": st.integers(0, 100).map(str),
                "updated_since": st.sampled_from(["2020-01-01", "2024-11-12T00:00:00+08:00"]),
            },
        )
    )
    def ask(params):
        status, answer = system.get("/records/certifications", **params)
        assert status in (200, 400)
        assert other.party.name not in json.dumps(answer, ensure_ascii=False)
        for record in answer.get("items", []):
            assert record["fields"]["region"]["key"] == "341502"

    ask()


def test_a_number_of_another_county_and_one_never_given_are_answered_alike(person, connect, certified):
    theirs = certified("341503")[0]
    system = connect(person("county", region="341502"))
    there, never = system.get(f"/numbers/{theirs.number}"), system.get("/numbers/ZS-2024-9999")
    assert there == never
    assert there[0] == 404


def test_a_record_is_found_by_its_number(person, connect, certified):
    mine = certified("341502")[0]
    status, record = connect(person("county", region="341502")).get(f"/numbers/{mine.number}")
    assert (status, record["kind"], record["fields"]["certificate_code"]) == (
        200,
        "certifications",
        mine.certificate_code,
    )
    assert record["fields"]["state"] == {"code": "reported", "label": "县区已报"}
    assert record["fields"]["party"]["code"] == mine.party.uscc


def test_pages_follow_each_other_without_gap_or_repetition_while_records_come_in(person, connect, certified):
    made = certified("341502", 7)
    system = connect(person("officer"))
    first = system.get("/records/certifications", limit=3)[1]
    late = certified("341502", 2)
    rest = system.every("/records/certifications", limit=3, after=first["next"])
    assert [r["number"] for r in first["items"] + rest] == [r.number for r in made + late]


def test_only_what_was_touched_since_then(person, connect, certified, now):
    made = certified("341502", 4)
    system = connect(person("officer"))
    later = now + timedelta(hours=2)
    take("confirm", made[2], actor=SYSTEM, at=later)
    moment = (now + timedelta(hours=1)).isoformat()
    found = system.every("/records/certifications", updated_since=moment)
    assert [r["number"] for r in found] == [made[2].number]
    assert len(system.every("/records/certifications", updated_since="2024-11-01")) == 4


def test_parties_that_changed_are_found_too(person, connect, make_party, now):
    from keji.modules.enterprises.titles.services import update_party

    first, _ = make_party(), make_party()
    update_party(first, {"address": "六安市某路 1 号"}, actor=SYSTEM, at=now)
    assert [r["key"] for r in connect(person("officer")).every("/records/parties", updated_since="2024-11-12")] == [
        str(first.pk)
    ]


def test_filters_and_search_are_those_of_the_list(person, connect, certified):
    mine, theirs = certified("341502", 2), certified("341503", 1)
    system = connect(person("officer"))
    assert len(system.every("/records/certifications", region="341502")) == 2
    assert len(system.every("/records/certifications", q=theirs[0].certificate_code)) == 1
    assert len(system.every("/records/certifications", state="confirmed")) == 0
    assert len(mine) == 2


def test_sealed_data_never_leaves(person, connect, make_party):
    make_party(region="341502", contact_phone="13856412345", contact_name="某人")
    system = connect(person("officer"))
    party = Party.objects.get()
    for path in ("/records/parties", f"/records/parties/{party.pk}", "/records/parties?q=13856412345"):
        text = system.call("GET", path).content.decode()
        assert "phone" not in text
        assert "13856412345" not in text
    assert system.get("/records/accounts")[0] == 404  # administrators' records are no matter of exchange
    assert system.get("/records/clients")[0] == 404


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("nope=1", "没有名为“nope”的参数"),
        ("limit=0", "1 至 500"),
        ("limit=99999999999999999999", "1 至 500"),
        ("limit=-1", "1 至 500"),
        ("limit=１０", "1 至 500"),
        ("limit=2&limit=3", "只写一次"),
        ("q=%00", "不能识别的字符"),
        ("q=" + "长" * 200, "请缩短"),
        ("after=abc", "照抄上一页"),
        ("updated_since=yesterday", "应为时刻"),
        ("updated_since=2024-13-40", "应为时刻"),
        ("updated_since=0001-01-01T00:00:00%2B23:59", "应为时刻"),
        ("year=abc", "参数 year"),
        ("kind=gold", "之一"),
        ("region=999999", "没有这个选项"),
    ],
)
def test_a_bad_question_is_answered_with_a_sentence(person, connect, query, sentence):
    answer = connect(person("officer")).call("GET", f"/records/certifications?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert sentence in answer.json()["detail"]


@pytest.mark.parametrize("key", ["9" * 30, "abc", "-1", "%00", "1%00", "%ED%A0%80", "..%2F1", "1;drop"])
def test_a_key_no_record_can_have_is_not_found(person, connect, key):
    system = connect(person("officer"))
    assert system.call("GET", f"/records/certifications/{key}").status_code == 404
    assert system.call("GET", f"/numbers/{key}").status_code == 404


def test_a_hundred_records_cost_as_many_queries_as_one(person, connect, certified, django_assert_max_num_queries):
    certified("341502", 60)
    system = connect(person("officer"))
    with django_assert_max_num_queries(10):
        assert len(system.get("/records/certifications", limit=100)[1]["items"]) == 60


def test_other_methods_and_addresses_are_told_so_in_json(person, connect):
    system = connect(person("officer"))
    answer = system.call("DELETE", "/records/parties")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")
    for path in ("/nowhere", "/records", "/records/nothing/1", "/records/parties/1/2"):
        answer = system.call("GET", path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
