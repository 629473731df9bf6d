"""From the uploaded document to the adopted plan."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest

from keji.kernel.audit.log import verify
from keji.kernel.audit.models import Entry
from keji.kernel.indicators import indicator
from keji.kernel.indicators.models import Target
from keji.kernel.people.models import Section
from keji.kernel.records.flow import Refused, take
from keji.lib.plantext import PlanError
from keji.modules.plan.models import FollowUp, Item, Plan
from keji.modules.plan.services import targets
from keji.modules.plan.services.targets import Assignment

from . import adopting

pytestmark = pytest.mark.django_db


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
def plan(city, officer, now):
    return adopting.read(city, officer, now)


def by_subject(plan, words):
    return plan.targets.get(subject__contains=words, op__in=["ge", "eq", "about", "growth_ge"])


def test_the_real_plan_is_read_with_its_actions_tasks_and_measures(plan):
    assert plan.title == "市科技局2024年全市科技工作要点"
    assert plan.state == "draft" and plan.edition == 1 and plan.number == "YD-2024-0001"
    assert plan.items.filter(kind="action").count() == 5
    tasks = plan.items.filter(kind="task")
    assert [t.number for t in tasks] == [str(n) for n in range(1, 17)]
    first = tasks[0]
    assert first.title == "强化创新主体培育" and first.parent.title == "创新主体扩容行动"
    assert [m.text[-12:] for m in first.children.all()][-1].endswith("1350家。")
    assert plan.source_blob.read() == adopting.PLAN.read_bytes()


def test_every_quantified_target_of_the_real_plan_is_there_once_with_all_its_places(plan):
    said = {(t.subject, t.op, t.value and t.value.normalize()): t for t in plan.targets.all()}
    hnte = by_subject(plan, "高新技术企业总数")
    assert [p["line"] for p in hnte.places] == [6, 9] and hnte.value == 750 and hnte.op == "ge"
    assert by_subject(plan, "全社会研发").op == "growth_ge"
    assert by_subject(plan, "产业产值").value_base == Decimal("3400000000")
    assert by_subject(plan, "财政科技支出占比").value == Decimal("1.8")
    assert {t.op for t in said.values()} >= {"coverage_all", "drive_to_zero", "milestone", "about"}
    values = sorted(int(t.value) for t in plan.targets.all() if t.value is not None and t.unit != "%")
    assert values == sorted([750, 1350, 4, 1, 2500, 20, 10, 3, 3, 5, 34, 10, 5, 2, 10])
    for target in plan.targets.all():
        for place in target.places:
            assert plan.lines[place["line"] - 1][place["start"] : place["end"]] == place["text"]


def test_targets_know_their_task_and_where_their_figure_comes_from(plan):
    hnte, sme = by_subject(plan, "高新技术企业总数"), plan.targets.get(value=1350)
    assert (hnte.basis, hnte.indicator) == ("indicator", "hnte_stock")
    assert hnte.item.title == "强化创新主体培育" and hnte.by_county
    assert sme.indicator == "sme_listed"
    assert sme.curve == {"kind": "season", "opens_on": "2024-06-27", "due_on": "2024-12-31"}
    assert by_subject(plan, "全社会研发").indicator == "rnd_growth"
    assert plan.targets.get(subject__contains="毕业企业").basis == "reported"
    assert set(plan.targets.filter(op="milestone").values_list("basis", flat=True)) == {"milestone"}
    assert plan.targets.filter(indicator="hnte_stock").count() == 1
    assert all(t.due_on == date(2024, 12, 31) for t in plan.targets.all())


def test_a_contradiction_waits_for_a_person_and_their_choice_is_kept(plan, officer, now):
    sme = plan.targets.get(value=1350)
    assert "1350家以上" in sme.conflict and "重新入库" in sme.conflict
    assert plan.targets.exclude(conflict="").count() == 2
    with pytest.raises(Refused, match="表述不一致"):
        take("adopt", plan, actor=officer, at=now)
    targets.settle(sme, 1, actor=officer, at=now)
    sme.refresh_from_db()
    assert (sme.op, sme.conflict, len(sme.places)) == ("eq", "", 2)
    entry = Entry.objects.filter(action="选定表述").get()
    assert "第9行" in entry.reason and entry.actor_name == "张科长"
    with pytest.raises(Refused, match="已经选定"):
        targets.settle(sme, 0, actor=officer, at=now)


def test_adopting_publishes_targets_and_opens_follow_ups(plan, officer, now, section, person):
    leader = person("leader", name="王局长")
    first = plan.items.filter(kind="action").first()
    targets.assign_item(first, Assignment(leader=leader), with_targets=False, actor=officer, at=now)
    adopting.settle_all(plan, officer, now, section)
    adopted = take("adopt", plan, actor=officer, at=now)
    assert adopted.state == "adopted" and adopted.adopted_on == date(2024, 11, 12)
    published = {t.indicator: t for t in Target.objects.filter(region=plan.region, year=2024)}
    assert set(published) == {"hnte_stock", "sme_listed", "rnd_growth"}
    assert published["hnte_stock"].value == 750 and published["hnte_stock"].op == "ge"
    assert published["sme_listed"].curve["opens_on"] == "2024-06-27"
    assert "第6行" in published["hnte_stock"].source
    follow_ups = FollowUp.objects.all()
    assert follow_ups.count() == 16 and {f.state for f in follow_ups} == {"open"}
    assert follow_ups[0].title == "强化创新主体培育" and follow_ups[0].leader == leader
    assert len({f.number for f in follow_ups}) == 16
    assert verify().sound


def test_only_tasks_with_a_lead_section_are_followed_and_later_ones_join(plan, officer, now, section):
    for target in plan.targets.exclude(conflict=""):
        targets.settle(target, 0, actor=officer, at=now)
    targets.assign(list(plan.targets.all()), Assignment(section=section), actor=officer, at=now)
    adopted = take("adopt", plan, actor=officer, at=now)
    assert FollowUp.objects.count() == 0
    task = adopted.items.filter(kind="task").first()
    targets.assign_item(task, Assignment(section=section), with_targets=False, actor=officer, at=now)
    assert FollowUp.objects.get().section == section
    other = Section.objects.create(code="nongcun", name="农村科技科")
    targets.assign_item(task, Assignment(section=other), with_targets=False, actor=officer, at=now)
    assert FollowUp.objects.get().section == other


def test_adopting_says_what_is_missing(plan, officer, now, section):
    for target in plan.targets.exclude(conflict=""):
        targets.settle(target, 0, actor=officer, at=now)
    with pytest.raises(Refused, match="没有确定牵头科室"):
        take("adopt", plan, actor=officer, at=now)
    adopting.settle_all(plan, officer, now, section)
    plan.targets.filter(subject__contains="签约项目").update(basis="indicator", indicator="")
    with pytest.raises(Refused, match="没有选定是哪个指标"):
        take("adopt", plan, actor=officer, at=now)
    plan.targets.filter(subject__contains="签约项目").update(indicator="hnte_stock")
    with pytest.raises(Refused, match="同一个系统指标"):
        take("adopt", plan, actor=officer, at=now)


def test_a_county_cannot_adopt(plan, person, actor_for, now):
    county = actor_for(person("county", region="341502"))
    with pytest.raises(Refused, match="业务科室"):
        take("adopt", plan, actor=county, at=now)
    with pytest.raises(Refused, match="可以查看，不能修改"):
        targets.drop([plan.targets.first()], reason="试试", actor=county, at=now)


def test_pressing_upload_twice_makes_one_plan(city, officer, now, section):
    first = adopting.read(city, officer, now)
    again = adopting.read(city, officer, now, name="另一个名字.txt")
    assert first.pk == again.pk and Plan.objects.count() == 1 and first.items.filter(kind="task").count() == 16
    assert adopting.read(city, officer, now, year=2025).pk != first.pk
    adopting.settle_all(first, officer, now, section)
    take("adopt", first, actor=officer, at=now)
    with pytest.raises(Refused, match="不必重复上传"):
        adopting.read(city, officer, now)


def test_a_discarded_draft_does_not_stand_in_the_way(city, officer, now, plan):
    with pytest.raises(Refused, match="理由"):
        take("discard", plan, actor=officer, at=now)
    take("discard", plan, actor=officer, at=now, reason="传错了文件")
    assert adopting.read(city, officer, now).pk != plan.pk


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("要点.doc", b"\xd0\xcf\x11\xe0 old", "另存为 .docx"),
        ("要点.jpg", b"\xff\xd8\xff", "不支持"),
        ("要点.xlsx", b"PK\x03\x04", "已损坏"),
        ("要点.docx", b"not a word file", "不是有效的 .docx"),
        ("要点.pdf", b"%PDF-1.4 broken", "要点.pdf"),
        ("要点.txt", b"", "空文件"),
        ("要点.txt", b"  \n \n", "没有文字"),
        ("没有扩展名", "文字".encode(), "不支持"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(name, content, words, city, officer, now):
    with pytest.raises(PlanError, match=words):
        adopting.adopt.read_plan(content, name, year=2024, region=city, actor=officer, at=now)
    assert not Plan.objects.exists()


def test_word_and_web_files_give_the_same_targets(city, officer, now):
    import docx

    paper = docx.Document()
    for line in adopting.PLAN.read_text().split("\n"):
        paper.add_paragraph(line)
    file = io.BytesIO()
    paper.save(file)
    lines = "".join(f"<p>{line}</p>" for line in adopting.PLAN.read_text().split("\n"))
    page = f"<html><body>{lines}</body></html>".encode()
    word = adopting.read(city, officer, now, file.getvalue(), name="要点.docx")
    web = adopting.read(city, officer, now, page, name="要点.html")
    assert word.targets.count() == web.targets.count() == 32
    assert web.items.filter(kind="task").count() == 16


def test_a_plan_without_numbering_still_gives_targets(city, officer, now):
    text = "2025年工作安排\n全年新增高新技术企业50家,努力实现100家。\n技术合同成交额突破34亿元。"
    plan = adopting.read(city, officer, now, text.encode("gb18030"), year=2025)
    assert plan.items.count() == 0
    assert [t.optional for t in plan.targets.all()] == [False, True, False]
    assert all(t.item is None for t in plan.targets.all())


def test_a_file_name_keeps_only_its_own_part(city, officer, now):
    plan = adopting.read(city, officer, now, name="C:\\文件\\..\\2024\x07要点.txt")
    assert plan.source_name == "2024要点.txt"


def correction(target, **changes):
    from keji.modules.plan.forms_adopt import TargetForm, initial_of

    values = {k: v for k, v in initial_of(target).items() if v is not None} | changes
    form = TargetForm(values, plan=target.plan)
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_correcting_recomputes_the_base_and_settles_the_conflict(plan, officer, now, section):
    target = plan.targets.get(value=2500)
    assert target.conflict
    values = correction(target, op="ge", value="0.25", unit="万人", section=section.pk)
    targets.correct(target, values, version=targets.version_of(target), actor=officer, at=now)
    target.refresh_from_db()
    assert (target.value_base, target.unit_base, target.conflict) == (2500, "人", "")
    entry = Entry.objects.filter(action="修改目标").get()
    assert entry.changes["op"] == ["eq", "ge"] and entry.changes["section"][1] == "高新技术科"


def test_two_officers_correct_one_target_and_nothing_is_lost(plan, person, actor_for, now):
    one, other = (actor_for(person("officer", f"o{n}", name=f"科员{n}")) for n in (1, 2))
    target = plan.targets.get(value=750)
    seen = targets.version_of(target)
    targets.correct(target, correction(target, value="760"), version=seen, actor=one, at=now)
    with pytest.raises(Refused, match="别人刚修改过"):
        targets.correct(target, correction(target, value="770"), version=seen, actor=other, at=now)
    target.refresh_from_db()
    assert target.value == 760
    targets.correct(target, correction(target, value="770"), version=targets.version_of(target), actor=other, at=now)
    target.refresh_from_db()
    assert target.value == 770


def test_dropping_needs_a_reason_and_can_be_undone(plan, officer, now):
    target = plan.targets.filter(op="milestone").first()
    with pytest.raises(Refused, match="为什么"):
        targets.drop([target], reason=" ", actor=officer, at=now)
    with pytest.raises(Refused, match="理由最多 500 字，现有 501 字"):
        targets.drop([target], reason="错" * 501, actor=officer, at=now)
    targets.drop([target], reason="只是过程", actor=officer, at=now)
    target.refresh_from_db()
    assert target.dropped and not target.tracked
    targets.restore(target, actor=officer, at=now)
    target.refresh_from_db()
    assert target.tracked
    assert set(Entry.objects.values_list("action", flat=True)) >= {"不跟踪", "恢复跟踪"}


def test_two_rows_are_merged_and_taken_apart_again(plan, officer, now):
    one = plan.targets.get(subject__contains="应用场景对接活动")
    other = plan.targets.get(subject__contains="资源对接会")
    main = targets.merge([other, one], actor=officer, at=now)
    other.refresh_from_db()
    assert main.pk == one.pk and other.merged_into_id == main.pk and len(main.places) == 2
    assert "不一致" in main.conflict
    with pytest.raises(Refused, match="两个"):
        targets.merge([one], actor=officer, at=now)
    targets.restore(other, actor=officer, at=now)
    main.refresh_from_db()
    assert len(main.places) == 1 and main.conflict == "" and other.plan.targets.get(pk=other.pk).tracked


def test_a_left_out_figure_becomes_a_target(plan, officer, now):
    values = {"subject": "摸排研发设备", "op": "ge", "value": Decimal(20), "unit": "万元", "due_on": date(2024, 9, 30)}
    made = targets.add(plan, values, line=10, text="20万元", actor=officer, at=now)
    assert made.added and made.item.title == "强化科创平台增效" and made.value_base == 200000
    assert plan.lines[9][made.places[0]["start"] : made.places[0]["end"]] == "20万元"
    with pytest.raises(Refused, match="照原文摘录"):
        targets.add(plan, values, line=10, text="30万元", actor=officer, at=now)
    with pytest.raises(Refused, match="没有第 99 行"):
        targets.add(plan, values, line=99, text="20万元", actor=officer, at=now)


def test_an_adopted_plan_takes_assignments_but_no_corrections(plan, officer, now, section):
    adopting.settle_all(plan, officer, now, section)
    adopted = take("adopt", plan, actor=officer, at=now)
    target = adopted.targets.first()
    with pytest.raises(Refused, match="修订版"):
        targets.drop([target], reason="不要了", actor=officer, at=now)
    other = Section.objects.create(code="nongcun", name="农村科技科")
    assert targets.assign([target], Assignment(section=other, by_county=True), actor=officer, at=now) == 1
    target.refresh_from_db()
    assert target.section == other and not target.by_county


def test_helping_sections_are_added_and_who_leads_does_not_help(plan, officer, now, section):
    one, other = section, Section.objects.create(code="nongcun", name="农村科技科")
    rows = [plan.targets.first()]
    for wanted in (Assignment(section=one), Assignment(helper=other), Assignment(helper=one)):
        targets.assign(rows, wanted, actor=officer, at=now)
    assert [s.pk for s in rows[0].assisting.all()] == ["nongcun"]
    targets.assign(rows, Assignment(section=other), actor=officer, at=now)
    assert not rows[0].assisting.exists()


def test_an_action_assigns_its_tasks_and_their_targets(plan, officer, now, section):
    action = plan.items.filter(kind="action").first()
    targets.assign_item(action, Assignment(section=section), with_targets=True, actor=officer, at=now)
    assert set(action.children.values_list("section", flat=True)) == {"gaoxin"}
    own = plan.targets.filter(item__parent=action)
    assert own.exists() and set(own.values_list("section", flat=True)) == {"gaoxin"}
    assert Item.objects.filter(plan=plan, kind="task", section=None).count() == 12
