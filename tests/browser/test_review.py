"""A panel that meets, on its members' phones and on paper; a batch shared out and changed by hand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_batch import done, fill, press
from tests.browser.test_facts import expect_to_fit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
OPINION = "目标明确，技术路线可行，指标可以考核，专家组建议立项。"
#: Those on the panel of the batch named, with a password of their own: their log-ins in the order of their codes.
LET_IN = """
from django.db import transaction
from keji.kernel.people.models import Account
from keji.modules.projects.models import Review
template = Account.objects.get(username="gaoxin")
rows = Review.objects.filter(batch__title=sys.argv[1]).exclude(person__account=None).order_by("code")
keys = list(dict.fromkeys(rows.values_list("person__account", flat=True)))
with transaction.atomic():
    Account.objects.filter(pk__in=keys).update(
        password=template.password, password_changed_on=template.password_changed_on)
print(*[Account.objects.get(pk=key).username for key in keys])
"""
#: What the others of a panel do while the test watches two of them.
REST_REVIEW = """
from decimal import Decimal
from keji.kernel import clock
from keji.kernel.people.roles import Actor
from keji.modules.projects.models import Review
from keji.modules.projects.reviews.services import reviewing
system = Actor.system("其他专家")
for row in Review.objects.filter(batch__title=sys.argv[1], state="assigned"):
    marks = {c.pk: (Decimal(c.full * 8) / 10, "") for c in row.batch.guideline.scheme.criteria.all()}
    reviewing.save_marks(row, marks, "技术路线可行，指标可以考核，建议支持。", actor=system, at=clock.now())
    reviewing.submit(row, actor=system, at=clock.now())
"""
REST_AGREE = """
from keji.kernel import clock
from keji.kernel.people.roles import Actor
from keji.modules.projects.models import AgendaItem
from keji.modules.projects.meetings.services import calling, opinions
system = Actor.system("其他专家")
item = AgendaItem.objects.filter(meeting__batch__title=sys.argv[1]).order_by("order").first()
meeting = item.meeting
for item in meeting.items.select_related("proposal"):
    standing = opinions.standing_of(meeting, item)
    if not item.opinion:
        opinions.draft_opinion(item, meeting.chair, "建议立项", sys.argv[2], actor=system, at=clock.now())
    for voter in opinions.standing_of(meeting, item).silent:
        opinions.answer(item, voter, True, "", actor=system, at=clock.now())
"""
MET, SHARED = "重大项目会议评审组", "绿色低碳补充评审组"


def batch_page(page, title):
    page.goto(f"/d/review-batches/?q={title}")
    page.locator("main table").get_by_role("link", name=title, exact=True).first.click()
    page.wait_for_url(re.compile(r"/d/review-batches/\d+"))
    return page.url


def test_a_panel_gathers_elects_scores_on_phone_and_paper_agrees_and_closes(whole_house, visit):
    names = whole_house.tell(LET_IN, MET).split()
    first, second = visit("guihua"), visit("gaoxin")
    batch = batch_page(first, MET)
    first.get_by_role("link", name="评审会议现场").click()
    expect(first.get_by_text("到会 3 位专家，应到 5 位").first).to_be_visible()
    room = first.url
    phone, other = visit(names[0], phone=True), visit(names[3], phone=True)
    phone.goto("/projects/reviews")
    phone.get_by_role("link", name=MET).first.click()
    phone.wait_for_url(re.compile(r"/projects/meetings/\d+"))
    home = phone.url
    expect_to_fit(phone)
    expect(phone.get_by_text("还不能打分")).to_be_visible()
    other.goto(home)
    press(other, "签到")
    done(other, "已签到")
    first.goto(room)
    first.get_by_placeholder("未到会的原因").fill("临时出差")
    press(first, "登记未到会", sure=True)
    done(first, "已登记未到会")
    press(first, "按次序递补", sure=True)
    done(first, "已按抽取次序递补")
    press(first, "登记到会")
    done(first, "已登记到会")
    chair_is_elected(whole_house, phone, other, home)
    scored_on_phone_and_paper(phone, home, first, second, room)
    whole_house.tell(REST_REVIEW, MET)
    agreed_and_minuted(whole_house, phone, other, home, first, room)
    first.goto(batch)
    press(first, "结束评审", sure=True)
    done(first, "已结束")
    expect(first.get_by_text("会议记录已确认")).to_be_visible()


def chair_is_elected(house, phone, other, home):
    for page in (phone, other):
        page.goto(home)
        page.locator("input[name=chosen]").first.check()
        expect_to_fit(page)
        press(page, "推选")
        done(page, "已推选")
    house.tell(
        """
