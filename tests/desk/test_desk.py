"""What every desk does: lists, filters, search, saved views, forms, sheets, attachments, masked data."""

from __future__ import annotations

import io
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from keji.kernel.audit.models import Entry
from keji.kernel.calendar.models import DayRule
from keji.kernel.jobs.models import Job

pytestmark = pytest.mark.django_db


def sheet(rows, header=("日期", "上班", "放假年度", "依据通知")):
    book = Workbook()
    table = book.active
    table.append(header)
    for row in rows:
        table.append(row)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("放假安排.xlsx", content.getvalue())


@pytest.fixture
def admin(person, enter):
    return enter(person("system_admin"))


def test_a_list_is_paged_sorted_and_filtered_from_its_address(admin):
    first = admin.get("/d/workdays/?sort=day").content.decode()
    assert "2023年12月30日" in first
    assert "共 " in first
    only = admin.get("/d/workdays/?year=2026&working=true&sort=-day").content.decode()
    assert "2026年10月10日" in only
    assert "2024年" not in only.split("<tbody>")[1]


def test_a_page_far_beyond_the_end_shows_the_last_one(admin):
    assert admin.get("/d/workdays/?page=999999").status_code == 200
    assert admin.get("/d/workdays/?page=-3&sort=nonsense&year=abc").status_code == 200


def test_what_nobody_types_does_no_harm(admin):
    assert admin.get("/d/workdays/", {"q": "\0'; DROP TABLE x; --"}).status_code == 200
    assert admin.get("/d/workdays/", {"q": "长" * 500}).status_code == 200


def test_conditions_can_be_kept_under_a_name_and_dropped_again(admin):
    admin.post("/d/workdays/views", {"name": "2026 年", "query": "year=2026"})
    assert "2026 年" in admin.get("/d/workdays/").content.decode()
    admin.post("/d/workdays/views", {"drop": "2026 年", "query": "year=2026"})
    assert "saved-views" not in admin.get("/d/workdays/").content.decode()
    page = admin.post("/d/workdays/views", {"name": "年" * 41, "query": "year=2026"}, follow=True).content.decode()
    assert "名字最多 40 字，现有 41 字" in page and "saved-views" not in page


def test_a_record_is_made_changed_and_its_history_told(admin):
    made = admin.post(
        "/d/regions/new", {"code": "341500", "level": "city", "name": "六安", "short_name": "六安", "order": 0}
    )
    assert made.status_code == 422  # the code is taken
    made = admin.post(
        "/d/regions/new", {"code": "341599", "level": "county", "name": "某县", "short_name": "某", "order": 9}
    )
    assert made.status_code == 302
    assert Entry.objects.filter(action="新建县区").exists()


def test_a_template_explains_itself_and_comes_back_filled(admin):
    content = admin.get("/d/workdays/template").content
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["数据", "填写说明"]
    assert [c.value for c in book["数据"][1]][0].startswith("日期")


def test_a_sheet_with_mistakes_writes_nothing_and_says_what_is_wrong(admin):
    before = DayRule.objects.count()
    answer = admin.post(
        "/d/workdays/upload",
        {
            "file": sheet(
                [
                    (date(2027, 1, 1), "否", 2027, "通知"),
                    ("2027-2-30", "否", 2027, "通知"),
                    ("2027.1.2", "也许", 2027, "通知"),
                ]
            )
        },
    )
    page = admin.get(answer.url).content.decode()
    assert DayRule.objects.count() == before
    assert "3 行中有 2 行需要更正，没有写入任何数据" in page
    assert "2027-2-30" in page
    marked = load_workbook(io.BytesIO(b"".join(admin.get(f"{answer.url}/file").streaming_content)))
    assert marked.active["E1"].value == "问题"
    assert marked.active["E2"].value is None
    assert "不是" in marked.active["E3"].value


def test_the_mended_sheet_goes_in_whole_whatever_the_spelling_of_its_dates(admin):
    rows = [
        ("2027-1-1", "否", 2027, "通知"),
        ("2027/01/02", "否", "２０２７", " 通知 "),
        ("2027年1月3日", "是", 2027, "通知"),
        (20270104, "√", 2027, "通知"),
    ]
    answer = admin.post("/d/workdays/upload", {"file": sheet(rows)})
    assert "4 行全部写入" in admin.get(answer.url).content.decode()
    assert DayRule.objects.filter(year=2027).count() == 4
    assert Entry.objects.filter(action__startswith="上传").exists()


