"""A candidate is tutored step by step, recommended when its steps are done, and has its result by number."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest

from keji.kernel.people.models import Account
from keji.kernel.records.flow import Refused, take
from keji.modules.platforms.cultivation import services as cultivation
from keji.modules.platforms.cultivation.forms import CultivationForm
from keji.modules.platforms.models import Cultivation
from keji.site.todo import todo_items
from tests.modules.platforms.telling import standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidate(people, firm, now):
    row = {"party": firm, "kind": "enterprise_rnd_centre", "level": "provincial", "gaps": "场地差 200 平方米"}
    return cultivation.name_candidates([row], actor=people.officer, at=now, source="page")[0]


def test_from_candidate_to_recognised(people, firm, candidate, now):
    with pytest.raises(Refused, match="还没有确定辅导人"):
        take("tutor", candidate, actor=people.officer, at=now)
    tutor = Account.objects.get(username="officer-a")
    cultivation.correct_candidate(candidate, {"tutor": tutor}, actor=people.officer, at=now)
    with pytest.raises(Refused, match="还没有培育事项"):
        take("tutor", candidate, actor=people.officer, at=now)
    cultivation.add_step(candidate, "扩建场地", date(2024, 12, 20), actor=people.county, at=now)
    record = take("tutor", candidate, actor=people.officer, at=now)
    cultivation.record_tutor_visit(record, now.date(), "看了场地", actor=people.officer, at=now)
    with pytest.raises(Refused, match="还有 1 项培育事项"):
        take("apply", record, actor=people.officer, at=now)
    assert [i for i in todo_items(people.officer) if i["number"] == record.number] == []
    step = record.plan_steps.get()
    cultivation.finish_step(step, now.date(), "已完成", actor=people.county, at=now)
    with pytest.raises(Refused, match="已于2024年11月12日办结"):
        cultivation.finish_step(step, now.date(), "", actor=people.county, at=now)
    assert [i["step"] for i in todo_items(people.officer) if i["number"] == record.number] == ["推荐申报"]
    record = take("apply", record, actor=people.county, at=now)
    with pytest.raises(Refused, match="没有编号为 PT-2024-0009"):
        take("succeed", record, actor=people.officer, at=now, platform="PT-2024-0009")
    city = standing(firm, now)
    with pytest.raises(Refused, match="不是省级企业研发中心"):
        take("succeed", record, actor=people.officer, at=now, platform=city.number)
    province = standing(firm, now, level="provincial", name="安徽省某研发中心")
    record = take("succeed", record, actor=people.officer, at=now, platform=province.number.lower())
    assert (record.state, record.result) == ("succeeded", f"安徽省某研发中心（{province.number}）")


def test_what_is_sent_twice_over_a_slow_line_is_written_once(people, candidate, now):
    for _ in "12":
        with suppress(Refused):
            cultivation.add_step(candidate, "扩建场地", date(2024, 12, 20), actor=people.county, at=now)
            cultivation.record_tutor_visit(candidate, now.date(), "看了场地", actor=people.officer, at=now)
    with pytest.raises(Refused, match="没有重复登记"):
        cultivation.record_tutor_visit(candidate, now.date(), "看了场地", actor=people.officer, at=now)
    step = candidate.plan_steps.get()
    assert candidate.visits.count() == 1
    cultivation.drop_step(step, actor=people.county, at=now)
    with pytest.raises(Refused, match="刚才已经删去"):
        cultivation.drop_step(step, actor=people.county, at=now)


def test_the_same_unit_is_not_named_twice_for_the_same_thing(people, firm, candidate):
    row = {"party": firm.uscc, "kind": "enterprise_rnd_centre", "level": "provincial"}
    form = CultivationForm(row, actor=people.officer)
    assert form.is_valid(), form.errors
    assert "已在培育" in CultivationForm.check_many([form.cleaned_data], people.officer)[0][0][1]


def test_another_county_cannot_write_and_a_host_only_reads(people, candidate, enter, now):
    with pytest.raises(Refused, match="不在您的办理范围内"):
        cultivation.add_step(candidate, "x", date(2024, 12, 20), actor=people.other_county, at=now)
    host = enter(Account.objects.get(username="host-a"))
    assert "场地差 200 平方米" in host.get(f"/d/platform-cultivation/{candidate.pk}").content.decode()
    url = f"/platforms/cultivation/{candidate.pk}/steps"
    assert host.post(url, {"title": "x", "due_on": "2024-12-20"}).status_code == 403
    other = enter(Account.objects.get(username="county-b"))
    assert other.post(url, {"title": "x", "due_on": "2024-12-20"}).status_code == 404


def test_small_acts_on_the_page(people, candidate, enter, now):
    officer = enter(Account.objects.get(username="officer-a"))
    base = f"/platforms/cultivation/{candidate.pk}"
    officer.post(f"{base}/steps", {"title": "扩建场地", "due_on": "2024-12-20"})
    officer.post(f"{base}/steps", {"title": "", "due_on": "2024-12-20"})
    step = Cultivation.objects.get().plan_steps.get()
    officer.post(f"/platforms/cultivation/steps/{step.pk}/done", {"done_on": "2024-11-30", "note": ""})
    assert Cultivation.objects.get().plan_steps.get().done_on is None  # a day that has not come
    officer.post(f"/platforms/cultivation/steps/{step.pk}/done", {"done_on": "2024-11-12", "note": ""})
    assert Cultivation.objects.get().plan_steps.get().done_on == date(2024, 11, 12)
    officer.post(f"{base}/visits", {"on": "2024-11-11", "note": "看了"})
    assert "看了" in officer.get(f"/d/platform-cultivation/{candidate.pk}").content.decode()
