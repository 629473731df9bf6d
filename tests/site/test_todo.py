"""To-dos are derived from what each person may do now."""

from __future__ import annotations

from datetime import date

import pytest

from keji.kernel.records.flow import take
from keji.modules.enterprises import api as enterprises
from keji.site.todo import todo_count, todo_items

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported(person, make_party, actor_for, now):
    officer = person("officer", "first")
    row = {
        "party": make_party(region="341502"),
        "kind": "hnte",
        "certificate_code": "GR202434000001",
        "issued_on": date(2024, 10, 29),
        "batch": "",
    }
    return enterprises.report_certifications([row], actor=actor_for(officer), at=now, source="page")[0], officer


def test_what_i_reported_waits_for_a_colleague_not_for_me(reported, person, actor_for):
    record, officer = reported
    confirming = [i for i in todo_items(actor_for(person("officer", "second"))) if i["number"] == record.number]
    assert [i["step"] for i in confirming] == ["确认"]
    mine = [i["step"] for i in todo_items(actor_for(officer)) if i["number"] == record.number]
    assert "确认" not in mine


def test_a_done_step_leaves_every_list(reported, person, actor_for, now):
    record, _ = reported
    second = actor_for(person("officer", "second"))
    assert todo_count(second) == 1
    take("confirm", record, actor=second, at=now)
    assert todo_count(second) == 0


def test_another_countys_work_is_not_mine(reported, person, actor_for):
    assert todo_items(actor_for(person("county", region="341503"))) == []


def test_searching_for_a_number_opens_the_record(reported, person, enter):
    record, _ = reported
    client = enter(person("officer", "second"))
    answer = client.get("/search", {"q": record.number.lower()}, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/d/certifications/")
    assert record.party.name in client.get("/search", {"q": record.party.name}).content.decode()
    assert "没有找到" in client.get("/search", {"q": "不存在的东西"}).content.decode()


def test_a_drafted_bulletin_waits_for_a_colleague_then_for_the_head(person, actor_for, now, city):
    from keji.kernel.documents.models import Paper

    drafter, colleague, head = person("officer", "drafter"), person("officer", "colleague"), person("leader", "head")
    paper = Paper.objects.create(
        kind="bulletin", period="2024-10", title="十月通报", drafted_by=drafter.name, created_at=now,
        content={"blocks": [], "hands": [drafter.pk], "findings": []},
    )  # fmt: skip
    steps = {p.username: [i["step"] for i in todo_items(actor_for(p))] for p in (drafter, colleague, head)}
    assert steps == {"drafter": [], "colleague": ["核稿"], "head": []}
    Paper.objects.filter(pk=paper.pk).update(state="reviewed", reviewed_by="colleague")
    assert [i["step"] for i in todo_items(actor_for(head))] == ["签发"]
