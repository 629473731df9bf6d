"""Two editions: what differs, what is carried over, what stays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.kernel.audit.models import Entry
from keji.kernel.indicators import indicator
from keji.kernel.indicators.models import Target
from keji.kernel.people.models import Section
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.models import stamp
from keji.modules.plan.models import Allocation, FollowUp, Plan, PlanTarget, TargetProgress
from keji.modules.plan.services import revision, targets

from . import adopting

REVISED = {
    "750家": "760家",
    "科技特派团达到20家": "科技特派团达到25家以上",
    "举办科技创新项目资源对接会2场、": "",
    "产业产值34亿元以上": "产业产值34亿元以上、引进人工智能领军企业2家",
    "强化科创平台增效": "强化科技创新平台增效",
}


@pytest.fixture(autouse=True)
def small_catalogue(monkeypatch):
    monkeypatch.setattr(indicator, "_catalogue", adopting.catalogue())


@pytest.fixture
def officer(person, actor_for):
    return actor_for(person("officer", name="张科长"))


@pytest.fixture
def section(db):
    return Section.objects.create(code="gaoxin", name="高新技术科", order=1)


@pytest.fixture
def old(city, officer, now, section):
    plan = adopting.read(city, officer, now)
    other = Section.objects.create(code="nongcun", name="农村科技科", order=2)
    adopting.settle_all(plan, officer, now, section)
    targets.assign([plan.targets.get(value=750)], targets.Assignment(section=other), actor=officer, at=now)
    return take("adopt", plan, actor=officer, at=now)


def revised(city, officer, now, old):
    text = adopting.PLAN.read_text()
    for before, after in REVISED.items():
        assert before in text
        text = text.replace(before, after)
    return adopting.read(city, officer, now, text.encode(), name="修订.txt", supersedes=old)


@pytest.mark.django_db
def test_a_revision_shows_what_was_added_removed_and_changed(city, officer, now, old):
    new = revised(city, officer, now, old)
    assert new.edition == 2 and new.supersedes == old and new.state == "draft"
    rows = revision.differences(list(old.targets.all()), list(new.targets.all()))
    changed = {r.new.subject: r.changes for r in rows if r.kind == "changed"}
    assert changed["高新技术企业总数"] == (("目标值", "不低于 750 家", "不低于 760 家"),)
    assert changed["科技特派团"] == (("目标值", "20 家", "不低于 25 家"),)
    assert [r.new.subject for r in rows if r.kind == "added"] == ["人工智能领军企业"]
    assert [r.old.subject for r in rows if r.kind == "removed"] == ["科技创新项目资源对接会"]
    lines = [p for p in revision.text_changes(old.lines, new.lines) if not p.same]
    marked = {t for p in lines for t, on in p.new if on}
    assert {"760", "25"} <= marked and all(p.old_number and p.new_number for p in lines)


@pytest.mark.django_db
def test_a_revision_starts_from_what_was_decided_before(city, officer, now, old):
    new = revised(city, officer, now, old)
    assert new.targets.get(value=760).section_id == "nongcun"
    assert new.targets.get(value=760).indicator == "hnte_stock"
    assert new.targets.get(subject="人工智能领军企业").section is None
    assert set(new.items.filter(kind="task").values_list("section", flat=True)) == {"gaoxin"}


@pytest.mark.django_db
def test_adopting_a_revision_supersedes_and_carries_over(city, officer, now, old, section):
    before = old.targets.get(value=750)
    share = Allocation(number="FJ-2024-0001", region_id="341502", target=before, value=Decimal(200))
    stamp(share, actor=officer, at=now, state="confirmed", source="bureau")
    share.save()
    team = old.targets.get(subject="科技特派团")
    TargetProgress.objects.create(
        target=team, region=city, period="2024-10", value=12, evidence="台账", filed_by="李", filed_at=now
    )
    first = FollowUp.objects.get(title="强化科创平台增效")
    new = revised(city, officer, now, old)
    adopting.settle_all(new, officer, now, section)
    new = take("adopt", new, actor=officer, at=now)
    old.refresh_from_db()
    assert (old.state, new.state) == ("superseded", "adopted")
    assert old.targets.count() == 32 and old.targets.get(value=750)  # history stays
    share.refresh_from_db()
    assert share.target == new.targets.get(value=760) and share.state == "confirmed"
    assert TargetProgress.objects.get().target == new.targets.get(subject="科技特派团")
    first.refresh_from_db()
    assert first.item.plan == new and first.title == "强化科技创新平台增效"
    assert FollowUp.objects.count() == 16
    assert Target.objects.get(indicator="hnte_stock").value == 760
    entry = Entry.objects.get(action="由修订版取代")
    assert entry.actor_name == "张科长" and entry.changes["state"] == ["adopted", "superseded"]
    changed = Entry.objects.filter(action="下达市级目标", subject__contains="hnte_stock").order_by("position").last()
    assert changed.changes["value"][1] == "760.0000" and changed.changes["value"][0] == "750.0000"


@pytest.mark.django_db
def test_an_indicator_that_is_no_longer_in_the_plan_loses_its_target(city, officer, now, old, section):
    new = revised(city, officer, now, old)
    targets.drop([new.targets.get(value=760)], reason="改由省里统计", actor=officer, at=now)
    adopting.settle_all(new, officer, now, section)
    take("adopt", new, actor=officer, at=now)
    assert set(Target.objects.values_list("indicator", flat=True)) == {"sme_listed", "rnd_growth"}
    assert Entry.objects.filter(action="撤销市级目标").count() == 1


@pytest.mark.django_db
def test_there_is_one_revision_at_a_time_and_only_of_the_running_edition(city, officer, now, old):
    new = revised(city, officer, now, old)
    assert revised(city, officer, now, old).pk == new.pk  # the same file again
    with pytest.raises(Refused, match="已有一份待采用的修订版"):
        adopting.read(city, officer, now, "2024年工作要点\n新增平台5家。".encode(), supersedes=old)
    with pytest.raises(Refused, match="只能修订执行中的"):
        adopting.read(city, officer, now, "2024年工作要点\n新增平台5家。".encode(), supersedes=new)
    take("discard", new, actor=officer, at=now, reason="重新起草")
    assert revised(city, officer, now, old).pk != new.pk
    with pytest.raises(Refused, match="自动办理"):
        take("supersede", old, actor=officer, at=now)


@pytest.mark.django_db
def test_a_second_plan_for_the_year_that_is_no_revision_is_refused(city, officer, now, old, section):
    rival = adopting.read(city, officer, now, "2024年工作要点\n新增创新平台5家。".encode())
    adopting.settle_all(rival, officer, now, section)
    with pytest.raises(Refused, match="请以“修订版”上传"):
        take("adopt", rival, actor=officer, at=now)
    assert Plan.objects.filter(state="adopted").count() == 1


@pytest.mark.django_db
def test_the_comparison_page_shows_both_editions(city, officer, now, old, person, enter):
    new = revised(city, officer, now, old)
    client = enter(person("county", region="341502"))
    text = client.get(f"/plan/{new.pk}/compare").content.decode()
    assert "调整 2 个 · 新增 1 个 · 取消 1 个" in text and "<ins>760</ins>" in text and "<del>750</del>" in text
    assert "不是修订版" in client.get(f"/plan/{old.pk}/compare").content.decode()


def target(subject, value=1, op="ge", unit="家", verb="", **more):
    more |= {"unit": unit, "unit_base": unit, "due_on": date(2024, 12, 31)}
    return PlanTarget(subject=subject, value=value, op=op, verb=verb, **more)


def test_the_same_target_is_found_under_another_name_but_not_across_units():
    old = [target("高新技术企业总数"), target("产值", unit="元"), target("高新技术企业", verb="新增")]
    new = [target("高企总数", 2), target("产值", unit="%"), target("新增高新技术企业", 9)]
    pairs = revision.pair(old, new)
    assert pairs[0] == (old[0], new[0]) and pairs[1] == (None, new[1]) and pairs[2] == (old[2], new[2])
    assert pairs[3] == (old[1], None)


SUBJECTS = st.lists(st.sampled_from(["高企总数", "科小", "平台", "产值", "特派团", "财政占比"]), max_size=6)


@given(SUBJECTS, SUBJECTS)
def test_pairing_loses_and_doubles_nothing(before, after):
    old, new = [target(s) for s in before], [target(s) for s in after]
    pairs = revision.pair(old, new)
    assert [id(n) for _, n in pairs if n is not None] == [id(n) for n in new]
    assert sorted(id(o) for o, _ in pairs if o is not None) == sorted(id(o) for o in old)


LINES = st.lists(st.text("甲乙丙12。", max_size=6), max_size=8)


@given(LINES, LINES)
def test_the_text_comparison_gives_back_both_texts(old, new):
    pairs = revision.text_changes(old, new)
    assert ["".join(t for t, _ in p.old) for p in pairs if p.old_number] == old
    assert ["".join(t for t, _ in p.new) for p in pairs if p.new_number] == new
    for p in pairs:
        if p.old_number and p.new_number and not p.same:
            kept = ["".join(t for t, on in side if not on) for side in (p.old, p.new)]
            assert kept[0] == kept[1]
