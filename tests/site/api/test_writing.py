"""What a token writes: through the sheet's own checks and service, all or nothing, once a key."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from keji.kernel import clock
from keji.kernel.audit.log import verify
from keji.kernel.audit.models import Entry
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.jobs.models import Job
from keji.kernel.parties.models import Party
from keji.kernel.records.flow import Refused, take
from keji.lib import sheet
from keji.lib.codes import make_uscc, organisation_check
from keji.modules.enterprises.models import Certification
from keji.modules.enterprises.titles.forms import CertificationForm
from keji.site.api.models import Call
from tests.site.api.conftest import Caller

pytestmark = pytest.mark.django_db
PATH = "/records/certifications"


@pytest.fixture
def clerk(person):
    return person("county", region="341502", name="赵敏")


@pytest.fixture
def system(connect, clerk) -> Caller:
    return connect(clerk)


def row(party, serial=1, **fields):
    return {
        "party": party.uscc,
        "kind": "hnte",
        "certificate_code": f"GR202434{serial:06d}",
        "issued_on": "2024-10-29",
        "batch": "2024年第一批",
    } | fields


def through_a_sheet(browser, rows):
    """The same rows uploaded by a person; returns the job."""
    labels = dict(Certification.Kind.choices)
    lines = [r | {"kind": labels.get(r["kind"], r["kind"])} for r in rows]
    content = sheet.write(CertificationForm.columns(), lines)
    browser.post("/d/certifications/upload", {"file": SimpleUploadedFile("表.xlsx", content)})
    return Job.objects.latest("pk")


def undone(work):
    """What `work` returns; what it wrote is taken back."""
    with transaction.atomic():
        found = work()
        transaction.set_rollback(True)
    return found


LEFT_OUT = {"id", "source"}  # the key of a row, and the one thing that must differ


def as_written():
    return [{k: v for k, v in r.items() if k not in LEFT_OUT} for r in Certification.objects.order_by("pk").values()]


def test_a_batch_writes_what_the_same_sheet_writes(system, clerk, enter, make_party):
    rows = [row(make_party(), n, kind="高新技术企业" if n % 2 else "hnte") for n in range(1, 8)]

    def by_sheet():
        assert through_a_sheet(enter(clerk), rows).state == Job.State.DONE
        return as_written(), set(Certification.objects.values_list("source", flat=True))

    written, source = undone(by_sheet)
    status, answer = system.post(PATH, rows)
    assert (status, answer["written"], answer["replayed"]) == (201, 7, False)
    assert as_written() == written
    assert source == {"county"}
    assert set(Certification.objects.values_list("source", flat=True)) == {"exchange"}
    assert [r["code"] for r in answer["records"]] == [r["number"] for r in written]


def test_a_batch_with_mistakes_hears_what_the_sheet_hears_and_writes_nothing(
    system, clerk, enter, make_party, certified
):
    mine, theirs, taken = make_party(), make_party(region="341503"), certified("341502")[0]
    rows = [
        row(mine, 1),
        row(mine, 2, certificate_code="GR2023"),
        row(theirs, 3),
        row(mine, 4, issued_on="2024-13-01"),
        row(mine, 5, kind="金牌企业"),
        row(mine, 6) | {"party": "91341502MA00000000"},
        row(mine, 1),
        row(mine, 8, certificate_code=taken.certificate_code),
        row(mine, 9, issued_on=""),
    ]
    job = through_a_sheet(enter(clerk), rows)
    heard = {p["row"] - 1: p["problems"] for p in job.result["problems"]}
    status, problem = system.post(PATH, rows)
    assert (status, problem["type"]) == (422, "urn:keji:problem:rows")
    assert "没有写入任何数据" in problem["detail"]
    told = {r["row"]: r["problems"] for r in problem["rows"]}
    assert set(told) == set(heard) == {2, 3, 4, 5, 6, 7, 8, 9}
    for number, problems in told.items():
        for said, shown in zip(problems, heard[number], strict=True):
            # A sheet's first row stands under its header: its second is the batch's first.
            assert said["message"] in (shown.split("：", 1)[-1], shown.replace("第 2 行", "第 1 行"))
            assert bool(said["label"]) == bool(said["field"])
    assert told[2][0]["field"] == "certificate_code"
    assert told[3][0]["field"] == "party"
    assert Certification.objects.count() == 1
    assert not Call.objects.exists()


def test_a_field_nobody_knows_is_not_silently_dropped(system, make_party):
    status, problem = system.post(PATH, [row(make_party(), isued_on="2024-01-01")])
    assert status == 422
    assert "没有名为“isued_on”的字段" in problem["rows"][0]["problems"][0]["message"]


def test_the_same_batch_sent_again_writes_once(system, make_party):
    rows = [row(make_party(), n) for n in (1, 2)]
    first, again = system.post(PATH, rows), system.post(PATH, rows)
    assert [first[0], again[0]] == [201, 200]
    assert again[1] == first[1] | {"replayed": True}
    assert Certification.objects.count() == 2
    assert Entry.objects.filter(action="经接口报送科技资质").count() == 1


def test_a_key_used_for_something_else_is_refused(system, make_party):
    party = make_party()
    system.post(PATH, [row(party, 1)])
    status, problem = system.post(PATH, [row(party, 2)])
    assert (status, problem["type"]) == (409, "urn:keji:problem:key-reused")
    assert Certification.objects.count() == 1


def test_two_systems_may_use_the_same_key(system, connect, clerk, make_party):
    party = make_party()
    assert system.post(PATH, [row(party, 1)])[0] == 201
    assert connect(clerk).post(PATH, [row(party, 2)])[0] == 201


def test_a_batch_that_failed_may_come_again_under_its_key(system, make_party):
    party = make_party()
    assert system.post(PATH, [row(party, 1, kind="")])[0] == 422
    assert system.post(PATH, [row(party, 1)])[0] == 201


@pytest.mark.parametrize("key", ["", "short", "有汉字的键值对吗", "x" * 81, "with space in"])
def test_a_batch_needs_a_key_of_its_own(system, make_party, key):
    body = json.dumps({"rows": [row(make_party())]}).encode()
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    answer = system.call("POST", PATH, data=body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:keji:problem:no-idempotency-key")


def test_a_dry_run_checks_everything_and_writes_nothing(system, make_party):
    party = make_party()
    assert system.post(PATH, [row(party)], key="", dry_run="true") == (
        200,
        {"rows": 1, "written": 0, "dry_run": True, "replayed": False, "records": []},
    )
    assert system.post(PATH, [row(party, kind="")], key="", dry_run="true")[0] == 422
    assert not Certification.objects.exists()
    assert not Entry.objects.filter(action__startswith="经接口").exists()


def test_every_write_is_in_the_log_under_the_account_and_the_system(system, make_party):
    system.post(PATH, [row(make_party())])
    entries = {e.action: e for e in Entry.objects.order_by("-position")[:2]}
    call, report = entries["经接口报送科技资质"], entries["填报"]
    assert call.subject == system.client.name
    assert (report.actor_id, report.actor_name) == (system.client.account_id, f"赵敏（{system.client.name}）")
    assert verify().sound


def test_who_reported_through_a_machine_does_not_confirm_by_hand(connect, person, make_party):
    officer = person("officer")
    connect(officer).post(PATH, [row(make_party())])
    with pytest.raises(Refused):
        take("confirm", Certification.objects.get(), actor=officer.actor(clock.today()), at=clock.now())


def test_units_are_put_on_file(system):
    body = "MA123456"
    code = make_uscc(f"91341502{body}{organisation_check(body)}")
    unit = {"uscc": code, "name": "六安某某科技有限公司", "kind": "enterprise", "region": "金安区", "above_scale": True}
    phone = {"contact_name": "张三", "contact_phone": "13856412345"}
    status, answer = system.post("/records/parties", [unit | phone])
    assert status == 201, str(answer)
    party = Party.objects.get()
    assert (party.region_id, party.contact_phone, party.profile.above_scale) == ("341502", "13856412345", True)
    assert "13856412345" not in json.dumps(answer)
    status, answer = system.post("/records/parties", [unit | {"region": "341503"}], key="batch-0002")
    assert status == 422
    assert "不在您的管理范围内" in str(answer)


def test_figures_are_filed_exactly(connect, person):
    system = connect(person("officer"))
    figure = {"indicator": "fiscal_growth", "region": "341500", "period": "2024-10", "value": "12.3456"}
    told = {"base_value": 1e-3, "caliber": "累计", "owner": "市财政局"}
    status, answer = system.post("/records/figures", [figure | told])
    assert status == 201, str(answer)
    record = ReportedFigure.objects.get()
    assert (str(record.value), str(record.base_value), record.state) == ("12.3456", "0.0010", "draft")


def test_what_an_account_may_not_write_is_forbidden(connect, person, city):
    system = connect(person("leader"))
    assert system.post(PATH, [{}])[0] == 403
    assert system.post("/records/regulations", [{}])[0] == 403
    assert connect(person("officer")).post("/records/targets", [{}])[0] == 405


def test_a_batch_too_long_is_told_to_come_in_parts(system):
    status, problem = system.post(PATH, [{}] * 2001)
    assert (status, "分批报送" in problem["detail"]) == (413, True)
    answer = system.call(
        "POST", PATH, data=b"x" * (3 * 2**20), content_type="application/json", headers={"Idempotency-Key": "12345678"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b" ", "引号、逗号和括号"),
        (b"{", "引号、逗号和括号"),
        (b"[]", '内容应为 {"rows"'),
        (b"null", '内容应为 {"rows"'),
        (b'{"rows": []}', "至少有一行"),
        (b'{"rows": {}}', "应为数组"),
        (b'{"rows": [1]}', "第 1 行应为对象"),
        (b'{"rows": [{}], "more": 1}', "不能有别的项"),
        (b'{"rows": [{"a": 1, "a": 2}]}', "写了两次"),
        (b'{"rows": [{"batch": "\\u0000"}]}', "不能保存的字符"),
        (b'{"rows": [{"batch": "\\ud800"}]}', "不能保存的字符"),
        (b'{"rows": [{"batch": NaN}]}', "不是数字"),
        (b'{"rows": [{"batch": 1e999999999}]}', "太长"),
        (b'{"rows": [{"batch": ' + b"9" * 5000 + b"}]}", "太长"),
        (b"[" * 100_000, "层次太深"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_what_is_no_batch_is_answered_with_a_sentence(system, body, sentence):
    headers = {"Idempotency-Key": "12345678"}
    answer = system.call("POST", PATH, data=body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert sentence in answer.json()["detail"]


@pytest.mark.parametrize("value", [[], {}, [1], {"a": 1}, True, "x" * 20_000, -1, 10**30, "　", "=1+1", "\u202e"])
@pytest.mark.parametrize("name", ["party", "kind", "certificate_code", "issued_on", "batch"])
def test_any_value_in_any_field_gets_an_answer_by_row(system, make_party, name, value):
    status, answer = system.post(PATH, [row(make_party()) | {name: value}])
    assert status in (201, 422)
    if status == 422:
        assert answer["rows"][0]["row"] == 1


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "application/json; charset=gbk",
    ],
)
def test_another_type_of_content_is_refused(system, kind):
    answer = system.call(
        "POST", PATH, data=b'{"rows": [{}]}', content_type=kind, headers={"Idempotency-Key": "12345678"}
    )
    assert answer.status_code == 415


def test_a_long_batch_takes_few_queries(system, make_party, django_assert_max_num_queries):
    rows = [row(make_party(), n) for n in range(1, 121)]
    with django_assert_max_num_queries(60):
        assert system.post(PATH, rows)[0] == 201


def test_a_future_day_is_refused_as_on_the_page(system, make_party):
    status, answer = system.post(PATH, [row(make_party(), issued_on=date(2024, 12, 1).isoformat())])
    assert (status, "在今天之后" in str(answer)) == (422, True)


def test_a_code_longer_than_its_column_is_told_so_on_every_database(system, make_party):
    status, answer = system.post(PATH, [row(make_party(), kind="srdi", certificate_code="ZJTX" + "9" * 31)])
    assert (status, "超过 30 个字" in str(answer)) == (422, True)
    assert system.post(PATH, [row(make_party(), kind="srdi", certificate_code=" ZJTX " + "9" * 26)])[0] == 201
