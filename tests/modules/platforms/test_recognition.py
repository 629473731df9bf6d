"""Recognition from the call to the list: each step by whoever takes it, each refusal in its own words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import docx
import pytest

from keji.kernel.audit.log import verify
from keji.kernel.audit.models import Entry
from keji.kernel.documents.models import Paper, attachments_of
from keji.kernel.facts.models import FactFile
from keji.kernel.people.models import Account
from keji.kernel.records.checklist import save_checks
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.notices.models import PublicNotice
from keji.kernel.records.notices.objections import Objection
from keji.lib.paper.check import check as layout
from keji.modules.platforms.models import Application, Call, Platform
from keji.modules.platforms.numbers import centre_name, keeper
from keji.modules.platforms.recognition.services import listing, meeting, recognition
from keji.modules.platforms.register.services import report_years
from keji.site.todo import todo_items
from tests.modules.platforms.telling import (
    SAID,
    SYSTEM,
    call_row,
    checked,
    met,
    on,
    open_call,
    pdf,
    publicised,
    published,
    standing,
    submitted,
    visited,
    waiting_for_meeting,
)

pytestmark = pytest.mark.django_db


def test_from_the_call_to_the_list(people, firm, make_party, now):
    """Two firms apply, one is turned down; the other is publicised and becomes a confirmed platform."""
    call = open_call(people, now)
    record = recognition.apply(call, firm, actor=people.host, at=now)
    assert (record.name, record.contact_name) == ("六安明德机械有限公司六安市企业研发中心", "王五")
    with pytest.raises(Refused, match="没有填"):
        take("submit", record, actor=people.host, at=now)
    recognition.update_application(record, SAID, actor=people.host, at=now)
    with pytest.raises(Refused, match="还缺 1 份必交材料（申请表）"):
        take("submit", record, actor=people.host, at=now)
    recognition.add_material(record, "m1", pdf("申请表.pdf"), actor=people.host, at=now)
    record = take("submit", record, actor=people.host, at=now)
    record = take("recommend", record, actor=people.county, at=now)
    record = visited(checked(record, now, people.officer), now, officer=people.officer)
    other = waiting_for_meeting(call, make_party(), now)
    with on(date(2024, 11, 20)) as at:
        met(call, {record.pk: ("approved", ""), other.pk: ("declined", "研发能力不足")}, at)
        notice = publicised(call, people, at)
    assert notice.until_on == date(2024, 11, 27)
    with on(date(2024, 11, 27)) as at, pytest.raises(Refused, match="还没有结束"):
        listing.draft_list(call, actor=people.officer, at=at)
    with on(date(2024, 11, 28)) as at:
        listing.draft_list(call, actor=people.officer, at=at)
        with pytest.raises(Refused, match="两个人"):
            listing.issue_list(call, "六科成〔2024〕9号", actor=people.officer, at=at)
        paper = listing.issue_list(call, "六科成[2024]9号", actor=people.leader, at=at)
    record.refresh_from_db()
    other.refresh_from_db()
    platform = Platform.objects.get()
    assert (record.state, record.platform, other.state) == ("listed", platform, "rejected")
    assert other.reason == "审议未通过：研发能力不足"
    assert (platform.state, platform.level, platform.document) == ("confirmed", "city", "六科成〔2024〕9号")
    assert (platform.recognised_on, platform.party) == (date(2024, 11, 28), firm)
    assert Call.objects.get().state == "done"
    assert paper.state == Paper.State.ISSUED
    assert verify().sound


def test_the_published_paper_is_in_sound_layout_with_the_four_columns(people, make_party, now):
    call = open_call(people, now)
    rows = [waiting_for_meeting(call, make_party(region=code), now) for code in ("341502", "341500-KFQ")]
    paper = published(call, rows, people)
    word = paper.docx.read()
    assert [f.message for f in layout(word) if f.severity == "error"] == []
    table = next(t for t in docx.Document(BytesIO(word)).tables if len(t.columns) == 4)
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "中心名称", "建设依托单位", "归口管理部门"]
    assert [cell.text for cell in table.rows[1].cells][1].endswith("六安市企业研发中心")
    assert table.rows[1].cells[3].text == "金安区科学技术局"
    assert table.rows[2].cells[3].text == "六安经济技术开发区科技主管部门"
    assert paper.pdf.read()[:5] == b"%PDF-"


def test_the_city_s_name_comes_from_the_tree_of_regions(city, make_party):
    city.name = "安庆市"
    city.save()
    party = make_party("某某有限公司")
    assert centre_name(party, "enterprise_rnd_centre", "city") == "某某有限公司安庆市企业研发中心"
    assert keeper(party.region) == "金安区科学技术局"


def test_drafting_and_announcing_are_two_people_s_work(people, now):
    made = recognition.draft_calls([call_row()], actor=people.officer, at=now, source="page")[0]
    with pytest.raises(Refused, match="两个人"):
        take("announce", made, actor=people.officer, at=now)
    assert take("announce", made, actor=people.second, at=now).state == "open"


def test_nobody_applies_outside_the_window(people, firm, now):
    call = open_call(people, now)
    with on(date(2024, 10, 31)) as at, pytest.raises(Refused, match="11月1日开始申报"):
        recognition.apply(call, firm, actor=people.host, at=at)
    record = recognition.apply(call, firm, actor=people.host, at=now)
    recognition.update_application(record, SAID, actor=people.host, at=now)
    recognition.add_material(record, "m1", pdf(), actor=people.host, at=now)
    with on(date(2024, 11, 30)) as at, pytest.raises(Refused, match="11月29日截止"):
        take("submit", record, actor=people.host, at=at)
    with on(date(2024, 11, 29)) as at:
        assert take("submit", record, actor=people.host, at=at).state == "submitted"


def test_a_unit_applies_once_a_batch_and_not_for_what_it_holds(people, firm, now):
    call = open_call(people, now)
    first = recognition.apply(call, firm, actor=people.host, at=now)
    with pytest.raises(Refused, match="已有申请"):
        recognition.apply(call, firm, actor=people.host, at=now)
    take("withdraw", first, actor=people.host, at=now)
    again = recognition.apply(call, firm, actor=people.host, at=now)
    take("withdraw", again, actor=people.host, at=now)
    standing(firm, now)
    with pytest.raises(Refused, match="已有市级企业研发中心"):
        recognition.apply(call, firm, actor=people.host, at=now)


def test_a_county_sends_back_once_and_the_host_has_its_working_days(people, firm, now):
    call = open_call(people, now)
    record = submitted(call, firm, now, host=people.host)
    record = take("send_back", record, actor=people.county, at=now, reason="缺公章")
    with on(date(2024, 11, 20)) as at, pytest.raises(Refused, match="补正期限2024年11月19日已过"):
        take("submit", record, actor=people.host, at=at)
    with on(date(2024, 11, 19)) as at:
        record = take("submit", record, actor=people.host, at=at)
    with pytest.raises(Refused, match="只能退回 1 次"):
        take("send_back", record, actor=people.county, at=now, reason="还缺")
    with pytest.raises(Refused, match="理由最多 480 字，现有 481 字"):
        take("not_recommend", record, actor=people.county, at=now, reason="差" * 481)
    assert take("not_recommend", record, actor=people.county, at=now, reason="不具备条件").state == "rejected"


def test_limits_are_those_of_the_batch_and_stand_on_the_to_do_list(people, firm, now):
    call = open_call(people, now, county_days=3)
    record = submitted(call, firm, now, host=people.host)
    waiting = [item for item in todo_items(people.county) if item["number"] == record.number]
    assert [(item["step"], item["due_on"]) for item in waiting] == [("审核推荐", date(2024, 11, 15))]
    assert [i for i in todo_items(people.other_county) if i["number"] == record.number] == []


def test_another_county_neither_sees_nor_recommends(people, firm, person, enter, now):
    record = submitted(open_call(people, now), firm, now, host=people.host)
    with pytest.raises(Refused, match="不在您的县区"):
        take("recommend", record, actor=people.other_county, at=now)
    client = enter(person("county", region="341525"))
    assert client.get(f"/d/platform-applications/{record.pk}").status_code == 404


def test_the_form_check_names_what_is_wrong_before_it_refuses(people, firm, now):
    record = take("recommend", submitted(open_call(people, now), firm, now), actor=SYSTEM, at=now)
    with pytest.raises(Refused, match="还有 2 项没有核对"):
        take("pass_form", record, actor=people.officer, at=now)
    with pytest.raises(Refused, match="请写明哪里不符合"):
        bad = [{"item": "申请表完整", "passed": False, "note": ""}]
        save_checks(record, bad, actor=people.officer, at=now)
    bad = [
        {"item": "申请表完整", "passed": False, "note": "缺章"},
        {"item": "具有法人资格", "passed": True, "note": ""},
    ]
    save_checks(record, bad, actor=people.officer, at=now)
    with pytest.raises(Refused, match="有 1 项不符合"):
        take("pass_form", record, actor=people.officer, at=now)
    record = take("fail_form", record, actor=people.officer, at=now, reason="申请表缺章")
    assert (record.state, record.reason) == ("rejected", "形式审查不通过：申请表缺章")


@pytest.mark.parametrize(
    ("people_there", "findings", "day", "sentence"),
    [
        (["甲"], "好", 0, "至少 2 人"),
        (["甲", "甲 "], "好", 0, "至少 2 人"),
        (["甲", "乙"], " ", 0, "请写明现场"),
        (["甲", "乙"], "好", 1, "在今天之后"),
    ],
)
def test_a_visit_needs_two_people_and_what_they_saw(people_there, findings, day, sentence, people, firm, now):
    record = take("recommend", submitted(open_call(people, now), firm, now), actor=SYSTEM, at=now)
    record = checked(record, now)
    with pytest.raises(Refused, match="请先登记现场审查"):
        take("pass_visit", record, actor=people.officer, at=now)
    with pytest.raises(Refused, match=sentence):
        meeting.record_visit(
            record,
            visited_on=now.date() + timedelta(days=day),
            people=people_there,
            findings=findings,
            passed=True,
            actor=people.officer,
            at=now,
        )
    assert record.visits.count() == 0


def test_a_failed_visit_ends_the_application_with_its_findings(people, firm, now):
    record = take("recommend", submitted(open_call(people, now), firm, now), actor=SYSTEM, at=now)
    record = visited(checked(record, now), now, passed=False)
    assert (record.state, record.reason) == ("rejected", "现场审查不通过：设备与清单一致")


def test_only_what_the_meeting_listed_proceeds(people, make_party, now):
    call = open_call(people, now)
    rows = [waiting_for_meeting(call, make_party(), now) for _ in range(3)]
    with pytest.raises(Refused, match="请在批次页登记"):
        take("approve", rows[0], actor=people.officer, at=now)
    with pytest.raises(Refused, match="请写明理由"):
        met(call, {rows[0].pk: ("deferred", "")}, now)
    met(call, {rows[0].pk: ("approved", ""), rows[1].pk: ("deferred", "补充材料")}, now)
    assert [Application.objects.get(pk=r.pk).state for r in rows] == ["approved", "visited", "visited"]
    with pytest.raises(Refused, match="已经登记过"):
        met(call, {rows[1].pk: ("approved", "")}, now)
    with pytest.raises(Refused, match="名单已有变化"):
        met(call, {rows[0].pk: ("approved", "")}, now, "纪要〔2024〕7号")
    met(call, {rows[1].pk: ("approved", "")}, now, "纪要〔2024〕7号")
    assert Application.objects.get(pk=rows[1].pk).state == "approved"


def test_the_list_waits_for_objections_and_for_everybody_s_case(people, make_party, now):
    call = open_call(people, now)
    row = waiting_for_meeting(call, make_party(), now)
    left = submitted(call, make_party(), now)
    with on(date(2024, 11, 20)) as at:
        met(call, {row.pk: ("approved", "")}, at)
        notice = publicised(call, people, at)
    objection = Objection.objects.create(
        number="GY-2024-0001", notice=notice, state="raised", named=False, reason="不实", raised_at=now,
        answer_workdays=10, created_at=now, updated_at=now,
    )  # fmt: skip
    with on(date(2024, 12, 2)) as at:
        with pytest.raises(Refused, match="1 件异议没有答复"):
            listing.draft_list(call, actor=people.officer, at=at)
        objection = take("propose", objection, actor=people.officer, at=at, decision="dismissed", answer="经核实属实")
        take("approve", objection, actor=people.second, at=at)
        with pytest.raises(Refused, match="还有 1 份申请没有办完"):
            listing.draft_list(call, actor=people.officer, at=at)
        take("not_recommend", left, actor=people.county, at=at, reason="条件不够")
        assert listing.draft_list(call, actor=people.officer, at=at).content["table"][0][0] == "1"


def test_an_upheld_objection_keeps_the_unit_off_the_list(people, make_party, now):
    call = open_call(people, now)
    rows = [waiting_for_meeting(call, make_party(), now) for _ in range(2)]
    with on(date(2024, 11, 20)) as at:
        met(call, {row.pk: ("approved", "") for row in rows}, at)
        publicised(call, people, at)
    with on(date(2024, 12, 2)) as at:
        listing.draft_list(call, actor=people.officer, at=at)
        gone = take("uphold", rows[0], actor=people.officer, at=at, reason="经核实材料不实")
        with pytest.raises(Refused, match="名单有变化"):
            listing.issue_list(call, "六科成〔2024〕9号", actor=people.leader, at=at)
        listing.draft_list(call, actor=people.officer, at=at)
        listing.issue_list(call, "六科成〔2024〕9号", actor=people.leader, at=at)
    assert gone.state == "rejected"
    assert Platform.objects.get().party_id == rows[1].party_id


def test_a_list_is_signed_only_as_it_was_drafted(people, firm, now):
    call = open_call(people, now)
    row = waiting_for_meeting(call, firm, now)
    with on(date(2024, 11, 20)) as at:
        met(call, {row.pk: ("approved", "")}, at)
        publicised(call, people, at)
    with on(date(2024, 12, 2)) as at:
        listing.draft_list(call, actor=people.officer, at=at)
        firm.name = "改了名称的公司"
        firm.save()
        with pytest.raises(Refused, match="起草之后名单有变化，请重新起草"):
            listing.issue_list(call, "六科成〔2024〕9号", actor=people.leader, at=at)
        listing.draft_list(call, actor=people.officer, at=at)
        paper = listing.issue_list(call, "六科成〔2024〕9号", actor=people.leader, at=at)
    assert paper.content["table"][0][2] == "改了名称的公司"


def test_the_platforms_come_with_their_paper_or_not_at_all(people, make_party, now):
    call = open_call(people, now)
    row = waiting_for_meeting(call, make_party(), now)
    with on(date(2024, 11, 20)) as at:
        met(call, {row.pk: ("approved", "")}, at)
        publicised(call, people, at)
    with on(date(2024, 12, 2)) as at:
        listing.draft_list(call, actor=people.officer, at=at)
        standing(row.party, at, kind="other", name=row.name)
        with pytest.raises(Refused, match="已有同名平台"):
            listing.issue_list(call, "六科成〔2024〕9号", actor=people.leader, at=at)
    assert Paper.objects.get().state == Paper.State.DRAFT
    assert Application.objects.get(pk=row.pk).state == "publicised"


def test_materials_are_frozen_with_the_application(people, firm, person, enter, now):
    record = submitted(open_call(people, now), firm, now, host=people.host)
    with pytest.raises(Refused, match="待县区审核"):
        recognition.add_material(record, "m2", pdf(), actor=people.host, at=now)
    with pytest.raises(Refused, match="由申报单位填写"):
        recognition.update_application(record, {"staff": 5}, actor=people.county, at=now)
    attachment = attachments_of(record.materials.get(code="m1")).get()
    host = enter(person("enterprise", party=firm))
    assert host.get(f"/platforms/files/{attachment.pk}").status_code == 200
    assert host.post(f"/platforms/files/{attachment.pk}/drop").status_code == 403
    stranger = enter(person("county", region="341525"))
    assert stranger.get(f"/platforms/files/{attachment.pk}").status_code == 404


@pytest.mark.parametrize(
    ("file", "sentence"),
    [(None, "没有选择文件"), (pdf("x.exe"), "不是可以上传的文件"), (pdf("x.pdf", b""), "空文件")],
)
def test_a_wrong_file_is_told_in_words(file, sentence, people, firm, now):
    record = recognition.apply(open_call(people, now), firm, actor=people.host, at=now)
    with pytest.raises(Refused, match=sentence):
        recognition.add_material(record, "m1", file, actor=people.host, at=now)


def test_the_phone_number_is_not_in_the_log(people, firm, now):
    record = recognition.apply(open_call(people, now), firm, actor=people.host, at=now)
    recognition.update_application(record, SAID, actor=people.host, at=now)
    told = " ".join(str(e.changes) for e in Entry.objects.all())
    assert SAID["contact_phone"] not in told


def test_what_the_house_knows_is_filled_in_with_its_source(people, firm, enter, now):
    platform = standing(firm, now, kind="technology_centre")
    row = {"platform": platform, "year": 2023, "rnd_spend": SAID["rnd_spend"], "staff": 18}
    year = report_years([row], actor=people.host, at=now, source="page")[0]
    take("confirm", year, actor=people.county, at=now)
    record = recognition.apply(open_call(people, now), firm, actor=people.host, at=now)
    assert (record.rnd_spend, record.rnd_staff, record.staff) == (SAID["rnd_spend"], 18, None)
    client = enter(Account.objects.get(username="host-a"))
    html = client.get(f"/d/platform-applications/{record.pk}/edit").content.decode()
    assert f"来自2023年度平台年报（{year.number}）" in html


def test_pages_of_a_batch_open_for_each_part(people, make_party, firm, enter, now):
    call = open_call(people, now)
    row = waiting_for_meeting(call, make_party(), now)
    officer = enter(Account.objects.get(username="officer-a"))
    for page in (f"/d/platform-calls/{call.pk}", f"/platforms/calls/{call.pk}/meeting"):
        assert officer.get(page).status_code == 200
    answer = officer.post(
        f"/platforms/calls/{call.pk}/meeting",
        {
            "held_on": "2024-11-12",
            "minutes": "纪要〔2024〕6号",
            "attendees": "甲\n乙",
            f"outcome_{row.pk}": "approved",
            f"reason_{row.pk}": "",
        },
    )
    assert answer.status_code == 302
    assert "起草公示（1 家）" in officer.get(f"/d/platform-calls/{call.pk}").content.decode()
    officer.post(f"/platforms/calls/{call.pk}/publicise", {"contact": "0564-1234567"})
    assert PublicNotice.objects.get().numbers == [row.number]
    county = enter(Account.objects.get(username="county-a"))
    assert county.get(f"/platforms/calls/{call.pk}/meeting").status_code == 403
    assert county.get(f"/d/platform-calls/{call.pk}").status_code == 200
    host = enter(Account.objects.get(username="host-a"))
    html = host.get(f"/d/platform-calls/{call.pk}").content.decode()
    assert f"以{firm.name}申报" in html
    first = host.post(f"/platforms/calls/{call.pk}/apply/{firm.pk}")
    second = host.post(f"/platforms/calls/{call.pk}/apply/{firm.pk}")  # pressed twice
    assert first.url == second.url
    assert Application.objects.filter(party=firm).count() == 1


def test_a_host_sees_no_drafted_batch(people, person, enter, firm, now):
    made = recognition.draft_calls([call_row()], actor=people.officer, at=now, source="page")[0]
    host = enter(person("enterprise", party=firm))
    assert host.get(f"/d/platform-calls/{made.pk}").status_code == 404
    assert host.post(f"/platforms/calls/{made.pk}/apply/{firm.pk}").status_code == 404


def test_the_unit_s_file_is_asked_before_the_unit(people, firm, now):
    values = {"main_revenue": 52_345_600, "staff": 120, "rnd_staff": 18}
    FactFile.objects.create(party=firm, year=2023, values=values, changed_at=now)
    FactFile.objects.create(party=firm, year=2022, values={"main_revenue": 1}, changed_at=now)
    FactFile.objects.create(party=firm, year=0, values={"class1_ip": 2, "class2_ip": 10}, changed_at=now)
    record = recognition.apply(open_call(people, now), firm, actor=people.host, at=now)
    record.refresh_from_db()
    assert (record.data_year, str(record.revenue), record.ip_count) == (2023, "5234.56", 12)


def test_a_filter_offers_no_batch_its_reader_may_not_see(people, person, enter, firm, now):
    recognition.draft_calls([call_row(title="还在起草的通知")], actor=people.officer, at=now, source="page")
    open_call(people, now, batch="第三批")
    host = enter(person("enterprise", party=firm))
    html = host.get("/d/platform-applications/").content.decode()
    assert "还在起草的通知" not in html
    assert call_row()["title"] in html
    officer = enter(Account.objects.get(username="officer-a"))
    assert "还在起草的通知" in officer.get("/d/platform-applications/").content.decode()


@pytest.mark.parametrize(
    ("on_day", "years", "last"),
    [
        (date(2024, 4, 1), 3, date(2027, 3, 31)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2024, 4, 1), 0, None),
    ],
)
def test_a_title_s_last_day(on_day, years, last):
    assert listing.last_day(on_day, years) == last


def test_before_eight_in_the_morning_it_is_the_bureau_s_day(people, make_party, now):
    """A moment written in another zone is still the same day on the wall."""
    call = open_call(people, now)
    row = waiting_for_meeting(call, make_party(), now)
    early = datetime(2024, 11, 19, 22, 30, tzinfo=UTC)  # half past six on the 20th in the bureau
    met(call, {row.pk: ("approved", "")}, early)
    notice = publicised(call, people, early)
    assert (notice.from_on, notice.until_on) == (date(2024, 11, 20), date(2024, 11, 27))


def test_a_withdrawn_notice_lets_its_list_be_announced_again(people, make_party, now):
    call = open_call(people, now)
    row = waiting_for_meeting(call, make_party(), now)
    with on(date(2024, 11, 20)) as at:
        met(call, {row.pk: ("approved", "")}, at)
        notice = publicised(call, people, at)
        with pytest.raises(Refused, match="公示还在"):
            take("announce_again", row, actor=people.officer, at=at)
        take("withdraw", notice, actor=people.officer, at=at, reason="名称有误")
        again = take("announce_again", row, actor=people.officer, at=at)
        assert (again.state, again.notice) == ("approved", None)
        assert publicised(call, people, at).pk != notice.pk
