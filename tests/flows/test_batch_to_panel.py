"""A review batch asks the pool for its panel and gets whoever the witnessed draw named, on the day and not before."""
# ruff: noqa: F811 - fixtures are asked for by name

from __future__ import annotations

from datetime import date, datetime

import pytest

from keji.kernel import clock
from keji.kernel.parties.models import Person
from keji.kernel.people.roles import Role
from keji.kernel.records.flow import Refused, take
from keji.modules.experts.models import Draw
from keji.modules.experts.services.drawing import draw_with_witness
from keji.modules.experts.services.freezing import freeze_draw
from keji.modules.projects.reviews.services import panel
from keji.modules.projects.reviews.services.drawing import ask_for_draw, take_over_panel
from tests.modules.experts.conftest import make_experts, people  # noqa: F401
from tests.modules.projects.telling import SYSTEM, form_passed, open_guideline

pytestmark = pytest.mark.django_db
REVIEW = date(2024, 11, 14)


@pytest.fixture
def batch(make_party, now):
    call = open_guideline(now)
    form_passed(call, make_party("申报公司"), now)
    row = {"guideline": call, "title": "第一组", "due_on": date(2024, 12, 20)}
    return panel.draft_batches([row], actor=SYSTEM, at=now, source="page")[0]


def drawn(number, people, now):
    draw = freeze_draw(Draw.objects.get(number=number), actor=people.second, at=now)
    return draw_with_witness(draw, "20241112", actor=people.inspector, at=now)


def test_the_panel_is_who_was_drawn_and_only_on_the_review_day(batch, make_experts, people, person, now):
    make_experts(15)
    number = ask_for_draw(batch, size=3, review_on=REVIEW, outside=1, actor=people.officer, at=now)
    batch.refresh_from_db()
    assert batch.draw_number == number
    draw = drawn(number, people, now)
    with pytest.raises(Refused, match="封存中”，评审日启封后"):
        take_over_panel(batch, actor=people.officer, at=now)
    with clock.stopped_at(datetime(2024, 11, 14, 8, 0)):
        at = clock.now()
        take("open", draw, actor=people.officer, at=at)
        with pytest.raises(Refused, match="还没有登录账号"):
            take_over_panel(batch, actor=people.officer, at=at)
        for n, seat in enumerate(draw.seats.select_related("expert__person")):
            Person.objects.filter(pk=seat.expert.person_id).update(account=person("expert", f"expert-{n}"))
        made = take_over_panel(batch, actor=people.officer, at=at)
    assert {r.person_id for r in made} == set(draw.seats.values_list("expert__person_id", flat=True))
    assert {r.draw_number for r in made} == {number}


def test_whoever_works_for_the_applicant_is_avoided_in_the_draw(batch, make_experts, people, now):
    make_experts(9)
    own = make_experts(3, party=batch.proposals.get().party)
    number = ask_for_draw(batch, size=3, review_on=REVIEW, actor=people.officer, at=now)
    draw = freeze_draw(Draw.objects.get(number=number), actor=people.second, at=now)
    assert set(draw.pool.filter(state="avoided").values_list("expert_id", flat=True)) == {e.pk for e in own}


def test_a_second_draw_is_asked_for_only_after_the_first_is_cancelled(batch, make_experts, people, now):
    make_experts(15)
    first = ask_for_draw(batch, size=3, review_on=REVIEW, actor=people.officer, at=now)
    with pytest.raises(Refused, match=f"已申请抽取 {first}"):
        ask_for_draw(batch, size=3, review_on=REVIEW, actor=people.officer, at=now)
    take("cancel", Draw.objects.get(number=first), actor=people.officer, at=now, reason="评审改期")
    second = ask_for_draw(batch, size=5, review_on=REVIEW, actor=people.officer, at=now)
    assert second != first and Draw.objects.filter(number=first, state="cancelled").exists()


def test_a_county_clerk_asks_for_no_panel(batch, person, actor_for, now):
    clerk = actor_for(person("county", "clerk", region="341502"))
    with pytest.raises(Refused):
        ask_for_draw(batch, size=3, review_on=REVIEW, actor=clerk, at=now)
    assert Role.OFFICER not in clerk.roles


def test_an_expert_s_first_page_shows_what_to_answer_and_what_to_review(
    batch,
    make_experts,
    people,
    person,
    client,
    now,
):
    make_experts(15)
    number = ask_for_draw(batch, size=3, review_on=REVIEW, actor=people.officer, at=now)
    draw = drawn(number, people, now)
    who = draw.seats.select_related("expert__person").order_by("order")[0].expert.person
    who.account = person("expert", "drawn")
    who.save()
    client.force_login(who.account, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/").content.decode()
    assert "评审邀请，请答复是否参加" in page and "11月14日评审" in page and "申报公司" not in page