from keji.kernel import clock
from keji.kernel.people.roles import Actor
from keji.modules.projects.models import Attendee
from keji.modules.projects.meetings.services import attending
rows = list(Attendee.objects.filter(meeting__batch__title=sys.argv[1], state="present").order_by("code"))
attending.vote(rows[1], rows[0], actor=Actor.system("第二位专家"), at=clock.now())
""",
        MET,
    )
    phone.goto(home)
    expect(phone.get_by_text("（您）")).to_be_visible()


def scored_on_phone_and_paper(phone, home, first, second, room):
    """One sheet on the phone, one from paper; the others follow."""
    phone.locator(".meeting-items a").first.click()
    phone.wait_for_url(re.compile(r"/projects/reviews/\d+"))
    boxes = phone.locator("input[name^=points_]")
    for n, points in enumerate(("22", "26", "21", "8", "8")):
        boxes.nth(n).fill(points)
    phone.locator("#comment").fill("需求真实，方案可行，建议支持。")
    expect_to_fit(phone)
    press(phone, "提交评审")
    done(phone, "谢谢您的评审")
    first.goto(room)
    first.locator("summary", has_text="到会专家没有提交的评审表").click()
    first.get_by_role("link", name="录入纸质评分表").last.click()
    first.wait_for_url(re.compile("/type$"))
    boxes = first.locator("input[name^=points_]")
    for n, points in enumerate(("20", "24", "20", "8", "8")):
        boxes.nth(n).fill(points)
    fill(first, {"comment": "方案完整，建议支持，注意推广条件。"})
    scan = {"name": "评分表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 x"}
    first.locator("[name=page]").set_input_files(scan)
    press(first, "保存")
    done(first, "请另一位同志对照纸质件核对")
    second.goto(room)
    second.locator("#sheets a").filter(has_text="Z06").first.click()
    press(second, "与纸质件一致", sure=True)
    done(second, "已核对，计入专家评分")


def agreed_and_minuted(house, phone, other, home, first, room):
    phone.goto(home)
    form = phone.locator("form", has=phone.locator("textarea[name=opinion]")).first
    form.locator("select").select_option(label="建议立项")
    form.locator("textarea").fill(OPINION)
    press(phone, "提交意见")
    done(phone, "请各位专家表态")
    other.goto(home)
    other.locator("summary", has_text="不同意…").first.click()
    other.locator("textarea[name=words]").first.fill("预算里会议费偏高，应当压减")
    expect_to_fit(other)
    press(other, "提交不同意见")
    done(other, "不同意：预算里会议费偏高")
    house.tell(REST_AGREE, MET, OPINION)
    first.goto(room)
    press(first, "生成会议记录")
    done(first, "请组长确认")
    phone.goto(home)
    with phone.expect_download() as waiting:
        phone.get_by_role("link", name="会议记录 PDF").click()
    assert waiting.value.suggested_filename.endswith("评审会议记录.pdf")
    press(phone, "确认会议记录", sure=True)
    done(phone, "已确认会议记录")


def test_an_officer_shares_a_batch_out_changes_one_by_hand_and_the_experts_see_their_tasks(whole_house, visit):
    officer = visit("gaoxin")
    batch = batch_page(officer, SHARED)
    officer.get_by_role("link", name="分配评审").click()
    officer.wait_for_url(re.compile("/allocate"))
    expect(officer.get_by_text("平均契合度").first).to_be_visible()
    expect(officer.get_by_text(re.compile("这是最好的方案|任何符合条件的分配")).first).to_be_visible()
    fill(officer, {"each": "5", "load": "3"})
    press(officer, "计算方案")
    expect(officer.get_by_text("每位专家项数").first).to_be_visible()
    press(officer, "采用这个方案", sure=True)
    done(officer, "已按方案安排评审专家")
    expect(officer.get_by_text("就是现在的安排")).to_be_visible()
    changed_by_hand(officer)
    officer.goto(batch)
    if officer.get_by_role("button", name="已逐处核对").count():
        press(officer, "已逐处核对", sure=True)
    press(officer, "开始评审", sure=True)
    done(officer, "已开始评审")
    done(officer, "更换评审专家")
    names = whole_house.tell(LET_IN, SHARED).split()
    phone = visit(names[0], phone=True)
    phone.goto("/projects/reviews")
    expect(phone.get_by_role("listitem").filter(has_text=SHARED).get_by_role("link").first).to_be_visible()
    expect_to_fit(phone)


def changed_by_hand(officer):
    """The first who can be: a person who already sits on the proposal, or must keep away, is refused in words."""
    people = officer.locator("#swap-person option").count()
    for place in range(1, people):
        officer.locator("#swap-sheet").select_option(index=1)
        officer.locator("#swap-person").select_option(index=place)
        officer.locator("#swap-reason").fill("该项目请熟悉水处理现场的专家评审")
        press(officer, "换人")
        if officer.get_by_text("已换人，理由已记入办理记录").count():
            return
        expect(officer.get_by_text("没有办成").first).to_be_visible()
    raise AssertionError("nobody could be changed")
