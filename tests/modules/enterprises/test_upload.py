"""A county clerk's month: the sheet goes up, comes back with three sentences, goes up again; the figure moves."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from keji.kernel import clock
from keji.kernel.indicators.freeze import freeze, members_of
from keji.kernel.indicators.models import Reading
from keji.kernel.jobs.models import Job
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.lib.figures import Period
from keji.modules.enterprises.indicators import HnteStock
from keji.modules.enterprises.models import Certification

from .conftest import CERTIFICATION_HEADERS, hnte_code, workbook

pytestmark = pytest.mark.django_db


def send(client, desk: str, content: bytes) -> Job:
    file = SimpleUploadedFile("高企10月.xlsx", content)
    assert client.post(f"/d/{desk}/upload", {"file": file}).status_code == 302
    return Job.objects.latest("pk")


def test_fifty_firms_three_wrong_fixed_confirmed_counted_frozen_and_one_expires(person, enter, make_party, actor_for):
    firms = [make_party(region="341502") for _ in range(49)]
    stranger = make_party("外县企业科技有限公司", region="341503")
    rows = [[p.uscc, "高新技术企业", hnte_code(i), date(2024, 10, 29), ""] for i, p in enumerate(firms, 1)]
    rows[0][3] = date(2021, 11, 20)
    rows[0][2] = hnte_code(1, 2021)
    good_code, wrong_code = rows[10][0], rows[10][0][:-1] + ("A" if rows[10][0][-1] != "A" else "B")
    rows[10][0] = wrong_code
    rows[20][2] = "GR2024340000"
    rows.append([stranger.uscc, "高新技术企业", hnte_code(50), date(2024, 10, 29), ""])

    county = person("county", region="341502")
    client = enter(county)
    job = send(client, "certifications", workbook(CERTIFICATION_HEADERS, rows))
    assert job.result["message"] == "50 行中有 3 行需要更正，没有写入任何数据。"
    said = {p["row"]: p["problems"] for p in job.result["problems"]}
    assert said == {
        12: [
            f"“统一社会信用代码”（A12）：统一社会信用代码“{wrong_code}”的校验位不对，多半有一位抄错，请对照执照逐位核对。"
        ],
        22: [
            "“证书（登记）编号”（C22）：高企证书编号是 GR 加 12 位数字，"
            "现在 GR 之后是“2024340000”（10 位），请对照证书改正。"
        ],
        51: ["“统一社会信用代码”（A51）：“外县企业科技有限公司”属于裕安区，不在您的管理范围内"],
    }
    assert Certification.objects.count() == 0
    returned = openpyxl.load_workbook(io.BytesIO(job.file.read())).active
    assert any(cell.value and "问题" in str(cell.value) for cell in returned[1])

    rows[10][0], rows[20][2] = good_code, hnte_code(21)
    rows[49] = [make_party(region="341502").uscc, "高新技术企业", hnte_code(50), date(2024, 10, 29), ""]
    job = send(client, "certifications", workbook(CERTIFICATION_HEADERS, rows))
    assert job.result["message"] == "50 行全部写入。"
    assert Certification.objects.filter(state="reported", region="341502").count() == 50
    assert HnteStock().members(Period.month(2024, 10)) == {}

    officer = person("officer")
    ticked = list(Certification.objects.values_list("pk", flat=True))
    enter(officer).post("/d/certifications/bulk", {"step": "confirm", "ids": ticked})
    assert Certification.objects.filter(state="confirmed").count() == 50
    assert HnteStock().members(Period.month(2024, 10)) == {"341502": sorted(ticked)}

    freeze(Period.month(2024, 10), actor=actor_for(officer), at=clock.now(), only=["hnte_stock"])
    frozen = Reading.objects.get(indicator="hnte_stock", region="341500", current=True)
    assert (frozen.value, members_of(frozen)) == (50, sorted(ticked))

    with clock.stopped_at(datetime(2024, 12, 3, 9)):
        (gone,) = set(ticked) - set(HnteStock().members(Period.month(2024, 11))["341502"])
        assert Certification.objects.get(pk=gone).certificate_code == hnte_code(1, 2021)
        assert HnteStock().why_left([gone], Period.month(2024, 11)) == {gone: "到期"}
        freeze(Period.month(2024, 11), actor=Actor.system(), at=clock.now(), only=["hnte_stock"])
    assert Reading.objects.get(indicator="hnte_stock", region="341502", period="2024-11").value == 49


def test_the_template_can_be_filled_in_and_sent_back(person, enter, make_party):
    client, party = enter(person("county", region="341502")), make_party()
    template = client.get("/d/certifications/template")
    book = openpyxl.load_workbook(io.BytesIO(template.content))
    sheet = book.worksheets[0]
    headers = [c.value for c in sheet[1]]
    for row in sheet.iter_rows(min_row=2, max_row=sheet.max_row):
        for cell in row:
            cell.value = None
    values = {
        "统一社会信用代码": party.uscc,
        "资质类型": "科技型中小企业",
        "证书（登记）编号": "２０２４341502 A0000123",
        "发证（入库）日期": "2024.8.1",
    }
    for column, header in enumerate(headers, 1):
        for label, value in values.items():
            if header and str(header).startswith(label):
                sheet.cell(row=2, column=column, value=value)
    out = io.BytesIO()
    book.save(out)
    job = send(client, "certifications", out.getvalue())
    assert job.result.get("written") == 1, job.result
    record = Certification.objects.get()
    assert (record.certificate_code, record.issued_on) == ("2024341502A0000123", date(2024, 8, 1))


def test_firms_come_in_by_sheet_and_look_alikes_are_queued(person, enter, make_party):
    from keji.kernel.parties.models import DuplicatePair
    from keji.lib.codes import make_uscc, organisation_check

    known = make_party("六安（皋城）智能装备有限公司")
    body = "MA8N12A3"
    code = make_uscc(f"91341502{body}{organisation_check(body)}")
    rows = [[code, "六安(皋城)智能装备有限责任公司", "企业", "金安区", "13856412345"]]
    headers = ("统一社会信用代码", "单位名称", "单位类型", "统计归属", "联系电话")
    job = send(enter(person("county", region="341502")), "parties", workbook(headers, rows))
    assert job.result.get("written") == 1, (job.state, job.message, job.result)
    made = Party.objects.get(uscc=code)
    assert (made.region_id, made.contact_phone) == ("341502", "13856412345")
    pair = DuplicatePair.objects.get()
    assert {pair.first_id, pair.second_id} == {known.pk, made.pk}


def test_a_code_on_file_is_not_entered_again(person, enter, report, make_party):
    record = report("hnte", date(2024, 10, 29))
    rows = [[make_party().uscc, "高新技术企业", record.certificate_code, date(2024, 10, 29), ""]]
    job = send(enter(person("county", region="341502")), "certifications", workbook(CERTIFICATION_HEADERS, rows))
    sentence = f"这个编号已登记给“{record.party.name}”（{record.number}），不能重复登记"
    assert job.result["problems"] == [{"row": 2, "problems": [f"“证书（登记）编号”（C2）：{sentence}"]}]


def test_one_firm_twice_in_a_sheet_for_one_year_is_named(person, enter, make_party):
    party = make_party()
    rows = [[party.uscc, "科技型中小企业", f"20243415020000000{n}", date(2024, 8, n), ""] for n in (1, 2)]
    job = send(enter(person("county", region="341502")), "certifications", workbook(CERTIFICATION_HEADERS, rows))
    assert [p["row"] for p in job.result["problems"]] == [3]
    assert "一年只计一次" in job.result["problems"][0]["problems"][0]


def test_ten_thousand_rows_go_in_at_once(person, city):
    from keji.desk.desk import desks
    from keji.desk.uploads import run_upload, submit_quietly
    from keji.kernel.audit.models import Entry
    from keji.kernel.documents.models import keep
    from keji.kernel.parties.models import Region
    from keji.lib.codes import make_uscc, organisation_check
    from keji.modules.enterprises.api import create_parties

    region, moment = Region.objects.get(pk="341502"), clock.now()
    bodies = [f"MA{n:06d}" for n in range(10_000)]
    codes = [make_uscc(f"91341502{body}{organisation_check(body)}") for body in bodies]
    create_parties(
        [
            {"uscc": c, "name": f"六安{i * 7919:07x}实业有限公司", "kind": "enterprise", "region": region}
            for i, c in enumerate(codes)
        ],
        actor=Actor.system(),
        at=moment,
        source="import",
    )
    rows = [[c, "高新技术企业", hnte_code(i), date(2024, 10, 29), ""] for i, c in enumerate(codes)]
    account = person("county", region="341502")
    desk = desks()["certifications"]
    blob = keep(workbook(CERTIFICATION_HEADERS, rows))
    job = submit_quietly(desk, account.actor(clock.today()), "高企.xlsx", blob)
    started = timezone.now()
    result = run_upload(job, lambda *_: None)
    assert result["written"] == 10_000
    assert Certification.objects.count() == 10_000
    assert Entry.objects.filter(action="填报").count() == 10_000
    assert (timezone.now() - started).total_seconds() < 120  # a generous bound: a query a row would break it
