"""The public pages: read by anybody, objected to by anybody, checked by anybody; closed when the bureau says so."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from keji.desk.catalogue import PublicCatalogue, open_catalogue
from keji.kernel import clock
from keji.kernel.audit.log import take_head
from keji.kernel.audit.models import Entry
from keji.kernel.documents.models import Attachment, Paper, keep
from keji.kernel.documents.opening import close_to_public, open_to_public
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.kernel.records import notices
from keji.kernel.records.flow import Refused, take
from keji.kernel.records.notices.objections import Objection
from keji.kernel.rules.models import ParameterValue
from keji.modules.enterprises import api as enterprises

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def officers(person, actor_for):
    return [actor_for(person("officer", name)) for name in ("first", "second")]


@pytest.fixture
def notice(officers, now):
    draft = notices.draft_notice(
        title="拟认定企业研发中心名单公示", body="现予以公示。<script>alert(1)</script>", columns=("序号", "单位"),
        rows=[(1, "甲公司"), (2, "=2+2")], contact="0564-3379000", actor=officers[0], at=now,
    )  # fmt: skip
    return notices.publish(draft, actor=officers[1], at=now)


def objection_of(client, notice, **given):
    values = {"reason": "名单第二家公司不在本市注册，请核查。", "token": str(uuid4())} | given
    return client.post(f"{notice.public_url()}/object", values)


def text_of(answer):
    return answer.content.decode()


def receipt_of(page):
    return re.search(r"GY-\d{4}-\d+", page)[0], re.search(r'查询码</dt><dd class="mono">(\w{8})', page)[1]


# --- reading ---------------------------------------------------------------------------------------------------------

PAGES = [
    "/public/",
    "/public/notices/",
    "/public/catalogues/",
    "/public/papers/",
    "/public/verify",
    "/public/objections",
]


@pytest.mark.parametrize("path", PAGES)
def test_everybody_reads_an_empty_house_and_is_told_what_will_be_there(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("path", [*PAGES, "/public/catalogues/hnte", "/public/catalogues/hnte/table.csv"])
def test_a_bureau_on_a_closed_network_closes_them_all(client, db, path):
    ParameterValue.objects.create(
        name="public.open", label="对外公开页面", value=0, from_on=date(2024, 11, 1), cites="本局决定", state="in_force"
    )
    assert client.get(path).status_code == 404


def test_a_notice_is_read_with_its_days_its_table_and_its_digest(client, notice):
    page = text_of(client.get(notice.public_url()))
    for said in (
        "公示中",
        "2024年11月12日至2024年11月19日",
        "还剩 5 个工作日",
        "甲公司",
        "0564-3379000",
        notice.digest,
    ):
        assert said in page
    assert "<script>alert" not in page
    assert notice.title in text_of(client.get("/public/"))
    assert notice.title in text_of(client.get("/public/notices/", {"q": "研发中心", "when": "open"}))
    assert notice.title not in text_of(client.get("/public/notices/", {"q": "没有这样的"}))


def test_a_draft_is_nobodys_to_read(client, officers, now):
    draft = notices.draft_notice(title="草", body="稿", actor=officers[0], at=now)
    for rest in ("", "/object", "/content.json", "/table.csv"):
        assert client.get(f"/public/notices/{draft.number}{rest}").status_code == 404


@pytest.mark.parametrize("odd", ["GS-2024-9999", "%00", "..%2F..%2Fetc", "長" * 300])
def test_an_address_nobody_gave_is_not_found(client, notice, odd):
    assert client.get(f"/public/notices/{odd}").status_code == 404
    assert client.get(f"{notice.public_url()}/files/{odd}").status_code == 404


def test_of_a_withdrawn_notice_only_the_title_and_the_reason_remain(client, notice, officers, now):
    notices.withdraw(notice, reason="名单有误", actor=officers[0], at=now)
    page = text_of(client.get(notice.public_url()))
    assert "名单有误" in page
    assert "甲公司" not in page
    assert client.get(f"{notice.public_url()}/table.csv").status_code == 404
    assert client.get(f"{notice.public_url()}/content.json").status_code == 404


def test_the_old_notice_points_to_the_one_that_corrects_it(client, notice, officers, now):
    fixed = notices.draft_correction(notice, actor=officers[0], at=now)
    assert fixed.number not in text_of(client.get(notice.public_url()))
    fixed = notices.publish(fixed, actor=officers[1], at=now)
    assert fixed.number in text_of(client.get(notice.public_url()))
    assert notice.number in text_of(client.get(fixed.public_url()))


def test_the_content_file_is_what_the_digest_was_made_from(client, notice):
    content = client.get(f"{notice.public_url()}/content.json").content
    assert hashlib.sha256(content).hexdigest() == notice.digest
    assert json.loads(content)["rows"] == [["1", "甲公司"], ["2", "=2+2"]]


def test_a_change_behind_the_houses_back_is_shown_to_everybody(client, notice):
    notices.PublicNotice.objects.filter(pk=notice.pk).update(rows=[["1", "丙公司"]])
    assert "与发布时的指纹不一致" in text_of(client.get(notice.public_url()))


def test_the_table_as_a_sheet_keeps_its_chinese_and_runs_no_formula(client, notice):
    answer = client.get(f"{notice.public_url()}/table.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "'=2+2" in text_of(answer)
    assert client.get(f"{notice.public_url()}/table.xlsx").content[:2] == b"PK"
    assert client.get(f"{notice.public_url()}/table.exe").status_code == 404


def test_files_are_those_of_the_day_it_was_published(client, officers, now):
    from keji.kernel.documents.models import attach

    draft = notices.draft_notice(title="带附件", body="正文", actor=officers[0], at=now)
    attach(draft, SimpleUploadedFile("名单.pdf", b"%PDF-1"), name="名单.pdf", by="x", at=now)
    shown = notices.publish(draft, actor=officers[1], at=now)
    late = attach(shown, SimpleUploadedFile("后来.pdf", b"%PDF-2"), name="后来.pdf", by="x", at=now)
    Attachment.objects.filter(name="名单.pdf").update(removed_at=now)
    page = text_of(client.get(shown.public_url()))
    assert "名单.pdf" in page
    assert "后来.pdf" not in page
    first = shown.files[0]["sha256"]
    assert b"".join(client.get(f"{shown.public_url()}/files/{first}").streaming_content) == b"%PDF-1"
    assert client.get(f"{shown.public_url()}/files/{late.blob_id}").status_code == 404


# --- objecting -------------------------------------------------------------------------------------------------------


def test_anybody_objects_and_later_reads_the_answer(client, notice, officers, now):
    page = text_of(objection_of(client, notice, name="王小明", contact="13856412345"))
    number, code = receipt_of(page)
    waiting = text_of(client.post("/public/objections", {"number": number, "code": code}))
    assert "正在办理" in waiting
    objection = Objection.objects.get()
    take("propose", objection, actor=officers[0], at=now, decision="upheld", answer="您说得对，已更正。")
    assert "您说得对" not in text_of(client.post("/public/objections", {"number": number, "code": code}))
    take("approve", objection, actor=officers[1], at=now)
    answered = text_of(client.post("/public/objections", {"number": number, "code": code.lower()}))
    assert "您说得对，已更正。" in answered
    assert "王小明" not in answered
    wrong = client.post("/public/objections", {"number": number, "code": "AAAAAAAA"})
    assert (wrong.status_code, "不对" in text_of(wrong)) == (422, True)


def test_sending_the_same_form_twice_gives_the_same_receipt(client, notice):
    token = str(uuid4())
    first, again = (receipt_of(text_of(objection_of(client, notice, token=token))) for _ in range(2))
    assert first == again
    assert Objection.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": "不好"}, "至少 10 个字"),
        ({"reason": " " * 30}, "请写明异议理由和依据"),
        ({"name": "王小明"}, "请留下手机号或电子邮箱"),
        ({"contact": "12"}, "完整的手机号"),
        ({"contact": "a@b"}, "电子邮箱不完整"),
        ({"homepage": "buy"}, "提交没有成功"),
        ({"token": "x"}, "页面已失效"),
        ({"reason": "长" * 2001}, "最多 2,000 个字"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why(client, notice, given, said):
    answer = objection_of(client, notice, **given)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Objection.objects.exists()


def test_what_was_typed_survives_a_refused_file(client, notice):
    answer = objection_of(client, notice, name="李四", contact="li@example.cn", file=SimpleUploadedFile("a.exe", b"MZ"))
    assert "只接受 PDF" in text_of(answer)
    assert "李四" in text_of(answer)


def test_the_sixth_objection_within_an_hour_from_one_address_is_refused(client, notice):
    answers = [objection_of(client, notice).status_code for _ in range(6)]
    assert answers == [200] * 5 + [422]
    assert objection_of(client, notice, token=str(uuid4())).status_code == 422
    elsewhere = {"reason": "另一处的另一件异议，请核查。", "token": str(uuid4())}
    assert client.post(f"{notice.public_url()}/object", elsewhere, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_a_proxy_on_this_machine_is_believed_and_a_stranger_is_not(rf):
    from keji.site.public.frame import address_of

    assert address_of(rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_REAL_IP="203.0.113.9")) == "203.0.113.9"
    assert address_of(rf.get("/", REMOTE_ADDR="203.0.113.5", HTTP_X_REAL_IP="203.0.113.9")) == "203.0.113.5"
    assert address_of(rf.get("/", REMOTE_ADDR="2001:db8::1")) == address_of(rf.get("/", REMOTE_ADDR="2001:db8::2"))


def test_behind_a_proxy_for_citizens_no_way_to_log_in_is_shown(client, db):
    assert "登录</a>" in text_of(client.get("/public/"))
    assert "登录</a>" not in text_of(client.get("/public/", HTTP_X_PUBLIC_ONLY="1"))


def test_after_the_last_day_the_form_is_closed_and_the_counts_are_printed(client, notice):
    objection_of(client, notice)
    with clock.stopped_at(datetime(2024, 11, 20, 9)):
        answer = client.get(f"{notice.public_url()}/object")
        assert (answer.status_code, "不再受理异议" in text_of(answer)) == (403, True)
        assert "公示期内收到异议 1 件，其中正在办理 1 件" in text_of(client.get(notice.public_url()))


def test_officers_see_name_and_phone_masked_and_every_look_is_on_the_log(client, notice, enter, person):
    objection_of(client, notice, name="王小明", contact="13856412345")
    objection = Objection.objects.get()
    officer = enter(person("officer", "third"))
    url = f"/d/notice-objections/{objection.pk}"
    page = text_of(officer.get(url))
    assert "王**" in page
    assert "138****2345" in page
    assert "王小明" not in page
    shown = officer.post(f"{url}/reveal", {"field": "contact", "reason": "电话核实"}, follow=True)
    assert "13856412345" in text_of(shown)
    assert Entry.objects.filter(action="查看完整联系方式", reason="电话核实").exists()
    assert "王小明" not in text_of(officer.get("/d/notice-objections/"))


def test_the_answer_is_written_on_the_desk_and_looked_at_by_a_colleague(client, notice, enter, person):
    objection_of(client, notice)
    url = f"/d/notice-objections/{Objection.objects.get().pk}"
    first = enter(person("officer", "third"))
    first.post(f"{url}/step/propose", {"decision": "dismissed", "answer": "经查不属实。"})
    assert "拟答复和复核必须是两个人" in text_of(first.get(url))
    enter(person("officer", "fourth")).post(f"{url}/step/approve")
    assert Objection.objects.get().state == "answered"


# --- the officers' desk of notices -----------------------------------------------------------------------------------


def test_an_officer_pastes_a_list_from_excel(enter, person):
    table = "序号\t单位名称\t县区\n1\t甲公司\t金安区\n2\t乙公司\n"
    row = {"kind": "notice", "matter": "other", "title": "名单公示", "body": "正文", "contact": "电话", "table": table}
    answer = enter(person("officer")).post("/d/notices/new", row)
    assert answer.status_code == 302
    made = notices.PublicNotice.objects.get()
    assert (made.columns, made.rows) == (["序号", "单位名称", "县区"], [["1", "甲公司", "金安区"], ["2", "乙公司", ""]])
    assert made.workdays == 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"table": "序号\t名称"}, "只有表头"),
        ({"table": "序号\n1\t多了"}, "表头只有 1 格"),
        ({"contact": ""}, "怎样提出异议"),
        ({"workdays": "99"}, "公示工作日"),
    ],
)
def test_a_draft_that_lacks_something_is_told_so(enter, person, given, said):
    row = {"kind": "notice", "matter": "other", "title": "名单公示", "body": "正文", "contact": "电话", "table": ""}
    answer = enter(person("officer")).post("/d/notices/new", row | given)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_draft_is_changed_in_its_form_until_it_is_published(enter, person, officers, now):
    draft = notices.draft_notice(
        title="名单公示", body="正文", columns=("序号", "单位"), rows=[(1, "甲公司")], numbers=["PT-2024-0001"],
        contact="电话", actor=officers[0], at=now,
    )  # fmt: skip
    client = enter(person("officer", "third"))
    form = client.get(f"/d/notices/{draft.pk}/edit").context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    assert values["table"] == "序号\t单位\n1\t甲公司"
    answer = client.post(f"/d/notices/{draft.pk}/edit", values | {"table": values["table"] + "\n2\t乙公司"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.rows == [["1", "甲公司"], ["2", "乙公司"]]
    notices.publish(draft, actor=officers[1], at=now)
    assert client.get(f"/d/notices/{draft.pk}/edit").status_code == 403


def test_the_number_of_a_notice_leads_everybody_to_what_they_may_read(notice, enter, person, officers, now):
    draft = notices.draft_notice(title="草", body="稿", actor=officers[0], at=now)
    clerk = enter(person("county", region="341502"))
    assert clerk.get(f"/r/{notice.number}").url == notice.public_url()
    assert clerk.get(f"/r/{draft.number}").status_code == 404
    assert enter(person("officer", "third")).get(f"/r/{notice.number}").url == f"/d/notices/{notice.pk}"


def test_a_correction_is_started_once_and_not_by_a_county(notice, enter, person):
    client = enter(person("officer", "third"))
    url = f"/notices/{notice.pk}/correct"
    assert client.post(url).url == client.post(url).url
    assert enter(person("county", region="341502")).post(url).status_code == 403


def test_the_nightly_job_closes_what_is_over(notice):
    from keji.kernel.jobs.models import Job
    from keji.site.jobs import close_notices

    row = Job(kind="close_notices", title="公示期满结束")
    assert "没有期满" in close_notices(row, lambda *_: None)["message"]
    with clock.stopped_at(datetime(2024, 11, 20, 0, 10)):
        assert "1 份" in close_notices(row, lambda *_: None)["message"]


# --- catalogues ------------------------------------------------------------------------------------------------------


@pytest.fixture
def firms(officers, make_party, now):
    rows = [
        {
            "party": make_party(f"第{i}科技公司", region=region, contact_phone="13800000000", contact_name="张三"),
            "kind": "hnte", "certificate_code": f"GR20243400000{i}", "issued_on": date(2024, 10, 29), "batch": "",
        }
        for i, region in enumerate(["341502", "341503"], 1)
    ]  # fmt: skip
    made = enterprises.report_certifications(rows, actor=officers[0], at=now, source="page")
    for record in made:
        take("confirm", record, actor=officers[1], at=now)
    return made


def test_everybody_looks_up_who_holds_a_valid_title(client, firms):
    page = text_of(client.get("/public/catalogues/hnte"))
    assert "第1科技公司" in page
    assert "第2科技公司" in page
    only = text_of(client.get("/public/catalogues/hnte", {"region": "341503", "q": "科技"}))
    assert "第1科技公司" not in only
    assert "第2科技公司" in only
    sheet = text_of(client.get("/public/catalogues/hnte/table.csv", {"q": "第1"}))
    assert sheet.count("科技公司") == 1
    assert client.get("/public/catalogues/hnte/table.xlsx").content[:2] == b"PK"
    assert client.get("/public/catalogues/nothing").status_code == 404


def test_no_personal_data_is_in_any_catalogue(client, firms):
    for name in ("hnte", "tech-sme", "srdi"):
        for path in (f"/public/catalogues/{name}", f"/public/catalogues/{name}/table.csv"):
            assert not {"张三", "1380000"} & {w for w in ("张三", "1380000") if w in text_of(client.get(path))}


@pytest.mark.parametrize("column", ["contact_phone", "contact_name"])
def test_a_catalogue_of_personal_data_raises_at_import(db, column):
    class Odd(PublicCatalogue):
        name, title, columns = "odd", "不该有", ("name", column)

        @staticmethod
        def records(on):
            return Party.objects.all()

    with pytest.raises(TypeError, match="personal data"):
        open_catalogue(Odd)


# --- papers and verifying --------------------------------------------------------------------------------------------


@pytest.fixture
def paper(now, settings):
    return Paper.objects.create(
        kind="bulletin", period="2024-10", title="十月通报", number="六科通〔2024〕10号", state="issued",
        issued_on=date(2024, 11, 10), drafted_by="甲", created_at=now, pdf=keep(b"%PDF-paper"), docx=keep(b"PK-paper"),
    )  # fmt: skip


def test_an_issued_paper_is_public_only_once_the_bureau_says_so(client, paper, officers, now):
    assert client.get(f"/public/papers/{paper.pk}.pdf").status_code == 404
    open_to_public(paper, actor=officers[0], at=now)
    assert "十月通报" in text_of(client.get("/public/papers/"))
    assert b"".join(client.get(f"/public/papers/{paper.pk}.pdf").streaming_content) == b"%PDF-paper"
    with pytest.raises(Refused, match="写明理由"):
        close_to_public(paper, reason="", actor=officers[0], at=now)
    with pytest.raises(Refused, match="理由最多 300 字，现有 301 字"):
        close_to_public(paper, reason="密" * 301, actor=officers[0], at=now)
    close_to_public(paper, reason="含内部数据", actor=officers[0], at=now)
    assert client.get(f"/public/papers/{paper.pk}.docx").status_code == 404


def test_a_draft_paper_and_a_county_clerk_are_refused(paper, person, actor_for, now, enter):
    with pytest.raises(Refused, match="市局决定"):
        open_to_public(paper, actor=actor_for(person("county", region="341502")), at=now)
    Paper.objects.filter(pk=paper.pk).update(state="draft")
    with pytest.raises(Refused, match="没有印发"):
        open_to_public(paper, actor=actor_for(person("officer")), at=now)
    assert enter(person("county", region="341503")).get("/open-papers").status_code == 403


def test_the_page_of_papers_opens_and_closes_them(paper, enter, person):
    client = enter(person("officer", "third"))
    client.post(f"/open-papers/{paper.pk}", {"open": "1"})
    assert "起公开" in text_of(client.get("/open-papers"))
    client.post(f"/open-papers/{paper.pk}", {"reason": "含内部数据"})
    paper.refresh_from_db()
    assert paper.public_since is None


def test_a_file_is_told_to_be_issued_by_this_house_or_not(client, paper):
    def ask(content):
        return text_of(client.post("/public/verify", {"file": SimpleUploadedFile("通报.pdf", content)}))

    assert "与印发的公文一致" in ask(b"%PDF-paper")
    assert "不是本系统印发的文件" in ask(b"%PDF-paper ")
    Paper.objects.update(state="draft")
    assert "不是本系统印发的文件" in ask(b"%PDF-paper")
    assert "没有选择文件" in text_of(client.post("/public/verify", {}))


def test_a_printed_root_is_found_as_typed_off_the_page(client, notice, now):
    head = take_head(now, printed_in="六科通〔2024〕11号")
    for typed in (head.sha256, head.sm3.upper(), " ".join(re.findall("....", head.sha256)), head.sm3[:16]):
        assert "六科通〔2024〕11号" in text_of(client.get("/public/verify", {"q": typed}))
    assert "这是一份公示的内容指纹" in text_of(client.get("/public/verify", {"q": notice.digest}))
    assert "没有查到" in text_of(client.get("/public/verify", {"q": "0" * 64}))
    assert "看不出" in text_of(client.get("/public/verify", {"q": "你好"}))


def test_a_clerk_logged_in_reads_the_same_pages(enter, person, notice):
    client = enter(person("county", region="341502"))
    assert "进入工作台" in text_of(client.get(notice.public_url()))


def test_ten_years_of_notices_are_read_page_by_page(client, notice, django_assert_max_num_queries):
    extra = []
    for i in range(300):
        day = notice.from_on - timedelta(days=i)
        extra.append(
            notices.PublicNotice(
                number=f"GS-2014-{i:04d}", kind="result", title=f"第{i}号结果", body="正文", state="published",
                from_on=day, digest="0" * 64, created_at=notice.created_at, updated_at=notice.created_at,
            )
        )  # fmt: skip
    notices.PublicNotice.objects.bulk_create(extra)
    with django_assert_max_num_queries(12):
        page = text_of(client.get("/public/notices/", {"page": "3"}))
    assert page.count("public-line-title") == 20
