"""A whole batch from call to archive in a real browser: applicant, county, two officers, inspector, expert, leader."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import visiting
from tests.browser.test_facts import expect_to_fit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CALL, TITLE = "2025年度应急科技项目指南", "山洪预警声光一体终端研制"
PATIENCE = 60_000  # freezing and packing take a while on a busy machine
CHINA = timezone(timedelta(hours=8))
#: What no page can do today, done by the services: those drawn have accounts, the other four answer and review.
LET_IN = """
from django.db import transaction
from keji.kernel.people.models import Account, Grant
from keji.kernel import clock
from keji.modules.experts.models import Draw
template = Account.objects.get(username="gaoxin")
seats = Draw.objects.get(number=sys.argv[1]).seats.exclude(state="declined").select_related("expert__person")
names = []
with transaction.atomic():
    for seat in seats.order_by("order"):
        person = seat.expert.person
        if person.account is None:
            person.account = Account.objects.create(username=f"pw{person.pk}", name=person.name)
            person.save()
            Grant.objects.create(account=person.account, role="expert", from_on=clock.today())
        Account.objects.filter(pk=person.account_id).update(
            password=template.password, password_changed_on=template.password_changed_on
        )
        names.append(person.account.username)
print(*names)
"""
OTHERS_REVIEW = """
from decimal import Decimal
from keji.kernel import clock
from keji.kernel.people.roles import Actor
from keji.modules.projects.models import Review
from keji.modules.projects.reviews.services import reviewing
system = Actor.system("其他专家")
for row in Review.objects.filter(batch__draw_number=sys.argv[1], state="assigned"):
    marks = {c.pk: (Decimal(c.full * 8) / 10, "") for c in row.batch.guideline.scheme.criteria.all()}
    reviewing.save_marks(row, marks, "技术路线可行，指标可以考核，建议支持。", actor=system, at=clock.now())
    reviewing.submit(row, actor=system, at=clock.now())
