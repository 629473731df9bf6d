"""Each right once: counted where it may be used, never twice."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from keji.kernel.facts.known import known
from keji.kernel.facts.services import Said, state_facts
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, take
from keji.modules.enterprises.rights.forms import code_problem, tidy
from keji.modules.enterprises.rights.models import IpRight
from keji.modules.enterprises.rights.services import mark_used, register_rights, release_use, yearly_average

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
RULES = ("class1_ip", "class2_ip", "class2_ip_used", "own_ip")


@pytest.fixture
def right(now):
    serials = iter(range(1, 999))

    def make(party, kind="utility", *, granted_on=date(2022, 5, 9), **more):
        row = {
            "party": party,
            "kind": kind,
            "code": f"X{next(serials)}",
            "title": "一种夹具",
            "obtained": "own",
            "granted_on": granted_on,
        }
        return register_rights([row | more], actor=SYSTEM, at=now, source="page")[0]

    return make


def counts(party, year=2024):
    facts = known(party.pk, year, date(year, 6, 1), RULES)
    return tuple(facts.get(n) for n in RULES)


def test_a_firm_without_a_register_is_counted_by_what_it_states(make_party, right, now):
    firm = make_party()
    state_facts([Said(firm, "class2_ip", 7)], actor=SYSTEM, at=now)
    assert counts(firm) == (None, 7, None, None)
    right(firm, "invention", obtained="assigned")
    assert counts(firm) == (1, 0, 0, 0)  # now the register answers


def test_a_second_class_right_counts_until_it_was_used_once(make_party, right, now):
    firm = make_party()
    mine, first = right(firm), right(firm, "invention")
    mark_used([mine, first], firm, 2021, actor=SYSTEM, at=now)
    assert counts(firm) == (1, 1, 1, 1)  # valid still, but used up for 高企
    assert counts(firm, 2021) == (0, 0, 0, 0)  # granted later
    with pytest.raises(Refused, match="2021年申报已用过，Ⅱ类只能用一次"):
        mark_used([mine], firm, 2024, actor=SYSTEM, at=now)
    assert mark_used([first], firm, 2024, actor=SYSTEM, at=now) == 1


def test_of_a_shared_right_only_one_holder_makes_use_in_a_year(make_party, right, now):
    one, two = make_party(), make_party()
    shared = right(one, "invention", co_holders=[two])
    assert (counts(one), counts(two)) == ((1, 0, 0, 1), (1, 0, 0, 1))
    mark_used([shared], one, 2024, actor=SYSTEM, at=now)
    assert (counts(one), counts(two)) == ((1, 0, 0, 1), (0, 0, 0, 0))
    with pytest.raises(Refused, match="共有权利"):
        mark_used([shared], two, 2024, actor=SYSTEM, at=now)
    release_use(shared, one, 2024, "没有申报", actor=SYSTEM, at=now)
    assert mark_used([shared], two, 2024, actor=SYSTEM, at=now) == 1


def test_lapsed_returned_and_unrelated_rights_do_not_count(make_party, right, now):
    firm = make_party()
    right(firm, lapses_on=date(2024, 5, 31))
    right(firm, product_related=False)
    take("send_back", right(firm), actor=SYSTEM, at=now, reason="号码不清")
    right(firm, granted_on=date(2024, 6, 2))
    assert counts(firm) == (0, 0, 0, 0)
    right(firm, lapses_on=date(2024, 6, 1))  # its last day counts
    assert counts(firm) == (0, 1, 0, 1)


def test_the_yearly_average_is_exact(make_party, right):
    firm = make_party()
    for year in (2021, 2022, 2022, 2023, 2020):
        right(firm, granted_on=date(year, 3, 1))
    assert yearly_average(firm, 2023) == Fraction(4, 3)


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("invention", "zl 2021 1 0123456.7", "ZL2021101234567"),
        ("utility", "CN202120123456.X", "ZL202120123456X"),
        ("software", "2023SR0123456", "2023SR0123456"),
    ],
)
def test_a_number_is_kept_in_one_spelling(kind, written, kept):
    assert tidy(kind, written) == kept
    assert code_problem(kind, kept) == ""


def test_a_number_of_another_kind_is_told():
    assert "实用新型专利的号码" in code_problem("invention", "ZL2021201234567")
    assert "ZL202110123456.7 这样的形式" in code_problem("invention", "ZL12")


def row(firm, **more):
    found = {
        "party": firm.uscc,
        "kind": "invention",
        "code": "ZL202110123456.7",
        "title": "一种夹具",
        "obtained": "own",
        "granted_on": "2023-05-09",
        "product_related": "true",
    }
    return found | more


def test_a_firm_keeps_its_own_register_and_a_right_is_entered_once(make_party, person, enter):
    firm, other = make_party("甲公司"), make_party("乙公司")
    client = enter(person("enterprise", party=firm))
    assert client.post("/d/rights/new", row(firm, co_holders=other.uscc)).status_code == 302
    kept = IpRight.objects.get()
    assert (kept.code, kept.grade(), kept.held_with()) == ("ZL2021101234567", "Ⅰ类", "乙公司")
    html = client.post("/d/rights/new", row(firm, code="zl2021101234567")).content.decode()
    assert "已由“甲公司”登记" in html
    html = client.post("/d/rights/new", row(firm, kind="trademark", code="1")).content.decode()
    assert "商标不属于Ⅰ类、Ⅱ类知识产权" in html
    assert "不在您的管理范围内" in client.post("/d/rights/new", row(other, code="ZL2021101234568")).content.decode()
    stranger = enter(person("enterprise", party=make_party("丙公司")))
    assert stranger.get(f"/d/rights/{kept.pk}").status_code == 404


def test_a_use_is_noted_on_the_page_of_the_right(make_party, right, person, enter):
    firm = make_party("甲公司")
    mine = right(firm)
    client = enter(person("enterprise", party=firm))
    url = f"/enterprises/rights/{mine.pk}/use"
    html = client.post(url, {"party": firm.pk, "year": "2024"}, follow=True).content.decode()
    assert "甲公司在2024年高企申报中使用" in html
    assert "登记：甲公司在2024年申报中使用" not in html  # the button has done what it can
    twice = client.post(url, {"party": firm.pk, "year": "2024"}, follow=True).content.decode()
    assert "没有重复登记" in twice
    again = client.post(url, {"party": firm.pk, "year": "2025"}, follow=True).content.decode()
    assert "只能用一次" in again
    html = client.post(url, {"party": firm.pk, "year": "2024", "release": "1", "reason": "撤回申报"}, follow=True)
    assert "还没有在高企申报中用过" in html.content.decode()


def test_whoever_registered_a_right_does_not_confirm_it(make_party, person, actor_for, now):
    clerk = actor_for(person("county", region="341502"))
    mine = register_rights(
        [{"party": make_party(), "kind": "design", "code": "A", "title": "B", "obtained": "own",
          "granted_on": date(2022, 1, 1)}],
        actor=clerk, at=now, source="page",
    )[0]  # fmt: skip
    with pytest.raises(Refused, match="两个人"):
        take("confirm", mine, actor=clerk, at=now)
    assert take("confirm", mine, actor=actor_for(person("officer")), at=now).state == "confirmed"
