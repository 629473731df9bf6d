"""Who is nearly there, who could apply and has not, who is helped up: lists that officers work through."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from keji.kernel import clock
from keji.kernel.people.models import Notice
from keji.kernel.records.flow import Refused, take
from keji.modules.enterprises.ladder import due, reading, renewal
from keji.modules.enterprises.ladder.models import CultivationEntry, Prospect, Visit
from keji.modules.enterprises.ladder.reading import Asked
from keji.modules.enterprises.ladder.services.cultivation import list_firms, propose_waivers, visit
from keji.modules.enterprises.ladder.services.prospects import behind
from tests.modules.enterprises.ladder_city import SYSTEM, WAN, say, sift

pytestmark = pytest.mark.django_db
NEAR, DUE = "/enterprises/ladder/near?rung=tech_sme", "/enterprises/ladder/due?rung=tech_sme"


@pytest.fixture
def good(make_party, now):
    party = make_party("六安达标科技有限公司")
    say(party, at=now)
    return party


@pytest.fixture
def short(make_party, now):
    party = make_party("六安差一点科技有限公司")
    say(party, at=now, revenue=20_100 * WAN, rd_staff_cost=2_000 * WAN)
    return party


@pytest.fixture
def untold(make_party, now):
    party = make_party("六安缺资料科技有限公司")
    say(party, at=now, without=("listed_abnormal",))
    return party


def kinds():
    return {p.party.name: p for p in Prospect.objects.select_related("party")}


def test_each_firm_is_listed_by_what_it_lacks_in_the_verdict_s_own_words(good, short, untold):
    sift()
    found = kinds()
    assert found[good.name].kind == "ready"
    assert (found[short.name].kind, found[short.name].label) == ("condition", "年销售收入")
    assert "100 万元" in found[short.name].gap
    assert (found[untold.name].kind, found[untold.name].label) == ("fact", "列入经营异常或严重违法失信名单")


def test_a_missing_fact_of_a_year_is_called_by_its_year(make_party, now):
    party = make_party()
    say(party, at=now, without=("assets",))
    sift()
    assert kinds()[party.name].label == "2023年资产总额"


def test_a_firm_far_away_is_not_listed(make_party, now):
    party = make_party()
    say(party, at=now, revenue=30_000 * WAN, assets=30_000 * WAN)
    sift()
    assert party.name not in kinds()


def test_the_list_follows_what_was_judged_since_and_nothing_else(good, short, now):
    sift()
    first = kinds()[good.name].pk
    assert behind() is None
    with clock.stopped_at(now + timedelta(hours=1)):
        say(short, at=clock.now(), revenue=19_000 * WAN, rd_staff_cost=2_000 * WAN)
        run = sift()
    assert run.touched <= 2
    assert kinds()[short.name].kind == "ready"
    assert Prospect.objects.filter(pk=first).exists() or kinds()[good.name].kind == "ready"


def test_a_firm_that_moved_is_on_its_new_county_s_list(good, now):
    sift()
    good.region_id = "341503"
    good.save()
    sift()
    assert Prospect.objects.get().region_id == "341503"


def test_an_officer_hands_near_misses_to_a_colleague_who_finds_them_on_the_to_do_list(person, enter, short):
    sift()
    clerk = person("county", region="341502", name="赵敏")
    client = enter(person("officer"))
    html = client.get(NEAR).content.decode()
    assert short.name in html and "100 万元" in html
    picked = Prospect.objects.get()
    asked = client.post("/enterprises/ladder/pick", {"ids": [picked.pk]})
    assert short.name in asked.content.decode()
    client.post("/enterprises/ladder/pick", {"ids": [picked.pk], "owner": clerk.pk, "plan": "上门辅导", "back": NEAR})
    entry = CultivationEntry.objects.get()
    assert (entry.owner, entry.origin, entry.condition) == (clerk, "near", "年销售收入")
    assert Notice.objects.filter(account=clerk).count() == 1
    assert short.name in enter(clerk).get("/todo").content.decode()


def test_picking_twice_lists_a_firm_once(person, enter, short):
    sift()
    owner = person("officer", name="李明哲")
    client, picked = enter(owner), Prospect.objects.get()
    for _ in range(2):
        answer = client.post(
            "/enterprises/ladder/pick", {"ids": [picked.pk], "owner": owner.pk, "back": NEAR}, follow=True
        )
    assert CultivationEntry.objects.count() == 1
    assert "没有重复列入" in answer.content.decode()


def test_nothing_ticked_is_a_sentence(person, enter):
    answer = enter(person("officer")).post("/enterprises/ladder/pick", {"back": NEAR}, follow=True)
    assert "没有勾选任何企业" in answer.content.decode()


def test_a_county_cannot_pick_another_county_s_firm(person, enter, short):
    sift()
    client = enter(person("county", region="341503"))
    client.post("/enterprises/ladder/pick", {"ids": [Prospect.objects.get().pk], "back": NEAR})
    assert not CultivationEntry.objects.exists()
    assert short.name not in client.get(NEAR).content.decode()
    assert client.get(NEAR + "&region=341502").status_code == 404


@pytest.fixture
def entry(good, now):
    row = {"party": good, "rung": "tech_sme", "year": 2024, "origin": "near"}
    return list_firms([row], actor=SYSTEM, at=now, source="page")[0]


def test_a_visit_takes_one_answer_and_the_day_is_today(person, enter, entry):
    client = enter(person("county", region="341502", name="赵敏"))
    assert client.get(f"/enterprises/ladder/visit/{entry.pk}").status_code == 200
    client.post(f"/enterprises/ladder/visit/{entry.pk}", {"finding": "preparing", "again": "14"})
    made = Visit.objects.get()
    assert (made.on, made.by, made.next_on) == (clock.today(), "赵敏", clock.today() + timedelta(days=14))
    entry.refresh_from_db()
    assert (entry.visits_count, entry.visited_on) == (1, clock.today())


def test_a_visit_sent_twice_is_logged_once(person, enter, entry):
    client, url = enter(person("county", region="341502")), f"/enterprises/ladder/visit/{entry.pk}"
    said = [client.post(url, {"finding": "preparing", "again": "14"}, follow=True).content.decode() for _ in "12"]
    entry.refresh_from_db()
    assert entry.visits_count == entry.visits.count() == 1
    assert "没有重复登记" in said[1]


def test_a_visit_of_tomorrow_is_not_logged(person, enter, entry):
    tomorrow = clock.today() + timedelta(days=1)
    answer = enter(person("officer")).post(
        f"/enterprises/ladder/visit/{entry.pk}", {"finding": "preparing", "on": tomorrow.isoformat()}
    )
    assert "在今天之后" in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_firm_visited_rests_until_the_day_agreed(person, enter, entry, now):
    clerk = person("county", region="341502")
    entry.owner = clerk
    entry.save()
    client = enter(clerk)
    assert entry.party.name in client.get("/todo").content.decode()
    visit(entry, {"on": clock.today(), "finding": "coaching", "next_on": clock.today() + timedelta(days=7)},
          actor=SYSTEM, at=now)  # fmt: skip
    assert entry.party.name not in client.get("/todo").content.decode()
    with clock.stopped_at(now + timedelta(days=7)):
        assert entry.party.name in client.get("/todo").content.decode()


def test_another_county_does_not_see_the_entry(person, enter, entry):
    client = enter(person("county", region="341503"))
    assert client.get(f"/enterprises/ladder/visit/{entry.pk}").status_code == 404
    assert client.get(f"/d/cultivation/{entry.pk}").status_code == 404


def test_success_is_a_certificate_not_good_news(entry, confirmed, now):
    with pytest.raises(Refused, match="还没有这家企业经确认的证书"):
        take("achieve", entry, actor=SYSTEM, at=now)
    confirmed("tech_sme", date(2024, 8, 1), party=entry.party)
    done = take("achieve", entry, actor=SYSTEM, at=now)
    assert done.state == "achieved" and "科技型中小企业" in done.result


def test_who_could_be_listed_and_is_not_is_due_until_it_is_cleared(good, short, confirmed):
    sift()
    assert due.counts("tech_sme", clock.today()) == {("341502", "idle"): 1}
    confirmed("tech_sme", date(2024, 8, 1), party=good)
    assert due.counts("tech_sme", clock.today()) == {("341502", "held"): 1}


def test_last_year_s_listing_does_not_clear_this_year(good, confirmed):
    confirmed("tech_sme", date(2023, 8, 1), party=good)
    sift()
    assert due.counts("tech_sme", clock.today()) == {("341502", "idle"): 1}


def test_a_reason_clears_only_when_a_second_person_accepts_it(good, person, actor_for, now):
    sift()
    first, second = person("officer"), person("officer")
    row = {"party": good, "rung": "tech_sme", "year": 2024, "reason": "unwilling", "explanation": "10月与法人核实"}
    waiver = propose_waivers([row], actor=actor_for(first), at=now, source="page")[0]
    assert due.counts("tech_sme", clock.today()) == {("341502", "waiting"): 1}
    with pytest.raises(Refused, match="必须是两个人"):
        take("accept", waiver, actor=actor_for(first), at=now)
    take("accept", waiver, actor=actor_for(second), at=now)
    assert not due.left("tech_sme", clock.today()).exists()


def test_an_empty_due_list_says_so(person, enter):
    html = enter(person("officer")).get(DUE).content.decode()
    assert "已清零" in html


def test_the_share_covered_is_counted_and_never_rounded_up(good, make_party, now, confirmed):
    from keji.kernel.indicators.indicator import get
    from keji.lib.figures import Period

    for _ in range(2):
        say(make_party(), at=now)
    sift()
    confirmed("tech_sme", date(2024, 8, 1), party=good)
    month = Period.month(2024, 11)
    assert {r: str(v) for r, v in get("tech_sme_covered").figures(month).items()} == {
        "341502": "33.33",
        "341500": "33.33",
    }
    assert get("tech_sme_left").figures(month) == {"341502": 2}


def test_a_share_of_nobody_is_not_zero_when_the_month_is_frozen(city):
    from keji.kernel.indicators.freeze import live
    from keji.kernel.indicators.indicator import get
    from keji.lib.figures import Period

    found = live(get("tech_sme_covered"), Period.month(2024, 11))
    assert {r.empty for r in found.values()} == {"not_applicable"}


# --- what lapses, who moved ------------------------------------------------------------------------------------------


def test_who_lapses_before_december_and_whether_anybody_called(person, enter, confirmed, now):
    old = confirmed("hnte", date(2021, 11, 20))
    html = enter(person("officer")).get("/enterprises/ladder/renewal?rung=hnte&until=2024-12-01").content.decode()
    assert old.party.name in html and "未联系" in html and "还有 7 天" in html
    row = {"party": old.party, "rung": "hnte", "year": 2024, "origin": "renewal"}
    entry = list_firms([row], actor=SYSTEM, at=now, source="page")[0]
    visit(entry, {"on": clock.today(), "finding": "preparing"}, actor=SYSTEM, at=now)
    rows = renewal.with_progress(renewal.lapsing("hnte", date(2024, 1, 1), date(2024, 12, 31)), "hnte", 2024)
    assert [c.progress for c in rows] == ["preparing"]
    confirmed("hnte", date(2024, 11, 1), party=old.party)
    rows = renewal.with_progress(renewal.lapsing("hnte", date(2024, 1, 1), date(2024, 12, 31)), "hnte", 2024)
    assert [c.progress for c in rows] == ["renewed"]


def test_the_funnel_counts_firms_and_its_list_shows_the_same(person, enter, confirmed, make_party):
    party = make_party()
    confirmed("hnte", date(2022, 10, 1), party=party)
    confirmed("hnte", date(2024, 10, 1), party=party)
    confirmed("hnte", date(2021, 10, 1))
    assert reading.totals(Asked(clock.today()))["hnte"] == 1
    html = enter(person("leader")).get("/enterprises/ladder/firms?rung=hnte").content.decode()
    assert "共 1 条" in html


def test_a_move_is_from_the_highest_rung_then_to_the_highest_now(confirmed, make_party):
    climber, leaver = make_party(), make_party()
    confirmed("tech_sme", date(2023, 8, 1), party=climber)
    confirmed("hnte", date(2024, 10, 1), party=climber)
    confirmed("hnte", date(2021, 1, 5), party=leaver)
    found = reading.moves(date(2023, 11, 30), Asked(clock.today()))
    assert found == {("tech_sme", "hnte"): 1, ("hnte", "none"): 1}


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "?on=2024-06&start=2023-06",
            "?industry=新材料",
            "firms?rung=srdi&region=341502",
            "firms?industry=-",
            "moved",
        ),
        *(
            "near",
            "near?kind=fact&key=x",
            "near?kind=experts&q=六安",
            "due",
            "due?standing=held",
            "renewal",
            "campaigns",
        ),
        *("renewal?month=2025-03&progress=idle", "outlook", "outlook?goal=750&region=341502", "chains", "chains/1"),
        *("chains/1/firms?hnte=1", "applications?state=waiting", "applications?adding=1&batch=999999999999999999999"),
    ],
)
def test_every_page_opens_on_an_empty_house_and_says_what_to_do(path, person, enter):
    assert enter(person("officer")).get(f"/enterprises/ladder/{path}").status_code == 200


@pytest.mark.parametrize("path", ["?on=heute", "?region=999999", "near?rung=queen", "renewal?month=2024-13"])
def test_an_address_that_makes_no_sense_is_not_found(path, person, enter):
    assert enter(person("officer")).get(f"/enterprises/ladder/{path}").status_code == 404


@pytest.mark.parametrize("path", ["near", "due", "firms", "renewal", "applications", "chains/1/firms"])
def test_lists_leave_as_sheets(path, person, enter):
    answer = enter(person("officer")).post(f"/enterprises/ladder/{path}")
    assert answer.status_code == 200 and answer.content[:2] == b"PK"


def test_a_firm_has_no_business_on_the_bureau_s_lists(person, enter, good):
    client = enter(person("enterprise", party=good))
    for path in ("", "near", "due", "renewal", "outlook"):
        assert client.get(f"/enterprises/ladder/{path}").status_code == 403
    assert client.get("/d/cultivation/").status_code == 403


def test_the_filter_bar_names_the_rung_that_is_shown_when_nobody_chose(person, enter, good):
    sift()
    page = enter(person("officer")).get("/enterprises/ladder/near").content.decode()
    assert '<option value="hnte" selected>' in page
