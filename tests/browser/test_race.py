"""The race in a real browser: a county objects, an officer answers, a leader publishes, the public recomputes."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def expect_to_fit(page):
    """Nothing scrolls sideways. Waiting, because a press may still be on its way to the next page."""
    page.wait_for_function("document.documentElement?.scrollWidth <= document.documentElement?.clientWidth")


def test_a_county_is_heard_with_its_evidence_and_gets_its_answer(visit, tmp_path):
    county = visit("yuan", phone=True)
    county.goto("/horserace/mine")
    hearing = county.locator(".race-hearing")
    expect(hearing.get_by_role("heading")).to_contain_text("2024年10月预排：第")
    expect(hearing).not_to_contain_text("金寨")  # its own line, nobody else's
    expect_to_fit(county)
    hearing.get_by_role("row", name=re.compile("地方财政科技支出增速")).get_by_role("link", name="提出异议").click()
    county.get_by_label("县区认为应为").fill("12.5")
    county.get_by_label("异议理由和依据").fill("市财政局月报漏计科技创新专项，见所附更正说明。")
    county.locator("main form button[type=submit]").last.click()
    expect(county.get_by_text("市财政局月报漏计科技创新专项").first).to_be_visible()
    evidence = tmp_path / "更正说明.pdf"
    evidence.write_bytes(b"%PDF-1.4\n%%EOF\n")
    county.locator("input[type=file]").first.set_input_files(evidence)
    county.get_by_role("button", name=re.compile("上传|添加")).first.click()
    expect(county.get_by_role("link", name=re.compile("更正说明"))).to_be_visible()
    expect_to_fit(county)

    officer = visit("guihua")
    officer.goto("/d/race-rounds/")
    officer.get_by_role("link", name="2024年10月").first.click()
    line = officer.get_by_role("row", name=re.compile("裕安区"))
    expect(line).to_contain_text("待答复")
    line.get_by_role("link", name=re.compile("异议：")).click()
    expect(officer.get_by_role("link", name=re.compile("更正说明"))).to_be_visible()
    officer.get_by_role("button", name=re.compile("^不采纳")).first.click()
    officer.get_by_role("dialog").locator("textarea").last.fill("已与市财政局核对，专项指标在11月下达，计入11月。")
    officer.get_by_role("dialog").get_by_role("button", name=re.compile("^不采纳")).click()
    expect(officer.get_by_text("专项指标在11月下达").first).to_be_visible()

    county.goto("/horserace/mine")
    expect(hearing).to_contain_text("答复：已与市财政局核对")
    hearing.get_by_role("button", name="数据无异议").click()
    expect(hearing).to_contain_text("已确认无异议")


def test_a_what_if_leaves_the_result_alone_the_leader_publishes_and_anybody_recomputes(visit, tmp_path):
    leader = visit("juzhang")
    leader.goto("/horserace/")
    first = leader.get_by_role("region", name="排名").locator("tbody tr").first
    expect(first.locator(".num")).to_have_text(re.compile(r"^\d+\.\d\d$"))
    before = first.inner_text()
    leader.get_by_role("link", name="假设推算").click()
    expect(leader.get_by_text("与正式结果相同")).to_be_visible()
    leader.locator("#v_hightech_value_added_growth").fill("40")
    leader.get_by_role("button", name="推算", exact=True).click()
    expect(leader.get_by_text("假设，不是正式结果")).to_be_visible()
    expect(leader.get_by_role("region", name="推算结果")).to_contain_text("原")
    leader.goto("/horserace/")
    expect(first).to_have_text(before, use_inner_text=True)

    leader.get_by_role("link", name="去公布").click()
    leader.get_by_role("button", name="公布", exact=True).click()
    leader.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(leader.get_by_text("已公布").first).to_be_visible()
    leader.goto("/horserace/?period=2024Q3")
    expect(leader.get_by_text("本期是更正后的第 2 版")).to_be_visible()

    leader.goto("/public/race/")
    card = leader.get_by_label("2024年三季度赛马第2版")
    expect(card).to_contain_text("更正第 2 版")
    expect(leader.get_by_label("2024年三季度赛马第1版")).to_contain_text("已被更正版代替")
    rows = card.locator("tbody tr")
    expect(rows).to_have_count(8)
    printed = [row.split("\t")[:3] for row in rows.all_inner_texts()]
    with leader.expect_download() as started:
        card.get_by_role("link", name="计分文件").click()
    saved = tmp_path / "race.json"
    started.value.save_as(saved)
    command = [sys.executable, "-m", "keji.cli", "race", "rerun", str(saved)]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("KEJI_", "DJANGO_"))}
    done = subprocess.run(
        command, cwd=ROOT, env=env | {"KEJI_DATA": str(tmp_path)}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0 and "逐位一致" in done.stdout, done.stdout + done.stderr
    again = [line.split("\t")[:3] for line in done.stdout.splitlines() if re.match(r"第 \d+ 名\t", line)]
    assert [(f"第 {place} 名", name, score) for place, name, score in printed] == [tuple(row) for row in again]


def test_units_side_by_side_and_the_year_on_a_phone(visit):
    page = visit("jijian", phone=True)
    page.goto("/horserace/?period=2023")
    expect(page.get_by_role("link", name="2023年度赛马评价")).to_be_visible()
    page.get_by_role("link", name="单位对比").click()
    expect(page.get_by_role("region", name="逐项对比")).to_contain_text("总分")
    page.get_by_label("霍邱县").check()
    page.get_by_role("button", name="对比", exact=True).click()
    page.wait_for_url("**unit=341522**")
    expect(page.get_by_role("region", name="逐项对比")).to_contain_text("霍邱县")
    expect(page.locator(".chart canvas, .chart svg").first).to_be_visible()
    expect_to_fit(page)
    page.goto("/d/race-appraisals/")
    page.get_by_role("link", name="2023年").first.click()
    expect(page.get_by_text("按名次应评良好")).to_be_visible()
    expect_to_fit(page)