def test_rows_entered_twice_and_rows_already_on_file_are_named(admin):
    DayRule.objects.create(day=date(2027, 5, 1), working=False, year=2027, notice="旧通知")
    rows = [("2027-1-1", "否", 2027, "通知"), ("2027-1-1", "否", 2027, "通知"), ("2027-5-1", "否", 2027, "通知")]
    page = admin.get(admin.post("/d/workdays/upload", {"file": sheet(rows)}).url).content.decode()
    assert "与第 2 行重复" in page
    assert "已经有规定" in page


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("x.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 600), "另存为"),
        (SimpleUploadedFile("x.xlsx", b"hello"), ".xlsx"),
        (SimpleUploadedFile("x.xlsx", b""), ""),
    ],
)
def test_a_wrong_file_is_met_with_a_sentence(admin, file, sentence):
    answer = admin.post("/d/workdays/upload", {"file": file}, follow=True)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Job.objects.filter(state="done").exists()


def test_a_sheet_that_was_not_taken_leads_back_to_where_it_was_handed_in(admin):
    broken = SimpleUploadedFile("放假安排.xlsx", b"PK nothing")
    for file in (broken, sheet([("明天", "是", "2026", "")])):
        page = admin.post("/d/workdays/upload", {"file": file}, follow=True).content.decode()
        assert 'href="/d/workdays/upload"' in page
        assert "改好后重新上传" in page


def test_two_steps_of_a_page_that_ask_for_the_same_have_fields_of_their_own():
    from django import forms

    from keji.desk.pages import asked_by

    class Asks(forms.Form):
        left_on = forms.DateField()

    one, other = (asked_by(SimpleNamespace(name=name, form=Asks))["left_on"].id_for_label for name in ("go", "end"))
    assert one != other
    assert asked_by(SimpleNamespace(name="go", form=None)) is None


def test_a_sheet_of_another_kind_names_the_missing_columns(admin):
    answer = admin.post("/d/workdays/upload", {"file": sheet([("甲", 1)], header=("企业名称", "金额"))}, follow=True)
    assert "日期" in answer.content.decode()


def test_an_export_holds_what_the_list_shows(admin):
    content = admin.post("/d/workdays/export", {"query": "year=2026&working=true"}).content
    table = load_workbook(io.BytesIO(content)).active
    values = [
        row[0].value
        for row in table.iter_rows()
        if row[0].value and "年" in str(row[0].value) and "日" in str(row[0].value)
    ]
    assert len([v for v in values if str(v).startswith("2026年")]) == 6


def test_a_role_that_does_not_read_a_desk_gets_the_reason(person, enter):
    client = enter(person("county", region="341502"))
    for address in ("/d/workdays/", "/d/workdays/new", "/d/workdays/upload"):
        assert client.get(address).status_code == 403
    assert client.get("/d/nothing/").status_code == 404


def test_personal_data_is_masked_and_each_look_is_logged(person, enter, make_party):
    party = make_party(contact_phone="13912345678", contact_name="张三")
    client = enter(person("officer", name="李科"))
    page = client.get(f"/d/parties/{party.pk}").content.decode()
    assert "139****5678" in page
    assert "13912345678" not in page
    refused = client.post(f"/d/parties/{party.pk}/reveal", {"field": "contact_phone", "reason": ""}, follow=True)
    assert "13912345678" not in refused.content.decode()
    shown = client.post(f"/d/parties/{party.pk}/reveal", {"field": "contact_phone", "reason": "核实信息"}, follow=True)
    assert "13912345678" in shown.content.decode()
    assert Entry.objects.get(action__startswith="查看完整").reason == "核实信息"


def test_attachments_are_versioned_and_leave_traces(person, enter, make_party):
    party = make_party()
    client = enter(person("officer"))
    for content in (b"one", b"two"):
        client.post(f"/d/parties/{party.pk}/files", {"file": SimpleUploadedFile("证明.pdf", content)})
    page = client.get(f"/d/parties/{party.pk}").content.decode()
    assert "第 2 版" in page
    assert Entry.objects.filter(action="添加附件").count() == 2


def test_another_countys_record_does_not_exist_for_a_clerk(person, enter, make_party):
    theirs = make_party(region="341503")
    client = enter(person("county", region="341502"))
    assert client.get(f"/d/parties/{theirs.pk}").status_code == 404
    assert client.post(f"/d/parties/{theirs.pk}/files", {}).status_code == 404


