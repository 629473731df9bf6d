"""A blind review hides trade names and files that name the applicant; what no rule can hide the officer looks at."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from keji.kernel.people.models import Account
from keji.kernel.records.flow import Refused, take
from keji.modules.projects.models import Proposal
from keji.modules.projects.proposals.services import proposals
from keji.modules.projects.reviews.services import blinding, panel
from tests.modules.projects.telling import SYSTEM, batch_of, experts, form_passed, open_guideline, pdf, written

pytestmark = pytest.mark.django_db
MATERIALS = [
    {"code": "m1", "name": "营业执照", "required": True, "shown": True},
    {"code": "m2", "name": "技术方案", "required": False, "shown": True, "blind": True},
]


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("六安明德机械有限公司", "明德"),
        ("六安市明德机械科技股份有限公司", "明德"),
        ("安徽江淮有限公司", "江淮"),
        ("明德（六安）新材料有限公司", "明德"),
        ("六安有限公司", ""),
        ("皖西学院", "皖西学院"),
    ],
)
def test_a_trade_name_is_what_is_left_of_place_trade_and_legal_form(name, own):
    assert blinding.trade_name(name, ("六安市", "六安")) == own


@given(st.text(max_size=60), st.lists(st.text("甲乙丙丁戊ABab", min_size=2, max_size=6), max_size=5))
def test_no_name_is_left_in_a_blinded_text(text, names):
    said = blinding.blinded("".join([text, *names]), dict.fromkeys(names, "※"))
    assert not any(name.lower() in said.lower() for name in names)


def docx(text):
    content = io.BytesIO()
    book = Document()
    book.add_paragraph(text)
    book.save(content)
    return SimpleUploadedFile("方案.docx", content.getvalue())


def passed(call, firm, now, file=None, **said):
    record = written(call, firm, now, title="采摘机器人", **said)
    if file is not None:
        proposals.add_material(record, "m2", file, actor=SYSTEM, at=now)
    Proposal.objects.filter(pk=record.pk).update(state="form_passed")
    return record


def drafted(call, now):
    row = {"guideline": call, "title": "第一组", "due_on": date(2024, 12, 20)}
    return panel.draft_batches([row], actor=SYSTEM, at=now, source="page")[0]


def test_the_trade_name_alone_is_hidden_from_the_expert(enter, person, make_party, firm, now):
    call = open_guideline(now)
    form_passed(call, firm, now, title="明德牌采摘机器人", abstract="明德公司的样机已经试用。")
    people = experts(person, make_party, now)
    batch = batch_of(call, people, now)
    page = enter(people[0].account).get(f"/projects/reviews/{batch.reviews.first().pk}").content.decode()
    assert "明德" not in page and "某单位牌采摘机器人" in page


def test_a_blind_review_shows_only_files_the_call_marked_as_nameless(enter, person, make_party, firm, now):
    call = open_guideline(now, materials=MATERIALS)
    plan = docx("研制样机，指标可以考核。")
    record = passed(call, firm, now, plan)
    people = experts(person, make_party, now)
    batch = batch_of(call, people, now)
    client = enter(people[0].account)
    sheet = batch.reviews.get(person=people[0])
    page = client.get(f"/projects/reviews/{sheet.pk}").content.decode()
    assert "技术方案" in page and "营业执照" not in page
    hidden = blinding.limits.files_of(record)["m1"][0]
    assert client.get(f"/projects/reviews/{sheet.pk}/files/{hidden.pk}").status_code == 404
    shown = blinding.limits.files_of(record)["m2"][0]
    assert client.get(f"/projects/reviews/{sheet.pk}/files/{shown.pk}").status_code == 200


@pytest.mark.parametrize(
    ("said", "file", "what"),
    [
        ({"contents": {"s1": "联系 13912345670", "s2": "内容"}}, None, "手机号"),
        ({"contents": {"s1": "与合肥某某学院合作", "s2": "内容"}}, None, "单位名称"),
        ({}, "六安明德机械有限公司技术方案", "写有申报单位或人员"),
        ({}, "明德技术方案", "写有申报单位或人员"),
        ({}, None, ""),
    ],
)
def test_what_may_tell_whose_it_is_is_shown_before_the_batch_goes_out(person, make_party, firm, now, said, file, what):
    call = open_guideline(now, materials=MATERIALS)
    passed(call, firm, now, docx(file) if file else None, **said)
    batch = drafted(call, now)
    panel.assign_panel(batch, experts(person, make_party, now), actor=SYSTEM, at=now)
    found = blinding.findings(batch)
    assert [what in f.what for f in found] == ([True] if what else [])
    if not what:
        assert take("start", batch, actor=SYSTEM, at=now).state == "running"
        return
    with pytest.raises(Refused, match="匿名检查"):
        take("start", batch, actor=SYSTEM, at=now)
    with pytest.raises(Refused, match="内容有变化"):
        blinding.look(batch, "0" * 32, actor=SYSTEM, at=now)
    batch = blinding.look(batch, blinding.digest_of(found), actor=SYSTEM, at=now)
    assert take("start", batch, actor=SYSTEM, at=now).state == "running"


def test_a_file_that_cannot_be_read_is_looked_at_by_a_person(person, make_party, firm, now, people, enter):
    call = open_guideline(now, materials=MATERIALS)
    passed(call, firm, now, pdf("扫描件.pdf"))
    batch = drafted(call, now)
    panel.assign_panel(batch, experts(person, make_party, now), actor=SYSTEM, at=now)
    client = enter(Account.objects.get(pk=people.officer.id))
    page = client.get(f"/d/review-batches/{batch.pk}").content.decode()
    assert "读不出文字" in page and "已逐处核对" in page
    seen = blinding.digest_for(batch)
    client.post(f"/projects/batches/{batch.pk}/look", {"seen": seen})
    batch.refresh_from_db()
    assert batch.looked_at == seen


def test_an_open_review_hides_nothing_and_asks_nothing(person, make_party, firm, now):
    from tests.modules.projects.telling import scheme

    call = open_guideline(now, scheme=scheme(now, blind=False), materials=MATERIALS)
    passed(call, firm, now, docx("六安明德机械有限公司"))
    assert blinding.findings(drafted(call, now)) == []
