"""Who is asked to a blind review can keep away from a unit without being told which units apply."""

from __future__ import annotations

import pytest

from keji.kernel.parties.models import Party
from keji.modules.experts.asking import Subject
from keji.modules.experts.models import Seat, Tie
from keji.modules.experts.services import declaring
from keji.modules.experts.services.drawing import draw_with_witness
from keji.modules.experts.services.freezing import freeze_draw

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(ask, make_experts, make_party, people, person, now):
    """asked(blind=True) → a seat of a drawn panel whose expert can log in; two units are under review among forty."""

    def make(**values):
        units = [make_party(f"六安第{n:02d}机械有限公司") for n in range(40)]
        make_experts(10)
        subjects = [
            Subject("XS-2024-0001", "甲项目", (units[3].pk,)),
            Subject("XS-2024-0002", "乙项目", (units[7].pk,)),
        ]
        draw = freeze_draw(ask(subjects, **values), actor=people.second, at=now)
        draw = draw_with_witness(draw, "20241206", actor=people.inspector, at=now)
        seat = draw.seats.select_related("expert__person", "draw").order_by("order").first()
        seat.expert.person.account = person("expert", "asked-expert")
        seat.expert.person.save()
        return seat, units[3], units[7]

    return make


def test_the_list_of_a_blind_draw_hides_who_applies_among_others(asked):
    seat, *applicants = asked(blind=True)
    listed = declaring.named_units(seat.draw)
    names = [name for _, name in listed]
    assert len(names) == declaring.LEAST and names == sorted(names)
    assert {u.pk for u in applicants} < {key for key, _ in listed}
    assert declaring.named_units(seat.draw) == listed  # looking twice tells no more than looking once


def test_an_open_draw_names_just_the_units_under_review(asked):
    seat, *applicants = asked()
    assert [key for key, _ in declaring.named_units(seat.draw)] == [u.pk for u in applicants]


def test_a_larger_batch_gets_three_others_beside_each_unit(asked, make_party):
    seat, *_ = asked(blind=True)
    subject = seat.draw.subjects.first()
    subject.parties = list(Party.objects.order_by("pk").values_list("pk", flat=True)[:9])
    subject.save()
    [make_party() for _ in range(20)]
    Party.objects.update(created_at=seat.draw.created_at)
    concerned = len(declaring.units_under_review(seat.draw))
    assert len(declaring.named_units(seat.draw)) == max(declaring.LEAST, concerned * 4)


def test_whoever_marks_a_unit_under_review_is_let_go_and_any_other_stays(asked, enter):
    seat, applicant, _ = asked(blind=True)
    client = enter(seat.expert.person.account)
    page = client.get("/experts/mine").content.decode()
    assert "匿名评审" in page and applicant.name in page and "3号项目" not in page
    concerned = declaring.units_under_review(seat.draw)
    harmless = next(key for key, _ in declaring.named_units(seat.draw) if key not in concerned)
    client.post(f"/experts/seats/{seat.pk}/answer", {"answer": "accept", "tied": [999_999]})
    assert Seat.objects.get(pk=seat.pk).state == "asked" and not Tie.objects.exists()
    client.post(f"/experts/seats/{seat.pk}/answer", {"answer": "accept", "tied": [harmless]})
    assert Seat.objects.get(pk=seat.pk).state == "accepted"
    assert Tie.objects.get().party_id == harmless
    told = client.post(f"/experts/seats/{seat.pk}/answer", {"answer": "accept", "tied": [applicant.pk]}, follow=True)
    left = Seat.objects.get(pk=seat.pk)
    assert (left.state, left.why) == ("declined", "conflict") and "需要回避" in told.content.decode()
    assert Seat.objects.filter(after=left).exists()  # the next in the published order