"""


def fill(page, values):
    for name, value in values.items():
        field = page.locator(f"[name='{name}']").first
        if value is True:
            field.check()
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)


def press(page, name, *, sure=False, within="main"):
    """Press a button, say yes when the page asks, and wait until the answer has come: a word may stand there before."""
    with page.expect_navigation(timeout=PATIENCE):
        page.locator(within).get_by_role("button", name=name, exact=True).first.click(timeout=PATIENCE)
        if sure:
            page.locator("dialog[open]").get_by_role("button", name="确定").click(timeout=PATIENCE)


def done(page, said):
    expect(page.get_by_text(said).first).to_be_visible(timeout=PATIENCE)


def test_a_batch_goes_from_call_to_archive_and_whoever_changes_a_byte_is_caught(own_house, chromium, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with visiting(own_house.address, chromium) as visit:
        first, second = visit("gaoxin"), visit("guihua")
        call = announce_call(first, second)
        firm = visit("pingtai")
        proposal = apply_for_it(firm, call)
        recommend_and_check(visit, first, firm, proposal)
        batch, number = panel_is_asked_for(first)
        verify_the_draw(second, visit("jijian"), number, first)
        experts = own_house.tell(LET_IN, number).split()
        reviewed_on_the_phone(visit, first, batch, number, experts, own_house)
        downloads_prove_the_draw(own_house.address, number, elsewhere)
        decided(first, second, batch, call)
        with own_house.living_on(datetime(2024, 12, 20, 9, tzinfo=CHINA)):
            project = established(visit("gaoxin"), visit("juzhang"), call)
            run_and_archive(visit, project, proposal)


def announce_call(first, second):
    first.goto("/d/guidelines/new")
    fill(first, {
        "title": CALL, "programme": "市科技攻关计划", "scheme": "科技攻关项目网络评审方案", "year": "2025",
        "document": "六科计〔2024〕30号", "opens_on": "2024-12-10", "closes_on": "2025-01-10", "themes": "防灾减灾",
        "money": "100", "grant_most": "60", "materials": "* 单位营业执照或法人证书\n技术方案（专家可见，已匿名）",
        "sections": "立项依据，1500\n研究内容，3000", "form_items": "单位合格\n材料齐全", "contact": "0564-3379001",
    })  # fmt: skip
    press(first, "保存")
    expect(first.get_by_role("heading", name=CALL)).to_be_visible()
    url = first.url
    second.goto(url)
    press(second, "发布指南", sure=True)
    done(second, "办理中")
    return url


def apply_for_it(firm, call):
    firm.goto(call)
    firm.get_by_placeholder("项目名称").fill(TITLE)
    firm.get_by_role("button", name=re.compile("^以.*申报$")).click()
    firm.wait_for_url("**/write")
    fill(firm, {
        "theme": "防灾减灾", "months": "18", "leader_name": "石长安", "leader_id_number": "342401198506010011",
        "abstract": "研制山洪预警声光一体终端，在两个乡镇示范应用。",
        "business": "30", "labour": "5", "own_money": "45", "contact_name": "王工", "contact_phone": "13805641234",
        "promised": True,
    })  # fmt: skip
    for name, text in (("section_s1", "山洪频发，现有终端断网失效。"), ("section_s2", "研究多链路通信和低功耗。")):
        with firm.expect_response(lambda r: "autosave" in r.url) as saved:
            firm.locator(f"[name={name}]").fill(text)
            firm.locator(f"[name={name}]").blur()
        assert saved.value.ok
    press(firm, "保存")
    firm.wait_for_url(re.compile(r"/d/proposals/\d+"))
    proposal = firm.url.split("#")[0]
    firm.locator("#file-m1").set_input_files(
        {"name": "营业执照.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 x"}
    )
    press(firm, "上传", within="#materials")
    done(firm, "没有发现问题")
    press(firm, "送单位审核")
    press(firm, "单位审核通过并报送", sure=True)
    done(firm, "待推荐")
    return proposal


def recommend_and_check(visit, first, firm, proposal):
    region = firm.locator("main").inner_text()
    clerks = {"金安区": "jinan", "裕安区": "yuan", "叶集区": "yeji", "霍邱县": "huoqiu", "舒城县": "shucheng"}
    clerks |= {"金寨县": "jinzhai", "霍山县": "huoshan", "开发区": "kaifaqu"}
    clerk = visit(next(name for place, name in clerks.items() if place in region))
    clerk.goto(proposal)
    press(clerk, "推荐")
    done(clerk, "待形式审查")
    first.goto(proposal)
    first.get_by_role("link", name="逐项核对").click()
    for box in first.locator("input[value=yes]").all():
        box.check()
    press(first, "保存")
    first.goto(proposal)
    press(first, "形式审查通过")
    done(first, "待评审")


def panel_is_asked_for(first):
    first.goto("/d/review-batches/new")
    fill(first, {"guideline": CALL, "title": "应急科技评审组", "due_on": "2024-12-30"})
    press(first, "保存")
    first.wait_for_url(re.compile(r"/d/review-batches/\d+"))
    batch = first.url
    fill(first, {"size": "5", "review_on": "2024-12-10", "outside": "2", "finance": "1"})
    press(first, "申请抽取专家")
    done(first, "请另一位同志在专家库冻结")
    number = first.locator("a[href^='/r/']").filter(has_text=re.compile(r"\d{4}-\d{4}")).first.inner_text()
    return batch, number


def verify_the_draw(second, inspector, number, first):
    for page in (second, inspector):
        page.goto(f"/r/{number}")
    press(second, "冻结并公布摘要", sure=True)
    done(second, "待见证")
    inspector.reload()
    inspector.locator("#w-digits").fill("20241210")
    inspector.locator("#w-again").fill("20241210")
    press(inspector, "见证并抽取", sure=True)
    done(inspector, "封存")
    press(inspector, "签名")
    done(inspector, "现场见证，程序无误")


def reviewed_on_the_phone(visit, first, batch, number, experts, whole_house):
    phone = visit(experts[0], phone=True)
    phone.goto("/experts/mine")
    expect_to_fit(phone)
    phone.locator(".experts-ask").filter(has_text="应急科技评审组").get_by_role("button", name="参加").click()
    done(phone, "已答复参加，届时请准时到会")
    first.goto(f"/r/{number}")
    press(first, "启封", sure=True)
    done(first, "已启封")
    first.goto(batch)
    press(first, "按抽取结果安排")
    done(first, "已按抽取结果安排评审专家")
    press(first, "开始评审", sure=True)
    done(first, "已开始评审")
    phone.goto("/projects/reviews")
    expect_to_fit(phone)
    phone.get_by_role("link", name=TITLE).click()
    expect(phone.get_by_text("匿名评审")).to_be_visible()
    expect(phone.get_by_text("石长安")).to_have_count(0)
    expect_to_fit(phone)
    boxes = phone.locator("input[name^=points_]")
    for n, points in enumerate(("26", "21", "20", "8", "8")):
        boxes.nth(n).fill(points)
    phone.locator("#comment").fill("技术路线清楚，指标可以考核，建议支持。")
    press(phone, "提交评审")
    done(phone, "谢谢您的评审")
    whole_house.tell(OTHERS_REVIEW, number)
    first.goto(batch)
    press(first, "结束评审", sure=True)
    done(first, "已结束")


def downloads_prove_the_draw(address, number, folder: Path):
    """The stand-alone verifier in an empty folder; one byte changed is found, and where."""
    for name in (f"{number}/frozen.json", f"{number}/outcome.json", "verify_draw.py"):
        content = urlopen(f"{address}/public/draws/{name}").read()
        (folder / name.rpartition("/")[2]).write_bytes(content)

    def run():
        command = [sys.executable, "-I", "verify_draw.py", "frozen.json", "outcome.json"]
        found = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
        return found.returncode, found.stdout

    code, said = run()
    assert code == 0 and "不符" not in said, said
    for name in ("frozen.json", "outcome.json"):
        kept = (folder / name).read_bytes()
        place = kept.index(b"20241210") if b"20241210" in kept else kept.index(b"E")
        (folder / name).write_bytes(kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :])
        code, said = run()
        assert code == 1 and "不符" in said, (name, said)
        (folder / name).write_bytes(kept)


def decided(first, second, batch, call):
    first.goto(call)
    first.get_by_role("link", name=re.compile("登记会议决定")).click()
    fill(first, {"held_on": "2024-12-10", "minutes": "局党组会议纪要〔2024〕30号", "attendees": "陈志远\n王海燕\n孙丽"})
    first.locator("select[name^=outcome]").select_option(label="同意立项")
    first.locator("input[name^=grant]").fill("30")
    press(first, "登记")
    done(first, "已登记会议决定")
    press(first, "起草公示（1 项）", sure=True)
    done(first, "已起草公示")
    second.goto(call)
    second.locator("main a[href^='/r/']").filter(has_text="公示").first.click()
    press(second, "发布", sure=True)
    done(second, "已发布")


def established(officer, leader, call):
    officer.goto(call)
    press(officer, "起草立项文件")
    done(officer, "已起草立项文件")
    leader.goto(call)
    leader.locator("#paper-number").fill("六科计〔2024〕31号")
    press(leader, "签发", sure=True)
    done(leader, "已签发")
    officer.goto("/d/projects/?q=" + TITLE)
    officer.locator("main a[href*='/d/projects/']").filter(has_text=TITLE).first.click()
    officer.wait_for_url(re.compile(r"/d/projects/\d+"))
    return officer.url


def run_and_archive(visit, project, proposal):
    firm, officer = visit("pingtai"), visit("gaoxin")
    firm.goto(project)
    firm.get_by_role("link", name="填写任务书").click()
    fill(firm, {
        "content": "研制终端并示范", "targets": "断网预警成功率不低于 99%", "economy": "新增销售收入 200 万元",
        "milestones": "样机，完成样机，2025-06-30，18\n示范，两个乡镇示范，2026-05-31，12",
        "equipment": "0", "business": "25", "labour": "5", "indirect": "0",
    })  # fmt: skip
    press(firm, "保存")
    press(firm, "签订任务书", sure=True)
    done(firm, "已签订任务书")
    region = firm.locator("main").inner_text()
    clerks = {"金安区": "jinan", "裕安区": "yuan", "叶集区": "yeji", "霍邱县": "huoqiu", "舒城县": "shucheng"}
    clerks |= {"金寨县": "jinzhai", "霍山县": "huoshan", "开发区": "kaifaqu"}
    clerk = visit(next(name for place, name in clerks.items() if place in region))
    clerk.goto(project)
    press(clerk, "签订任务书", sure=True)
    done(clerk, "已签订任务书")
    officer.goto(project)
    press(officer, "市局签订任务书")
    fill(officer, {"order_code": "ZF20241220-01", "amount": "18", "paid_on": "2024-12-20"})
    officer.locator("[name=milestone]").select_option(label="样机")
    press(officer, "登记拨付", sure=True)
    done(officer, "已登记拨付")
    firm.goto(project)
    firm.get_by_role("link", name="填写年度执行报告").click()
    fill(firm, {"year": "2024", "progress": "已完成方案设计和样机试制，正在做断网试验。", "business": "10"})
    press(firm, "保存")
    done(firm, "已报送年度执行报告")
    firm.get_by_role("link", name="申请验收").click()
    fill(firm, {"summary": "按任务书完成全部研究内容，样机在两个乡镇示范运行，各项指标达到要求。"})
    press(firm, "保存")
    done(firm, "验收中")
    officer.goto(project)
    officer.get_by_role("link", name="登记验收").click()
    panel = "\n".join(f"验收{n}，合肥某大学{'，财务' if n == '丁' else ''}" for n in "甲乙丙丁戊")
    fill(officer, {
        "panel": panel, "conclusion": "通过",
        "opinion": "完成任务书全部内容，同意通过。", "finance_opinion": "支出合规。",
        "execution": "8.5", "output": "47", "benefit": "26", "satisfaction": "9",
    })  # fmt: skip
    press(officer, "保存")
    done(officer, "已登记验收结论")
    press(officer, "验收结束")
    done(officer, "已验收")
    press(officer, "归档")
    done(officer, "已归档")
    with officer.expect_download() as waiting:
        officer.get_by_role("link", name=re.compile("档案")).first.click()
    packed = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert any("任务书.pdf" in name for name in packed.namelist()) and packed.testzip() is None
