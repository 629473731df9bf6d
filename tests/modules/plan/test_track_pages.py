"""Pages of the tracker, the split and the frozen months: who sees what, and what the buttons do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from keji.kernel.documents.models import Paper
from keji.kernel.people.roles import Actor
from keji.modules.plan import boards
from keji.modules.plan.models import Allocation, TargetProgress
from keji.modules.plan.services import split

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(make_target, indicators, certify):
    certify(3, "341502")
    certify(2, "341503")
    return make_target(
        "高新技术企业总数", "ge", "8", indicator="t_stock", by_county=True,
        places=[{"line": 1, "text": "全文", "clause": ["二"]}],
    )  # fmt: skip


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def test_the_tracker_lists_targets_under_their_actions(target, person, enter):
    page = text(enter(person("leader")).get("/plan/"))
    assert "创新主体扩容行动" in page and "高新技术企业总数" in page and "8家以上" in page
    assert f"/plan/targets/{target.pk}/records" in page


@pytest.mark.parametrize(("query", "shown"), [("light=at_risk", True), ("light=done", False), ("section=none", False)])
def test_filters_keep_only_what_was_asked_for(query, shown, target, person, enter):
    page = text(enter(person("officer")).get(f"/plan/?{query}"))
    assert (f'data-url="/plan/targets/{target.pk}"' in page) is shown


def test_without_a_plan_the_tracker_says_what_to_do(city, person, enter):
    assert "还没有执行中的工作要点" in text(enter(person("officer")).get("/plan/"))
    assert "还没有执行中的工作要点" in text(enter(person("county", region="341502")).get("/plan/split"))


def test_months_that_do_not_exist_are_not_found(target, person, enter):
    client = enter(person("leader"))
    for period in ("2024-13", "2023-05", "2024-12", "x"):
        text(client.get(f"/plan/?period={period}"), 404)


def test_a_target_shows_its_figure_its_reason_and_its_words(target, person, enter, freeze_month):
    freeze_month(2024, 10)
    page = text(enter(person("leader")).get(f"/plan/targets/{target.pk}"))
    assert "期末仍在有效期内的证书数" in page and "<mark>全文</mark>" in page and "金安区" in page
    assert "county-map" in page
    assert text(enter(person("leader")).get(f"/plan/targets/{target.pk}?period=2024-10"))


def test_enterprises_and_administrators_stay_outside(target, person, enter, make_party):
    text(enter(person("enterprise", party=make_party())).get("/plan/"), 403)
    text(enter(person("system_admin")).get(f"/plan/targets/{target.pk}"), 403)
    text(enter(person("county", region="341502")).get("/plan/freeze"), 403)


def test_record_lists_respect_the_readers_scope(target, person, enter):
    url = f"/plan/targets/{target.pk}/records"
    assert "· 5 条" in text(enter(person("leader")).get(url))
    mine = enter(person("county", region="341503"))
    assert "· 2 条" in text(mine.get(url))
    text(mine.get(f"{url}?region=341502"), 404)
    text(mine.get(f"{url}?region=341500"), 404)
    text(mine.get(f"{url}?period=2024-10"), 404)


def test_a_part_of_the_bridge_opens_its_records(target, person, enter, certify, freeze_month):
    freeze_month(2024, 10)
    certify(4, "341504", since=date(2024, 11, 3))
    client = enter(person("leader"))
    page = text(client.get(f"/plan/targets/{target.pk}"))
    assert "4 条记录" in page
    assert "· 4 条（新增）" in text(client.get(f"/plan/targets/{target.pk}/records?reason=新增&way=in&region=341500"))
    text(client.get(f"/plan/targets/{target.pk}/records?reason=撤销"), 404)


def test_a_county_sees_only_its_own_row_and_its_place(target, person, enter, now):
    for region, value in (("341502", 4), ("341503", 4)):
        Allocation.objects.create(
            number=f"FJ-{region}", region_id=region, target=target, value=value, state="issued", created_at=now,
            updated_at=now,
        )  # fmt: skip
    client = enter(person("county", region="341503"))
    page = text(client.get(f"/plan/targets/{target.pk}"))
    assert "裕安区" in page and "金安区" not in page and "2 / 2" in page
    listing = text(client.get("/d/allocations/"))
    own, other = Allocation.objects.get(region="341503"), Allocation.objects.get(region="341502")
    assert f"/d/allocations/{own.pk}" in listing and f"/d/allocations/{other.pk}" not in listing
    text(client.post(f"/plan/split/shares/{other.pk}/confirm"), 404)
    text(client.get(f"/plan/split/{target.pk}"), 403)


def test_progress_is_filed_by_one_and_confirmed_by_another(make_target, officer, person, enter, city):
    target = make_target("新增科技创新平台", "ge", "4")
    client = enter(officer)
    form = {"region": city.pk, "period": "2024-10", "value": "3", "evidence": "省厅公告"}
    assert "需要改正" in text(client.post(f"/plan/targets/{target.pk}/progress", {**form, "value": ""}))
    assert client.post(f"/plan/targets/{target.pk}/progress", form).status_code == 302
    row = TargetProgress.objects.get()
    assert "两个人" in text(client.post(f"/plan/progress/{row.pk}/confirm", follow=True))
    enter(person("officer")).post(f"/plan/progress/{row.pk}/confirm")
    row.refresh_from_db()
    assert row.confirmed_at and row.value == 3


def test_a_counted_target_cannot_be_typed_over(target, officer, person, enter):
    assert "不用填报" in text(enter(officer).get(f"/plan/targets/{target.pk}/progress"), 403)


def test_another_sections_officer_may_not_file(make_target, person, enter):
    target = make_target("新增科技创新平台", "ge", "4")
    assert "牵头科室填报" in text(enter(person("officer")).get(f"/plan/targets/{target.pk}/progress"), 403)


def test_a_split_from_suggestion_to_the_issued_paper(target, officer, person, enter, actor_for, now):
    client, base = enter(officer), f"/plan/split/{target.pk}"
    client.post(f"{base}/suggest", {"method": "equal"})
    assert "合计一致" in text(client.get(base))
    client.post(base, {"value-341502": "3", "value-341503": "abc"})
    assert Allocation.objects.get(region="341502").value == 1, "one wrong figure saves nothing"
    client.post(base, {"value-341502": "2"})
    assert "多 1家" in text(client.get(base))
    client.post(base, {"value-341502": "1"})
    client.post(f"{base}/propose")
    for share in Allocation.objects.all():
        county = person("county", region=share.region_id)
        own = enter(county)
        assert "待县区确认" in text(own.get("/plan/split"))
        own.post(f"/plan/split/shares/{share.pk}/confirm")
    client = enter(officer)
    client.post(f"{base}/issue")
    assert {s.state for s in Allocation.objects.all()} == {"issued"}
    client.post("/plan/split/paper/draft", {"year": "2024"})
    assert "两个人" in text(client.post("/plan/split/paper/issue", {"number": "六科〔2024〕5号"}, follow=True))
    leader = enter(person("leader"))
    leader.post("/plan/split/paper/issue", {"number": "六科[2024]第05号"})
    paper = Paper.objects.get(kind="breakdown")
    assert (paper.state, paper.number) == ("issued", "六科〔2024〕5号")
    for kind, head in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = leader.get(f"/plan/split/paper/{paper.pk}.{kind}")
        assert answer.content.startswith(head)


def test_an_objection_is_answered_on_the_page(target, officer, person, enter, actor_for, now):
    split.suggest(target, "equal", actor=actor_for(officer), at=now)
    split.propose(target, actor=actor_for(officer), at=now)
    share = Allocation.objects.get(region="341504")
    enter(person("county", region="341504")).post(f"/plan/split/shares/{share.pk}/object", {"reason": "基数小"})
    client = enter(officer)
    assert "叶集区的异议" in text(client.get(f"/plan/split/{target.pk}"))
    client.post(f"/plan/split/shares/{share.pk}/answer", {"text": "采纳", "value": "0.5"})
    share.refresh_from_db()
    assert (share.state, share.value, share.answer) == ("proposed", Decimal("0.5"), "采纳")


def test_the_month_is_previewed_frozen_and_corrected(target, officer, person, enter, certify):
    client = enter(officer)
    assert "第一次定格" in text(client.get("/plan/freeze?period=2024-10"))
    client.post("/plan/freeze", {"period": "2024-10"})
    assert "没有变化" in text(client.get("/plan/freeze?period=2024-10"))
    certify(1, "341504", since=date(2024, 9, 1))
    assert "更正说明" in text(client.post("/plan/freeze", {"period": "2024-10"}, follow=True))
    page = text(client.post("/plan/freeze", {"period": "2024-10", "note": "迟报"}, follow=True))
    assert "更正 2 个，到第 2 版" in page and "迟报" in page
    assert "还没有结束" in text(client.get("/plan/freeze?period=2024-11"))
    text(enter(person("inspector")).get("/plan/freeze"))


@pytest.mark.parametrize(("board", "role"), [("leader", "leader"), ("officer", "officer"), ("county", "county")])
def test_boards_fill_for_their_roles(board, role, target, person, actor_for, make_target, rf):
    from django.template.loader import render_to_string

    make_target("新增科技创新平台", "ge", "4")
    actor = actor_for(person(role, region="341502" if role == "county" else None))
    template, context = getattr(boards, f"{board}_board")(actor)
    request = rf.get("/")
    page = render_to_string(template, {**context, "items": [], "todo_count": 0}, request=None)
    assert "高新技术企业总数" in page
    assert template == f"plan/board_{board}.html" and request


def test_boards_without_a_plan_say_so(city, person, actor_for):
    for board in (boards.leader_board, boards.officer_board, boards.county_board):
        assert board(Actor.system())[1]["plan"] is None


def test_the_tracker_page_takes_few_queries(target, make_target, person, enter, django_assert_max_num_queries):
    for n in range(30):
        make_target(f"目标{n}", "ge", "8", indicator="t_stock", base="4", by_county=True)
    client = enter(person("leader"))
    client.get("/plan/")
    with django_assert_max_num_queries(40):
        client.get("/plan/")
