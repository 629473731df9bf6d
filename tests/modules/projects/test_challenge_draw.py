"""The experts who judge the bids on one problem come from a draw, and only they may have points entered."""
# ruff: noqa: F811 - fixtures are asked for by name

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from keji.kernel.records.flow import Refused, take
from keji.modules.experts.models import Draw
from keji.modules.experts.services.drawing import draw_with_witness
from keji.modules.experts.services.freezing import freeze_draw
from keji.modules.projects.challenges.services import evaluating
from keji.modules.projects.reviews.services import drawing
from tests.modules.experts.conftest import make_experts  # noqa: F401
from tests.modules.projects.telling import on
from tests.modules.projects.test_challenges import NEED, bidders, challenge, evaluated, programme, three  # noqa: F401

pytestmark = pytest.mark.django_db
ASKED, REVIEW = date(2024, 12, 6), date(2024, 12, 7)


def test_only_those_drawn_judge_the_bids_and_nobody_of_the_bidders_is_drawn(evaluated, three, make_experts, people):
    make_experts(9)
    own = make_experts(2, party=three[0].party)
    firm = make_experts(1, party=evaluated.party)
    with on(ASKED) as at:
        number = drawing.ask_for_challenge_draw(evaluated, size=3, review_on=REVIEW, actor=people.officer, at=at)
        evaluated.refresh_from_db()
        with pytest.raises(Refused, match=f"已申请抽取 {number}"):
            drawing.ask_for_challenge_draw(evaluated, size=3, review_on=REVIEW, actor=people.officer, at=at)
        draw = freeze_draw(Draw.objects.get(number=number), actor=people.second, at=at)
        avoided = set(draw.pool.filter(state="avoided").values_list("expert_id", flat=True))
        assert avoided == {e.pk for e in (*own, *firm)}
        draw = draw_with_witness(draw, "20241206", actor=people.inspector, at=at)
        points = {b.pk: [Decimal(80)] * 3 for b in three}
        said = {b.pk: "技术路线可行" for b in three}
        with pytest.raises(Refused, match="启封后才能登记"):
            evaluating.record_scores(evaluated, [], points, said, actor=people.officer, at=at)
        assert drawing.drawn_experts(evaluated) == []
    with on(REVIEW) as at:
        take("open", draw, actor=people.officer, at=at)
        judges = drawing.drawn_experts(evaluated)
        other = [*judges[:2], {"name": "熟人", "unit": "某大学"}]
        with pytest.raises(Refused, match="结果一致"):
            evaluating.record_scores(evaluated, other, points, said, actor=people.officer, at=at)
        evaluating.record_scores(evaluated, judges, points, said, actor=people.officer, at=at)
    evaluated.refresh_from_db()
    assert evaluated.draw_number == number and {s.expert for s in three[0].scores.all()} == {p["name"] for p in judges}


def test_the_page_asks_for_the_draw_and_then_only_the_points_are_left_to_write(
    evaluated, three, make_experts, people, enter
):
    from keji.kernel.people.models import Account

    make_experts(9)
    client = enter(Account.objects.get(pk=people.officer.id))
    url = f"/projects/challenges/{evaluated.pk}/draw"
    with on(ASKED) as at:
        assert "申请抽取专家" in client.get(f"/d/challenges/{evaluated.pk}").content.decode()
        client.post(url, {"size": "4", "review_on": "2024-12-07", "outside": 0, "finance": 0, "substitutes": 2})
        evaluated.refresh_from_db()
        assert evaluated.draw_number == ""  # even
        client.post(url, {"size": "3", "review_on": "2024-12-07", "outside": 0, "finance": 0, "substitutes": 2})
        evaluated.refresh_from_db()
        draw = freeze_draw(Draw.objects.get(number=evaluated.draw_number), actor=people.second, at=at)
        draw_with_witness(draw, "20241206", actor=people.inspector, at=at)
        assert all(s.expert.person.name not in client.get(f"/d/challenges/{evaluated.pk}").content.decode()
                   for s in draw.seats.select_related("expert__person"))  # fmt: skip
    with on(REVIEW) as at:
        take("open", Draw.objects.get(pk=draw.pk), actor=people.officer, at=at)
        page = client.get(f"/projects/challenges/{evaluated.pk}/scores").content.decode()
        assert all(f"{p['name']}，{p['unit']}，" in page for p in drawing.drawn_experts(evaluated))


def test_those_who_argue_about_a_problem_are_drawn_too_and_nobody_of_the_asking_firm(
    firm, programme, make_experts, people, enter, now
):
    from keji.kernel.people.models import Account
    from keji.modules.projects.challenges.services import challenges

    make_experts(9)
    own = make_experts(2, party=firm)
    row = NEED | {"party": firm}
    challenge = challenges.create_challenges([row], actor=people.unit, at=now, source="page")[0]
    challenge = take("file", challenge, actor=people.unit, at=now)
    client = enter(Account.objects.get(pk=people.officer.id))
    url = f"/projects/challenges/{challenge.pk}/argue"
    said = {"programme": programme, "closes_on": date(2025, 1, 20), "contact": "高新科"}
    with on(ASKED) as at:
        assert "申请抽取专家" in client.get(f"/d/challenges/{challenge.pk}").content.decode()
        asked = {"size": "3", "review_on": "2024-12-07", "outside": 0, "finance": 0, "substitutes": 2}
        client.post(f"{url}/draw", asked)
        challenge.refresh_from_db()
        draw = freeze_draw(Draw.objects.get(number=challenge.argue_draw), actor=people.second, at=at)
        assert set(draw.pool.filter(state="avoided").values_list("expert_id", flat=True)) == {e.pk for e in own}
        draw = draw_with_witness(draw, "20241206", actor=people.inspector, at=at)
        typed = [{"name": f"熟人{n}", "unit": "某大学"} for n in "甲乙丙"]
        told = {"argued": "需求真实，指标可考核，建议发榜。", "held_on": ASKED, "actor": people.officer, "at": at}
        with pytest.raises(Refused, match="启封后才能登记凝练论证"):
            challenges.argue(challenge, said, panel=typed, **told)
    with on(REVIEW) as at:
        take("open", draw, actor=people.officer, at=at)
        judges = drawing.drawn_experts(challenge, drawing.ARGUE)
        assert all(f"{p['name']}，{p['unit']}" in client.get(url).content.decode() for p in judges)
        with pytest.raises(Refused, match="论证专家应与抽取"):
            challenges.argue(challenge, said, panel=typed, **told | {"held_on": REVIEW, "at": at})
        challenges.argue(challenge, said, panel=judges, **told | {"held_on": REVIEW, "at": at})
    challenge.refresh_from_db()
    assert challenge.panel == judges and challenge.draw_number == ""
