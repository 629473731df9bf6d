"""Odd cases as people read them: every page opens, and says in a sentence what is the matter and what to do."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest

from keji.kernel.people.models import Account
from keji.kernel.records.flow import take
from keji.modules.horserace import api as race
from keji.modules.horserace.models import RaceRound
from tests.modules.horserace.conftest import GROWTHS, SHARES, VALUES, at

pytestmark = pytest.mark.django_db
PAGES = ("", "/compare", "/what-if", "/contributions.svg", "/file.json")


def as_user(enter, name):
    return enter(Account.objects.get(username=name))


def words(answer):
    """What a reader sees of a page's main part."""
    text = re.sub(r"<script.*?</script>", "", answer.content.decode().split("<main")[-1], flags=re.S)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def every_page(client, run):
    """Opens each page of a run; returns the words of its overview."""
    unit = run.places.first().region_id
    for path in (*PAGES, f"/units/{unit}", "/indicators/fiscal_growth"):
        assert client.get(f"/horserace/runs/{run.pk}{path}").status_code == 200, path
    return words(client.get(f"/horserace/runs/{run.pk}"))


def told(the_race, month, **values):
    """A month with other figures than usual, up to publication."""
    usual = {"hightech_value_added_growth": VALUES, "fiscal_share": SHARES, "fiscal_growth": GROWTHS}
    for code, own in (usual | values).items():
        the_race.file(f"2024-{month:02d}", code, own)
    record = the_race.open(month)
    the_race.check_all(record, "尚未公布")
    record = the_race.hear(record)
    the_race.agree(record)
    record = the_race.approve(record)
    return next(r for r in the_race.publish(record) if r.kind == "month")


def test_all_figures_equal(the_race, enter):
    the_race.adopt()
    same = ["5"] * 8
    run = told(the_race, 4, hightech_value_added_growth=same, fiscal_share=same, fiscal_growth=same)
    client = as_user(enter, "juzhang")
    page = every_page(client, run)
    assert "分不出先后" in page and "nan" not in page.lower()
    assert "已是第一名" in words(client.get(f"/horserace/runs/{run.pk}/units/341524"))
    paper = race.papers.draft(run, actor=the_race.officer, at=at(2024, 6, 3))
    assert any("分不出先后" in b.get("text", "") for b in paper.content["blocks"])


def test_one_unit_only(the_race, enter):
    the_race.adopt(lambda content: content.update(units=content["units"][:1]))
    run = the_race.whole(4)
    client = as_user(enter, "juzhang")
    page = every_page(client, run)
    assert "第 1" in page or "1 金安区" in page
    blocks = race.papers.draft(run, actor=the_race.officer, at=at(2024, 6, 3)).content["blocks"]
    assert any("不足两个" in b.get("text", "") for b in blocks)


def test_growth_from_a_negative_base_is_not_scored_and_says_why(the_race, enter):
    def growing(content):
        row = next(r for r in content["indicators"] if r["code"] == "hightech_value_added_growth")
        row |= {"function": "GROWTH", "base": "previous", "parameters": {"start": "60", "each": "2"}}

    the_race.adopt(growing)
    told(the_race, 4, hightech_value_added_growth=["-3.0", *VALUES[1:]])
    run = told(the_race, 5)
    client = as_user(enter, "juzhang")
    every_page(client, run)
    page = words(client.get(f"/horserace/runs/{run.pk}/units/341502"))
    assert "上期值为零或负数，不能算增速，请核对" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c["levels"][0].update(weight=""), "没有权重"),
        (lambda c: c["levels"][0].update(weight="30"), "权重合计"),
        (lambda c: c["indicators"][0].update(weight="四十"), "不是数"),
    ],
)
def test_weights_missing_or_not_adding_up(the_race, enter, change, said):
    scheme = race.draft_starter(actor=the_race.officer, at=at(2024, 1, 8))
    content = scheme.content
    change(content)
    race.save_content(scheme, content, actor=the_race.officer, at=at(2024, 1, 8))
    client = as_user(enter, "gaoxin")
    page = words(client.get(f"/d/race-schemes/{scheme.pk}"))
    assert "还不能执行" in page and said in page
    assert "先改正再比较" in words(client.get(f"/horserace/schemes/{scheme.pk}/weights"))


def test_two_with_the_same_score_share_a_place_and_the_next_is_skipped(the_race, enter):
    the_race.adopt()
    twins = {
        "hightech_value_added_growth": ["10", "10", *VALUES[2:]],
        "fiscal_share": ["1.5", "1.5", *SHARES[2:]],
        "fiscal_growth": ["12", "12", *GROWTHS[2:]],
    }
    run = told(the_race, 4, **twins)
    places = list(run.places.order_by("order").values_list("place", flat=True))
    shared = next(p for p in places if places.count(p) == 2)
    assert shared + 1 not in places
    page = words(as_user(enter, "clerk-341502").get(f"/horserace/runs/{run.pk}"))
    assert re.search(rf"{shared} 金安区.*{shared} 裕安区", page)