@pytest.mark.parametrize("address", ["/d/sections/gxcy", "/d/workdays/2024-02-10", "/d/regions/341500-KFQ"])
def test_records_open_whatever_their_key_looks_like(admin, address):
    from keji.kernel.people.models import Section

    Section.objects.create(code="gxcy", name="高新技术科")
    assert admin.get(address).status_code == 200
    assert admin.get(f"{address}/edit").status_code == 200


def test_a_key_no_record_can_have_is_simply_not_found(admin):
    assert admin.get("/d/workdays/nonsense").status_code == 404


def test_an_edit_that_crosses_somebody_elses_step_is_kept_out_with_a_sentence(person, enter, city, now, actor_for):
    """The record was sent while the form lay open in the very moment of saving: nothing is overwritten."""
    from keji.kernel.indicators.models import ReportedFigure
    from keji.kernel.indicators.services import correct_figure
    from keji.kernel.records.flow import Refused, take

    officer = person("officer")
    figure = ReportedFigure.objects.create(
        number="SB-2024-0001", region=city, indicator="fiscal_share", period="2024-10", value=1, caliber="全口径",
        owner="市财政局", state="draft", created_at=now, updated_at=now, created_by=officer,
    )  # fmt: skip
    stale = ReportedFigure.objects.get(pk=figure.pk)
    take("send", figure, actor=actor_for(officer), at=now)
    with pytest.raises(Refused, match="刚刚有人办理了这条记录"):
        correct_figure(stale, {"value": 2}, actor=actor_for(officer), at=now)
    figure.refresh_from_db()
    assert (figure.state, figure.value) == ("sent", 1)


def test_a_clash_found_only_by_the_database_is_told_on_the_form(admin, monkeypatch):
    from django.db import IntegrityError

    from keji.site.desks import RegionDesk

    def clash(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(RegionDesk, "create", staticmethod(clash))
    form = {"code": "341599", "level": "county", "name": "某县", "short_name": "某", "order": 9}
    answer = admin.post("/d/regions/new", form)
    assert answer.status_code == 422
    assert "刚刚有人保存了" in answer.content.decode()


def test_a_sheet_takes_figures_with_decimals_and_refuses_them_only_where_whole_numbers_are_asked_for(city):
    from keji.site.data_forms import ReportedFigureForm
    from keji.site.desks import DayRuleForm

    kinds = {c.name: c.kind for c in (*ReportedFigureForm.columns(), *DayRuleForm.columns())}
    assert (kinds["value"], kinds["base_value"], kinds["year"]) == ("decimal", "decimal", "integer")


def test_a_template_can_be_had_before_there_is_anything_to_choose_from(db):
    from keji.site.data_forms import ReportedFigureForm

    kinds = {c.name: c.kind for c in ReportedFigureForm.columns()}
    assert (kinds["region"], kinds["indicator"]) == ("text", "choice")


def test_of_two_people_with_the_same_form_open_the_second_is_told_and_may_then_save(admin):
    import re

    from keji.kernel.people.models import Section

    Section.objects.create(code="gxcy", name="高新技术科", order=1)
    address = "/d/sections/gxcy/edit"

    def opened():
        return re.search(r'name="as_read" value="(\w+)"', admin.get(address).content.decode()).group(1)

    first, second = opened(), opened()
    saved = admin.post(address, {"code": "gxcy", "name": "高新科", "order": 1, "as_read": first})
    assert saved.status_code == 302
    told = admin.post(address, {"code": "gxcy", "name": "高新技术和产业科", "order": 1, "as_read": second})
    assert told.status_code == 422
    assert "修改过这条记录" in told.content.decode()
    assert "高新技术和产业科" in told.content.decode()
    assert Section.objects.get(pk="gxcy").name == "高新科"
    again = re.search(r'name="as_read" value="(\w+)"', told.content.decode()).group(1)
    assert (
        admin.post(address, {"code": "gxcy", "name": "高新技术和产业科", "order": 1, "as_read": again}).status_code
        == 302
    )


def test_a_filter_of_yes_and_no_says_all_yes_no(person, enter):
    client = enter(person("officer"))
    html = client.get("/d/rnd-cases/?open=true").content.decode()
    assert '<option value="">全部</option>' in html.split('name="open"')[1].split("</select>")[0]
    assert "未知" not in html
    assert "仍在清单上：</span>是" in html
