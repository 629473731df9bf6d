"""The demo city in a real browser, as the people of each role use it."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROLES = {
    "juzhang": ["/", "/plan/", "/plan/bulletins", "/plan/freeze", "/todo", "/plan/follow"],
    "gaoxin": [
        "/",
        "/plan/",
        "/d/certifications/",
        "/d/parties/",
        "/d/figures/",
        "/plan/split",
        "/enterprises/lapsing",
    ],
    "jinan": ["/", "/plan/", "/plan/split", "/d/certifications/", "/d/certifications/upload", "/plan/bulletins"],
    "qiye": ["/", "/d/parties/", "/d/certifications/"],
    "jijian": ["/", "/plan/", "/audit", "/indicators"],
    "xitong": ["/", "/d/regions/", "/d/workdays/"],
    "anquan": ["/", "/d/accounts/", "/d/grants/", "/d/clients/", "/d/clients/1"],
    "shenji": ["/", "/audit"],
}


@pytest.mark.parametrize("username", ROLES)
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_each_role_opens_its_pages_without_errors_or_sideways_scrolling(visit, username, phone):
    page = visit(username, phone=phone)
    for path in ROLES[username]:
        answer = page.goto(path)
        assert answer.status == 200, f"{username} {path}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{path} scrolls sideways by {wide}px"


@pytest.mark.parametrize(
    "path", ["/", "/plan/", "/d/certifications/", "/d/certifications/new", "/plan/split", "/login"]
)
def test_pages_follow_the_accessibility_rules(visit, path):
    from axe_playwright_python.sync_playwright import Axe

    page = visit("gaoxin")
    page.goto(path)
    page.wait_for_timeout(300)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.response["violations"] == [], found.generate_report()


def sheet(codes: list[str], *, mistakes: bool) -> dict[str, object]:
    """Fifty new certificates as a county would type them; three rows wrong when asked."""
    book = Workbook()
    table = book.active
    table.append(["统一社会信用代码", "资质类型", "证书（登记）编号", "发证（入库）日期", "批次"])
    for i, code in enumerate(codes):
        number, day = f"2024341502089{i:05d}"[:18], "2024-11-29"
        if mistakes and i == 3:
            code = code[:-1] + ("0" if code[-1] != "0" else "1")
        if mistakes and i == 7:
            day = "2024-11-31"
        if mistakes and i == 11:
            number = "不知道"
        table.append([code, "科技型中小企业", number, day, "2024年第5批"])
    content = io.BytesIO()
    book.save(content)
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "金安区第5批.xlsx", "mimeType": mime, "buffer": content.getvalue()}


def make_codes(count: int) -> list[str]:
    from keji.lib.codes import make_uscc, organisation_check

    bodies = [f"MB{serial:06d}" for serial in range(1, count + 1)]
    return [make_uscc(f"91341502{body}{organisation_check(body)}") for body in bodies]


def register_firms(page, codes: list[str]) -> None:
    """The firms first come on file, by a sheet as well."""
    book = Workbook()
    table = book.active
    table.append(["统一社会信用代码", "单位名称", "单位类型", "统计归属"])
    for i, code in enumerate(codes):
        table.append([code, f"金安新企{i:02d}科技有限公司", "企业", "金安区"])
    content = io.BytesIO()
    book.save(content)
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.goto("/d/parties/upload")
    page.set_input_files("input[type=file]", {"name": "新建档.xlsx", "mimeType": mime, "buffer": content.getvalue()})
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_text(re.compile("50 行全部写入"))).to_be_visible()


def figure(page) -> int:
    """科技型中小企业 as the tracker shows it now."""
    page.goto("/plan/")
    row = page.get_by_role("row").filter(has_text="科技型中小企业").filter(has_text="家以上").first
    return int(re.sub(r"\D", "", row.get_by_role("link").nth(1).inner_text()))


def test_a_county_reports_fifty_firms_and_the_plans_figure_moves(visit):
    clerk, codes = visit("jinan"), make_codes(50)
    register_firms(clerk, codes)

    clerk.goto("/d/certifications/upload")
    clerk.set_input_files("input[type=file]", sheet(codes, mistakes=True))
    clerk.get_by_role("button", name="上传并核对").click()
    expect(clerk.get_by_text("50 行中有 3 行需要更正，没有写入任何数据").first).to_be_visible()
    expect(clerk.get_by_text("2024-11-31").first).to_be_visible()

    clerk.goto("/d/certifications/upload")
    clerk.set_input_files("input[type=file]", sheet(codes, mistakes=False))
    clerk.get_by_role("button", name="上传并核对").click()
    expect(clerk.get_by_text(re.compile("50 行全部写入"))).to_be_visible()

    officer = visit("gaoxin")
    before = figure(officer)
    officer.goto("/d/certifications/?state=reported&kind=tech_sme")
    while officer.get_by_label("全选本页").count():
        officer.get_by_label("全选本页").check()
        officer.get_by_role("button", name="批量确认").click()
        dialog = officer.locator("dialog[open]")
        if dialog.count():
            dialog.get_by_role("button").last.click()
        officer.wait_for_load_state()
        officer.goto("/d/certifications/?state=reported&kind=tech_sme")
    after = figure(officer)
    assert after == before + 50
    officer.get_by_role("row").filter(has_text="科技型中小企业").filter(has_text="家以上").first.get_by_role(
        "link"
    ).nth(1).click()
    expect(officer.get_by_text(f"共 {after} 条")).to_be_visible()


def test_the_issued_bulletin_downloads_as_word_and_pdf(visit):
    page = visit("juzhang")
    page.goto("/plan/bulletins")
    page.get_by_role("link", name=re.compile("2024年11月")).first.click()
    for kind, start in (("PDF", b"%PDF"), ("Word", b"PK")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=kind).first.click()
        assert open(waiting.value.path(), "rb").read(4).startswith(start)


def test_another_citys_plan_becomes_its_tracker(visit):
    text = "\n".join(
        [
            "某市科技局2025年工作要点",
            "一、主要目标",
            "2025年，全市高新技术企业达到900家以上，全社会研发投入强度达到2.3%。",
            "二、重点任务",
            "（一）培育创新主体",
            "1.壮大科技企业队伍。力争全年新增科技型中小企业200家、省级以上创新平台5家。",
            "2.推进成果转化。组织产学研对接活动不少于12场，技术合同成交额增长15%以上。",
        ]
    )
    page = visit("guihua")
    page.goto("/plan/upload")
    page.set_input_files(
        "input[type=file]", {"name": "2025年工作要点.txt", "mimeType": "text/plain", "buffer": text.encode()}
    )
    page.get_by_label("年度").fill("2025")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/plan/\d+/adopt"))
    for said in ("不低于 900 家", "200 家", "12 场", "15%"):
        expect(page.locator("main").get_by_text(said).first).to_be_visible()


def test_the_keyboard_reaches_search_and_rows(visit):
    page = visit("gaoxin")
    page.goto("/d/certifications/")
    page.keyboard.press("/")
    expect(page.get_by_label("全站搜索")).to_be_focused()


def test_a_clerk_of_one_county_never_meets_anothers_records(visit):
    page = visit("yeji")
    page.goto("/d/certifications/")
    names = page.locator("tbody tr").all_inner_texts()
    assert names
    assert all("叶集区" in n for n in names)
