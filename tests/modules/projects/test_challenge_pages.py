"""The pages of a list: a unit bids there, and reads nothing of its rivals."""

from __future__ import annotations

from datetime import date

import pytest

from keji.kernel.people.models import Account
from keji.kernel.records.flow import take
from keji.modules.projects.models import Bid, Challenge, Project
from tests.modules.projects.telling import on
from tests.modules.projects.test_challenges import (  # noqa: F401  fixtures
    ANSWER,
    bidders,
    challenge,
    evaluated,
    programme,
    three,
)
from tests.modules.projects.test_results import accepted  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db


def account(actor):
    return Account.objects.get(pk=actor.id)


def test_a_unit_bids_on_the_page(challenge, bidders, enter):  # noqa: F811
    party, actor = next(iter(bidders.items()))
    client = enter(account(actor))
    page = client.get(f"/d/challenges/{challenge.pk}").content.decode()
    assert f"以{party.name}揭榜" in page and "截止前应榜书密封" in page
    client.post(f"/projects/challenges/{challenge.pk}/bid/{party.pk}")
    bid = Bid.objects.get()
    wrong = client.post(f"/projects/bids/{bid.pk}/write", {"price": "多"})
    assert wrong.status_code == 422
    said = {n: ANSWER[n] for n in ("leader_name", "plan", "months")} | {"price": "180", "promised": "on"}
    said |= {f"answer_{n}": text for n, text in enumerate(ANSWER["answers"])}
    assert client.post(f"/projects/bids/{bid.pk}/write", said).status_code == 302
    bid.refresh_from_db()
    assert (bid.price, bid.answers, bid.state) == (1_800_000, ANSWER["answers"], "draft")


def test_a_rival_reads_no_name_no_price_no_points(evaluated, three, bidders, firm, enter, people):  # noqa: F811
    mine = three[0]
    client = enter(account(bidders[mine.party]))
    page = client.get(f"/d/challenges/{evaluated.pk}").content.decode()
    assert mine.party.name in page
    for rival in three[1:]:
        assert rival.party.name not in page and rival.number not in page
        for url in (f"/d/bids/{rival.pk}", f"/projects/bids/{rival.pk}/write"):
            assert client.get(url).status_code == 404
        assert rival.party.name not in client.get("/d/bids/").content.decode()
    for secret in ("方案贴合产线", "评榜甲", "技术路线可行", "总分"):
        assert secret not in page and secret not in client.get(f"/d/bids/{mine.pk}").content.decode()
    seen = enter(account(people.unit)).get(f"/d/challenges/{evaluated.pk}").content.decode()
    assert all(bid.party.name in seen for bid in three) and "总分" not in seen and "评榜甲" not in seen
    whole = enter(account(people.officer)).get(f"/d/challenges/{evaluated.pk}").content.decode()
    assert "总分" in whole and "选定拟中榜" in whole


def test_before_the_closing_day_not_even_the_bureau_sees_who_bid(challenge, three, enter, people):  # noqa: F811
    client = enter(account(people.officer))
    for url in (f"/d/challenges/{challenge.pk}", "/d/bids/"):
        page = client.get(url).content.decode()
        assert not any(bid.party.name in page or bid.number in page for bid in three)
    assert client.get(f"/d/bids/{three[0].pk}").status_code == 404


def test_the_officer_enters_all_points_on_one_page(evaluated, three, enter, people):  # noqa: F811
    client = enter(account(people.officer))
    url = f"/projects/challenges/{evaluated.pk}/scores"
    opinions = {f"opinion_{bid.pk}": "路线清楚可行" for bid in three}
    assert client.post(url, opinions | {"panel": "张三，某大学，80，九十，70"}).status_code == 422
    lines = "\n".join(f"专家{n}，某大学，{p}，90，70" for n, p in zip("甲乙丙", (80, 81, 82), strict=True))
    with on(date(2024, 12, 6)):
        assert client.post(url, opinions | {"panel": lines}).status_code == 302
    assert sorted(int(s.points) for s in three[0].scores.all()) == [80, 81, 82]


def test_results_are_told_on_the_page(accepted, enter, people):  # noqa: F811
    client = enter(account(people.unit))
    page = client.get(f"/d/projects/{accepted.pk}").content.decode()
    assert "报送 2023 年成果" in page
    url = f"/projects/projects/{accepted.pk}/results/2023"
    assert client.post(url, {"revenue": "300", "papers": "1"}).status_code == 302
    assert Project.objects.get(pk=accepted.pk).results.get().revenue == 3_000_000
    assert "已知：2023年报送 300 万元" in client.get(url.replace("2023", "2024")).content.decode()
    assert client.get(url.replace("2023", "2026")).status_code == 403
    assert enter(account(people.officer)).get("/projects/due").status_code == 200


def test_everybody_reads_the_open_lists_and_nothing_before(challenge, client, people, now):  # noqa: F811
    assert challenge.title in client.get("/public/catalogues/challenges").content.decode()
    with on(date(2024, 12, 4)) as at:
        take("fail", challenge, actor=people.officer, at=at, reason="无人应榜")
        assert Challenge.objects.get().title not in client.get("/public/catalogues/challenges").content.decode()


def test_a_day_that_cannot_be_read_is_said_and_none_other_put_in_its_place(evaluated, three, enter, people):  # noqa: F811
    bid = three[0]
    Challenge.objects.filter(pk=evaluated.pk).update(state="matching")
    before = bid.talks.count()
    told = {"held_on": "明天", "note": "看了产线"}
    page = enter(account(people.officer)).post(f"/projects/bids/{bid.pk}/talk", told, follow=True).content.decode()
    assert "日期“明天”看不明白" in page and bid.talks.count() == before
