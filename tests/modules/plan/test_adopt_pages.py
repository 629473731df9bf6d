"""The pages from upload to the adopted plan, as people of each role meet them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from keji.kernel.indicators import indicator
from keji.kernel.people.models import Section
from keji.modules.plan.models import FollowUp, Plan
from keji.modules.plan.services import targets

from . import adopting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_catalogue(monkeypatch):
    monkeypatch.setattr(indicator, "_catalogue", adopting.catalogue())


@pytest.fixture
def section(db):
    return Section.objects.create(code="gaoxin", name="高新技术科", order=1)


@pytest.fixture
def officer(person):
    return person("officer", name="张科长")


@pytest.fixture
def plan(city, officer, actor_for, now):
    return adopting.read(city, actor_for(officer), now)


def upload(client, content=None, name="工作要点.txt", **more):
    file = SimpleUploadedFile(name, content if content is not None else adopting.PLAN.read_bytes())
    return client.post("/plan/upload", {"year": "2024", "file": file, **more})


def page(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_an_officer_uploads_checks_assigns_and_adopts(city, officer, section, enter):
    client = enter(officer)
    assert "/plan/upload" in page(client, "/d/plan/")
    answer = upload(client)
    plan = Plan.objects.get()
    assert answer.url == f"/plan/{plan.pk}/adopt"
    text = page(client, answer.url)
    assert "已识别 32 个目标" in text and "前后表述不一致" in text and "被排除的数字（4）" in text
    assert text.count('class="cite is-') >= 38
    for target in plan.targets.exclude(conflict=""):
        assert client.post(f"/plan/{plan.pk}/adopt/{target.pk}/settle", {"place": "0"}).status_code == 302
    ids = [str(t.pk) for t in plan.targets.all()]
    client.post(f"/plan/{plan.pk}/adopt/bulk", {"ids": ids, "act": "section", "section": section.pk})
    for task in plan.items.filter(kind="task"):
        client.post(f"/plan/{plan.pk}/tree/{task.pk}", {"section": section.pk, "with_targets": "on"})
    assert "可以采用了" in page(client, f"/plan/{plan.pk}/adopt")
    answer = client.post(f"/plan/{plan.pk}/step/adopt")
    assert answer.url == f"/plan/{plan.pk}/tree"
    plan.refresh_from_db()
    assert plan.state == "adopted" and FollowUp.objects.count() == 16
    assert "督办 DB-2024-0001" in page(client, answer.url)
    assert "上传修订版" in page(client, f"/d/plan/{plan.pk}")


def test_uploading_the_same_file_twice_leads_to_the_same_draft(city, officer, enter):
    client = enter(officer)
    first, second = upload(client).url, upload(client).url
    assert first == second and Plan.objects.count() == 1
    assert "没有重复建立" in page(client, second)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.doc", b"x", ".docx"), ("a.docx", b"x", "不是有效的"), ("a.png", b"\x89P", "不支持"), ("a.txt", b"", "空文件")],
)
def test_a_wrong_file_is_answered_with_a_sentence(name, content, words, city, officer, enter):
    answer = upload(enter(officer), content, name)
    assert answer.status_code == 422 and words in answer.content.decode()


def test_a_revision_must_be_of_the_same_year(city, officer, actor_for, now, section, enter, plan):
    from keji.kernel.records.flow import take

    adopting.settle_all(plan, actor_for(officer), now, section)
    take("adopt", plan, actor=actor_for(officer), at=now)
    client = enter(officer)
    answer = upload(client, b"2025\xe5\xb9\xb4", year="2025", supersedes=str(plan.pk))
    assert answer.status_code == 422 and "年度应当填 2024" in answer.content.decode()
    assert "不必重复上传" in upload(client).content.decode()


def test_a_year_that_is_not_the_document_s_is_pointed_out(city, officer, enter):
    client = enter(officer)
    assert "文件里写的是 2024 年，您填的是 2025 年" in page(client, upload(client, year="2025").url)


@pytest.mark.parametrize("path", sorted((adopting.PLAN.parent / "labelled").glob("*.txt")), ids=lambda p: p.stem)
def test_documents_of_many_styles_open_side_by_side(path, city, officer, actor_for, now, enter):
    plan = adopting.read(city, actor_for(officer), now, path.read_bytes(), name=path.name)
    for target in plan.targets.all():
        for place in target.places:
            assert plan.lines[place["line"] - 1][place["start"] : place["end"]] == place["text"]
    client = enter(officer)
    for name in ("adopt", "tree"):
        page(client, f"/plan/{plan.pk}/{name}")


PAGES = ["/plan/{p}/adopt", "/plan/{p}/tree", "/plan/{p}/compare", "/plan/{p}/source", "/d/plan/", "/d/plan/{p}"]
WRITES = [
    "/plan/{p}/step/adopt",
    "/plan/{p}/adopt/bulk",
    "/plan/{p}/adopt/{t}/drop",
    "/plan/{p}/adopt/{t}/restore",
    "/plan/{p}/adopt/{t}/settle",
    "/plan/{p}/adopt/{t}",
    "/plan/{p}/adopt/add",
    "/plan/{p}/tree/{i}",
    "/plan/upload",
]


def addresses(plan, patterns):
    t, i = plan.targets.first().pk, plan.items.first().pk
    return [pattern.format(p=plan.pk, t=t, i=i) for pattern in patterns]


@pytest.mark.parametrize(("role", "region"), [("county", "341502"), ("leader", None), ("inspector", None)])
def test_readers_look_and_do_not_edit(role, region, plan, person, enter):
    client = enter(person(role, region=region))
    for url in addresses(plan, PAGES):
        assert client.get(url).status_code == 200, url
    for url in addresses(plan, WRITES):
        answer = client.post(url)
        assert answer.status_code == 403 and "业务科室" in answer.content.decode(), url
    text = page(client, f"/plan/{plan.pk}/adopt")
    assert "data-drop" not in text and "采用前还要做" in text
    assert 'name="ids"' not in text and "指定责任" not in page(client, f"/plan/{plan.pk}/tree")


@pytest.mark.parametrize("role", ["expert", "commissioner", "system_admin", "security_admin", "audit_admin"])
def test_other_roles_are_kept_out(role, plan, person, enter):
    client = enter(person(role))
    for url in addresses(plan, [*PAGES, *WRITES]):
        assert client.get(url).status_code in (403, 405), url
        assert client.post(url).status_code in (403, 405), url


def test_a_stranger_is_sent_to_log_in(plan, client):
    for url in addresses(plan, PAGES):
        assert client.get(url).url.startswith("/login")


def test_what_does_not_exist_is_not_found(plan, officer, enter):
    client = enter(officer)
    for url in ("/plan/999/adopt", "/plan/999/tree", "/plan/999/compare", f"/plan/{plan.pk}/adopt/99999"):
        assert client.get(url).status_code == 404, url
    assert client.post(f"/plan/{plan.pk}/step/nothing").status_code == 404
    assert client.post(f"/plan/{plan.pk}/tree/99999").status_code == 404
    for url in ("/plan/upload?supersedes=x", "/plan/upload?supersedes=²", f"/plan/{plan.pk}/adopt/add?line=²&text=1"):
        assert client.get(url).status_code == 200, url


def form_of(target, **changes):
    values = {
        "subject": target.subject, "op": target.op, "value": "750", "unit": "家", "due_on": "2024-12-31",
        "basis": "indicator", "indicator": "hnte_stock", "version": targets.version_of(target),
    }  # fmt: skip
    return values | changes


def test_the_form_opens_inside_the_page_and_alone(plan, officer, enter):
    client, target = enter(officer), plan.targets.get(value=750)
    url = f"/plan/{plan.pk}/adopt/{target.pk}"
    alone = page(client, url)
    inside = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in alone and "<html" not in inside and 'name="version"' in inside
    assert "按名称建议" in inside and "高企总数" in inside


def test_a_stale_form_keeps_what_was_typed_and_shows_what_is(plan, officer, enter):
    client, target = enter(officer), plan.targets.get(value=750)
    url = f"/plan/{plan.pk}/adopt/{target.pk}"
    old = form_of(target, value="770")
    assert client.post(url, form_of(target, value="760")).status_code == 302
    answer = client.post(url, old)
    text = answer.content.decode()
    assert answer.status_code == 409 and "别人刚修改过" in text
    assert 'value="770"' in text and "不低于 760 家" in text
    target.refresh_from_db()
    assert target.value == 760
    assert client.post(url, form_of(target, value="770")).status_code == 302
    target.refresh_from_db()
    assert target.value == 770


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": ""}, "请填写目标值"),
        ({"op": "range"}, "需要填写上限"),
        ({"op": "range", "value2": "700"}, "不能小于目标值"),
        ({"indicator": ""}, "请选定是哪个系统指标"),
        ({"due_on": "2020-01-01"}, "完成时限早于"),
        ({"op": "rank_le", "value": "1.5"}, "1 以上的整数"),
        ({"subject": ""}, "有 1 处需要改正"),
    ],
)
def test_a_wrong_correction_is_explained_and_not_saved(changes, words, plan, officer, enter):
    target = plan.targets.get(value=750)
    answer = enter(officer).post(f"/plan/{plan.pk}/adopt/{target.pk}", form_of(target, **changes))
    assert answer.status_code == 422 and words in answer.content.decode()
    target.refresh_from_db()
    assert target.value == 750


def test_adding_starts_from_the_words_of_a_left_out_figure(plan, officer, enter):
    client = enter(officer)
    text = page(client, f"/plan/{plan.pk}/adopt/add?line=10&text=20万元")
    assert 'value="20"' in text and 'value="万元"' in text and "重点摸排" in text
    values = {"line": 10, "text": "20万元", "subject": "研发设备摸排", "op": "ge", "value": "20", "unit": "万元"}
    values |= {"due_on": "2024-12-31", "basis": "reported"}
    answer = client.post(f"/plan/{plan.pk}/adopt/add", values | {"text": "25万元"})
    assert answer.status_code == 422 and "照原文摘录" in answer.content.decode()
    assert client.post(f"/plan/{plan.pk}/adopt/add", values).status_code == 302
    text = page(client, f"/plan/{plan.pk}/adopt")
    assert "人工添加" in text and "被排除的数字（3）" in text


def test_bulk_acts_say_what_they_need(plan, officer, section, enter):
    client, url = enter(officer), f"/plan/{plan.pk}/adopt/bulk"
    one = str(plan.targets.first().pk)
    for data, words in [
        ({"act": "section"}, "还没有选择目标"),
        ({"ids": one, "act": "section"}, "请先选择科室"),
        ({"ids": one, "act": "merge"}, "两个或更多"),
        ({"ids": one, "act": "drop"}, "为什么不跟踪"),
        ({"ids": one, "act": "什么"}, "没有选择要做什么"),
        ({"ids": ["abc", "²", "9" * 30], "act": "drop"}, "还没有选择目标"),
    ]:
        assert words in client.post(url, data, follow=True).content.decode()
    client.post(url, {"ids": one, "act": "drop", "reason": "属于日常工作"})
    text = page(client, f"/plan/{plan.pk}/adopt")
    assert "不跟踪或已合并的目标（1）" in text and "属于日常工作" in text


def test_an_adopted_plan_cannot_be_edited_on_its_pages(plan, officer, actor_for, now, section, enter):
    from keji.kernel.records.flow import take

    adopting.settle_all(plan, actor_for(officer), now, section)
    take("adopt", plan, actor=actor_for(officer), at=now)
    client, target = enter(officer), plan.targets.first()
    answer = client.get(f"/plan/{plan.pk}/adopt/{target.pk}")
    assert answer.status_code == 403 and "修订版" in answer.content.decode()
    text = client.post(f"/plan/{plan.pk}/adopt/{target.pk}/drop", {"reason": "x"}, follow=True).content.decode()
    assert "需要调整请上传修订版" in text
    assert "指定责任" in page(client, f"/plan/{plan.pk}/tree")


def test_pages_ask_the_database_little(plan, officer, enter, django_assert_max_num_queries):
    client = enter(officer)
    for url, most in [(f"/plan/{plan.pk}/adopt", 36), (f"/plan/{plan.pk}/tree", 32), ("/d/plan/", 32)]:
        client.get(url)
        with django_assert_max_num_queries(most):
            client.get(url)
