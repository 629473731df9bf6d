"""Steps: one way to change a state, asked again at the last moment."""

from __future__ import annotations

import pytest

from keji.kernel.audit.models import Entry
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused, deadline, take, take_all
from keji.kernel.records.models import next_numbers
from keji.kernel.records.saving import whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def figure(city, now, person):
    clerk = person("county", region="341502")
    return ReportedFigure.objects.create(
        number="SB-2024-0001", region_id="341502", indicator="rd", period="2024", value=1, caliber="全口径",
        owner="统计局", state="draft", created_at=now, updated_at=now, created_by=clerk,
    )  # fmt: skip


def test_a_step_moves_the_state_and_leaves_one_entry(figure, now, person, actor_for):
    clerk = actor_for(figure.created_by)
    done = take("send", figure, actor=clerk, at=now)
    assert (done.state, done.state_since) == ("sent", now)
    entry = Entry.objects.get()
    assert (entry.action, entry.changes["state"]) == ("报送", ["draft", "sent"])


def test_whoever_comes_second_is_told_the_state_has_changed(figure, now, actor_for):
    clerk = actor_for(figure.created_by)
    stale = ReportedFigure.objects.get(pk=figure.pk)
    take("send", figure, actor=clerk, at=now)
    with pytest.raises(Refused, match="当前状态是“待确认”"):
        take("send", stale, actor=clerk, at=now)


def test_many_records_take_a_step_together_or_none_does(figure, now, actor_for, django_assert_max_num_queries):
    clerk = actor_for(figure.created_by)
    for n in range(2, 9):
        figure.pk, figure.number, figure.period = None, f"SB-2024-000{n}", str(2024 - n)
        figure.save()
    rows = list(ReportedFigure.objects.order_by("pk"))
    with django_assert_max_num_queries(20):
        take_all("send", rows, actor=clerk, at=now)
    assert set(ReportedFigure.objects.values_list("state", "state_since")) == {("sent", now)}
    assert Entry.objects.filter(action="报送", changes={"state": ["draft", "sent"]}).count() == 8
    ReportedFigure.objects.exclude(pk=rows[-1].pk).update(state="draft")
    with pytest.raises(Refused, match="当前状态是“待确认”"):
        take_all("send", rows, actor=clerk, at=now)
    assert ReportedFigure.objects.filter(state="sent").count() == 1
    assert Entry.objects.count() == 8


def test_a_step_that_does_more_than_move_is_taken_one_by_one(figure, now, actor_for, person):
    take("send", figure, actor=actor_for(figure.created_by), at=now)
    with pytest.raises(TypeError, match="one by one"):
        take_all("send_back", [figure], actor=actor_for(person("officer")), at=now)


def test_another_countys_clerk_is_refused(figure, now, person, actor_for):
    with pytest.raises(Refused, match="不在您的县区"):
        take("send", figure, actor=actor_for(person("county", region="341503")), at=now)


def test_a_role_the_step_does_not_name_is_told_who_does_it(figure, now, actor_for, person):
    take("send", figure, actor=actor_for(figure.created_by), at=now)
    with pytest.raises(Refused, match="确认由业务科室办理"):
        take("confirm", figure, actor=actor_for(figure.created_by), at=now)


def test_sending_back_needs_a_reason(figure, now, actor_for, person):
    take("send", figure, actor=actor_for(figure.created_by), at=now)
    officer = actor_for(person("officer"))
    with pytest.raises(Refused, match="需要写明理由"):
        take("send_back", figure, actor=officer, at=now, reason="  ")
    assert take("send_back", figure, actor=officer, at=now, reason="口径不对").state == "returned"


def test_a_reason_longer_than_what_is_kept_of_it_is_refused_with_its_length(figure, now, actor_for, person):
    take("send", figure, actor=actor_for(figure.created_by), at=now)
    with pytest.raises(Refused, match="理由最多 500 字，现有 501 字"):
        take("send_back", figure, actor=actor_for(person("officer")), at=now, reason="错" * 501)
    assert take("send_back", figure, actor=actor_for(person("officer")), at=now, reason="错" * 500).state == "returned"


def test_a_line_of_a_reason_counts_as_one_character_as_in_the_box_it_was_typed_in(figure, now, actor_for, person):
    take("send", figure, actor=actor_for(figure.created_by), at=now)
    reason = "错\r\n" * 249 + "错错"
    assert take("send_back", figure, actor=actor_for(person("officer")), at=now, reason=reason).state == "returned"
    assert len(whole(reason, 500, "理由")) == 500


def test_a_refused_step_changes_nothing(figure, now):
    with pytest.raises(Refused):
        take("confirm", figure, actor=Actor(id=9, name="路人"), at=now)
    figure.refresh_from_db()
    assert figure.state == "draft"
    assert not Entry.objects.exists()


def test_offered_steps_carry_the_reason_they_are_refused(figure, actor_for, person):
    steps = ReportedFigure.flow.offered(actor_for(person("leader")), figure)
    offered = {step.name: why for step, why in steps}
    assert offered == {"send": "报送由业务科室、县区科技局办理"}


def test_numbers_run_on_within_prefix_and_year(db):
    assert next_numbers("ZS", 2024, 2) == ["ZS-2024-0001", "ZS-2024-0002"]
    assert next_numbers("ZS", 2024) == ["ZS-2024-0003"]
    assert next_numbers("ZS", 2025) == ["ZS-2025-0001"]


def test_a_record_without_limits_has_no_deadline(figure):
    from keji.kernel.calendar.models import work_calendar

    assert deadline(figure, work_calendar()) is None