def test_a_unit_that_joins_mid_year_has_no_place_before_and_one_that_changes_its_group_is_ranked_there(the_race, enter):
    def change(content):
        content["groups"] = [{"code": "a", "title": "城区"}, {"code": "b", "title": "县"}]
        units = [u | {"group": "a" if n < 3 else "b"} for n, u in enumerate(content["units"])]
        moving = units[0]
        units[0] = moving | {"until_on": "2024-04-30"}
        units.append(moving | {"group": "b", "from_on": "2024-05-01"})
        units[7]["from_on"] = "2024-05-01"
        content["units"] = units

    the_race.adopt(change)
    april, may = the_race.whole(4), the_race.whole(5)
    assert april.places.get(region="341502").group == "a" and may.places.get(region="341502").group == "b"
    client = as_user(enter, "juzhang")
    assert "六安经济技术开发区" not in words(client.get(f"/horserace/runs/{april.pk}")).split("得分分布")[0]
    page = every_page(client, may)
    assert "六安经济技术开发区" in page
    unit = words(client.get(f"/horserace/runs/{may.pk}/units/341500-KFQ"))
    assert "2024年5月" in unit and "2024年4月 " not in unit.split("历次名次")[-1]
    scheme = words(client.get(f"/d/race-schemes/{may.scheme_id}"))
    assert "（2024-05-01起）" in scheme and "（2024-04-30止）" in scheme


def test_a_percentage_typed_as_a_fraction_is_asked_about_on_the_page(the_race, enter):
    the_race.adopt()
    the_race.whole(4)
    the_race.file("2024-05", "hightech_value_added_growth", ["0.095", *VALUES[1:]])
    record = the_race.open(5)
    page = words(as_user(enter, "guihua").post(f"/horserace/rounds/{record.pk}/ask", follow=True))
    assert "个疑问" in page and "百分数" in page and "0.095" in page
    mine = words(as_user(enter, "clerk-341502").get("/horserace/mine"))
    assert "要您说明的数" in mine and "0.095" in mine


def test_january_without_figures_says_that_they_come_with_february(the_race, enter):
    the_race.adopt()
    the_race.file("2024-01", "fiscal_share", SHARES)
    the_race.file("2024-01", "fiscal_growth", GROWTHS)
    record = the_race.open(1)
    the_race.check_all(record)
    record = the_race.hear(record)
    the_race.agree(record)
    the_race.approve(record)
    run = the_race.publish(record)[0]
    page = every_page(as_user(enter, "juzhang"), run)
    assert "2024年1月没有单独发布的数，与下期合并" in page


def test_a_figure_revised_after_publication_shows_both_versions(the_race, enter, client):
    the_race.adopt()
    old = the_race.whole(4)
    record = RaceRound.objects.get()
    figure = the_race.figure("hightech_value_added_growth", "341524", "2024-04")
    race.correct_reported(record, figure, Decimal("16.2"), reason="修订", actor=the_race.officer, at=at(2024, 6, 13))
    take("correct", record, actor=the_race.officer, at=at(2024, 6, 13), reason="统计局修订")
    new = take("publish", record.runs.get(state="ready"), actor=the_race.leader, at=at(2024, 6, 14))
    public = words(client.get("/public/race/"))
    assert "更正第 2 版" in public and "已被更正版代替" in public and "更正原因：统计局修订" in public
    clerk = as_user(enter, "clerk-341524")
    assert "更正后的第 2 版" in every_page(clerk, new) and "更正原因：统计局修订" in every_page(clerk, new)
    assert "现行结果见" in every_page(clerk, old)


def test_units_are_compared_two_to_four_at_a_time(the_race, enter):
    the_race.adopt()
    run = the_race.whole(4)
    client = as_user(enter, "clerk-341524")
    page = words(client.get(f"/horserace/runs/{run.pk}/compare"))
    assert "金寨县" in page and "逐项对比" in page
    one = words(client.get(f"/horserace/runs/{run.pk}/compare?unit=341502"))
    assert "选了 1 个单位，请选 2 至 4 个" in one
    five = "&".join(f"unit={code}" for code in list(the_race.regions)[:5])
    assert "选了 5 个单位" in words(client.get(f"/horserace/runs/{run.pk}/compare?{five}"))
    strange = client.get(f"/horserace/runs/{run.pk}/compare?unit=x&unit=341502&unit=341503")
    assert strange.status_code == 200 and "请选" not in words(strange).split("逐项对比")[0].split("得分")[-1]
    page = words(client.get(f"/horserace/runs/{run.pk}/compare?unit=341502&unit=341504"))
    line = next(x for x in page.split("规上高新技术产业增加值增速")[1:])
    assert "14.8%" in line and "9.5%" in line  # the same figures as on the units' own pages
