"""The race's pages: what each role sees, what a county must not see, what a what-if leaves alone."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction

from keji.kernel.people.models import Account
from keji.lib.race.published import digest_of
from keji.modules.horserace import api as race
from keji.modules.horserace.models import RaceRun
from tests.modules.horserace.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def hearing(the_race):
    """April published, May in hearing."""
    the_race.adopt()
    the_race.whole(4)
    the_race.file_all(5)
    record = the_race.open(5)
    the_race.check_all(record)
    return the_race.hear(record)


def as_user(enter, name):
    return enter(Account.objects.get(username=name))


def test_an_empty_house_says_what_to_do(the_race, enter):
    page = as_user(enter, "juzhang").get("/horserace/").content.decode()
    assert "还没有公布过赛马结果" in page
    assert "还没有公布过本县区参加的赛马结果" in as_user(enter, "clerk-341502").get("/horserace/mine").content.decode()


def test_every_page_opens_for_those_it_is_for(hearing, enter):
    run = RaceRun.objects.get(state="published")
    for user in ("juzhang", "guihua", "clerk-341524"):
        client = as_user(enter, user)
        for path in ("", f"runs/{run.pk}", f"runs/{run.pk}/units/341524", f"runs/{run.pk}/what-if", "papers",
                     f"runs/{run.pk}/indicators/fiscal_growth", f"runs/{run.pk}/contributions.svg",
                     f"schemes/{run.scheme_id}/weights"):  # fmt: skip
            assert client.get(f"/horserace/{path}").status_code == 200, (user, path)
        for desk in ("race-rounds", "race-runs", "race-schemes", "race-awards", "race-tasks"):
            assert client.get(f"/d/{desk}/").status_code == 200, (user, desk)


def test_a_county_sees_its_own_provisional_line_and_nobody_elses(hearing, enter):
    client = as_user(enter, "clerk-341524")
    run = hearing.runs.get(state="provisional")
    page = client.get("/horserace/mine").content.decode()
    assert "2024年5月预排" in page and "6.1%" in page
    assert "14.8%" not in page.split("2024年4月：")[0]  # another county's figure of the month in hearing
    for path in ("", "/units/341524", "/indicators/fiscal_growth", "/file.json", "/what-if", "/contributions.svg"):
        assert client.get(f"/horserace/runs/{run.pk}{path}").status_code == 404
    assert client.get(f"/d/race-runs/{run.pk}").status_code == 404
    detail = client.get(f"/d/race-rounds/{hearing.pk}").content.decode()
    assert "金寨" in detail and "叶集" not in detail


def test_what_was_asked_of_one_county_is_not_read_by_another(the_race, enter):
    the_race.adopt()
    the_race.whole(4)
    the_race.file("2024-05", "hightech_value_added_growth", ["0.112", *["9.9"] * 7])
    record = the_race.open(5)
    as_user(enter, "guihua").post(f"/horserace/rounds/{record.pk}/ask")
    question = record.questions.get(region="341502")
    other = as_user(enter, "clerk-341503")
    assert question.sentence not in other.get(f"/d/race-rounds/{record.pk}").content.decode()
    assert other.post(f"/horserace/questions/{question.pk}/answer", {"answer": "x"}).status_code == 404
    own = as_user(enter, "clerk-341502")
    own.post(f"/horserace/questions/{question.pk}/answer", {"answer": "属实"})
    question.refresh_from_db()
    assert question.answer == "属实"
    other = as_user(enter, "clerk-341503")
    assert "0.112" not in other.get(f"/d/race-rounds/{record.pk}").content.decode()


def test_a_county_agrees_once_and_only_for_itself(hearing, enter):
    client = as_user(enter, "clerk-341524")
    for _ in range(2):
        client.post(f"/horserace/mine/agree/{hearing.pk}")
    assert list(hearing.hearings.values_list("region_id", flat=True)) == ["341524"]
    assert as_user(enter, "juzhang").post(f"/horserace/mine/agree/{hearing.pk}").status_code == 403


def test_a_what_if_moves_a_place_and_leaves_the_official_run_alone(hearing, enter):
    run = RaceRun.objects.get(state="published")
    before = RaceRun.objects.count()
    page = as_user(enter, "juzhang").get(
        f"/horserace/runs/{run.pk}/what-if",
        {"unit": "341524", "v_hightech_value_added_growth": "30", "v_fiscal_growth": "十"},
    )
    text = page.content.decode()
    assert "升" in text and "不是数，按原数计算" in text
    assert RaceRun.objects.count() == before


def test_the_file_is_downloaded_with_the_digest_that_is_printed(hearing, enter):
    run = RaceRun.objects.get(state="published")
    answer = as_user(enter, "clerk-341502").get(f"/horserace/runs/{run.pk}/file.json")
    assert digest_of(b"".join(answer.streaming_content)) == run.digest


def test_the_public_reads_what_is_published_and_takes_the_file(hearing, client):
    run = RaceRun.objects.get(state="published")
    page = client.get("/public/race/").content.decode()
    assert ">2024年4月" in page and ">2024年5月<" not in page and run.digest in page
    assert client.get(f"/public/race/{run.number}.json").status_code == 200
    provisional = hearing.runs.get(state="provisional")
    assert client.get(f"/public/race/{provisional.number}.json").status_code == 404


def test_the_public_reads_places_only_when_the_bureau_says_so(hearing, client):
    from keji.kernel.rules.models import ParameterValue

    ParameterValue.objects.filter(name="race.public_scores").update(value=0)
    run = RaceRun.objects.get(state="published")
    page = client.get("/public/race/").content.decode()
    assert run.digest not in page and "得分" not in page.split("<main")[-1]
    assert client.get(f"/public/race/{run.number}.json").status_code == 404


def test_officers_check_items_and_are_told_why_not(the_race, enter):
    the_race.adopt()
    the_race.file_all(4, skip=("341522",))
    record = the_race.open(4)
    item = record.items.get(indicator="hightech_value_added_growth")
    client = as_user(enter, "gaoxin")
    page = client.post(f"/horserace/items/{item.pk}/check", follow=True).content.decode()
    assert "还缺 1 个单位的数" in page
    client.post(f"/horserace/items/{item.pk}/check", {"without": "县统计局迟报"})
    item.refresh_from_db()
    assert item.state == "checked"
    figure = the_race.figure("fiscal_growth", "341502", "2024-04")
    page = client.post(
        f"/horserace/rounds/{record.pk}/figures/{figure.pk}/correct", {"value": "十二", "reason": "x"}, follow=True
    )
    assert "只填数字" in page.content.decode()


def test_the_editor_keeps_what_it_was_given_and_tells_what_is_wrong(the_race, enter):
    from keji.modules.horserace.forms_scheme import initial_of

    scheme = race.draft_starter(actor=the_race.officer, at=at(2024, 1, 8))
    rows = initial_of(scheme.content)
    data = {"aggregation": "arithmetic", "ties": "printed", "places": "2"}
    for name, found in rows.items():
        data |= {f"{name}-TOTAL_FORMS": len(found), f"{name}-INITIAL_FORMS": len(found)}
        for n, row in enumerate(found):
            data |= {f"{name}-{n}-{k}": v for k, v in row.items() if not isinstance(v, list | dict | bool)}
    client = as_user(enter, "guihua")
    assert client.get(f"/horserace/schemes/{scheme.pk}/edit").status_code == 200
    before = json.loads(json.dumps(scheme.content))
    answer = client.post(f"/horserace/schemes/{scheme.pk}/edit", data)
    assert answer.status_code == 302
    scheme.refresh_from_db()
    for row, old in zip(scheme.content["indicators"], before["indicators"], strict=True):
        assert {k: row[k] for k in ("code", "level", "weight", "function")} == {
            k: old[k] for k in ("code", "level", "weight", "function")
        }
        assert row.get("proxies") == old.get("proxies")
    bad = client.post(f"/horserace/schemes/{scheme.pk}/edit", data | {"indicators-0-weight": "四十"})
    assert "没有保存" in bad.content.decode()
    data |= {"levels-0-weight": "50"}
    page = client.post(f"/horserace/schemes/{scheme.pk}/edit", data, follow=True).content.decode()
    assert "还不能执行" in page and "权重合计" in page


def test_two_runs_of_one_month_are_never_both_published(hearing):
    run = hearing.runs.get(state="provisional")
    with pytest.raises(IntegrityError), transaction.atomic():
        RaceRun.objects.filter(pk=run.pk).update(period="2024-04", state="published")


def test_a_county_reports_on_its_task_but_cannot_set_or_change_one(hearing, the_race, enter):
    run = RaceRun.objects.get(state="published")
    row = {
        "run": run,
        "region": the_race.regions["341524"],
        "title": "走访高企",
        "owner": "华文",
        "due_on": at(2024, 12, 30).date(),
    }
    task = race.set_tasks([row], actor=the_race.officer, at=at(2024, 6, 1))[0]
    client = as_user(enter, "clerk-341524")
    assert client.get("/d/race-tasks/new").status_code == 403
    assert client.get(f"/d/race-tasks/{task.pk}/edit").status_code == 403
    client.post(f"/d/race-tasks/{task.pk}/step/report", {"result": "走访 12 户"})
    task.refresh_from_db()
    assert task.state == "reported"
    assert as_user(enter, "clerk-341502").get(f"/d/race-tasks/{task.pk}").status_code == 404
