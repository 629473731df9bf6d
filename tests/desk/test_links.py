"""关联记录: shown in both directions, to those who may see the other end; kept by those who write the source."""

from __future__ import annotations

from datetime import date

import pytest

from keji.kernel.records import notices
from keji.kernel.records.flow import Refused
from keji.kernel.records.links import link, unlink
from keji.kernel.records.models import Link
from keji.modules.enterprises import api as enterprises

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificates(person, make_party, actor_for, now):
    officer = actor_for(person("officer", "registrar"))
    rows = [
        {
            "party": make_party(region=region), "kind": "hnte", "certificate_code": f"GR20243400000{i}",
            "issued_on": date(2024, 10, 29), "batch": "",
        }
        for i, region in enumerate(["341502", "341503"], 1)
    ]  # fmt: skip
    return enterprises.report_certifications(rows, actor=officer, at=now, source="page")


def at(record):
    return f"/d/certifications/{record.pk}"


def test_a_link_shows_on_both_pages(certificates, person, enter):
    one, other = certificates
    client = enter(person("officer"))
    answer = client.post(f"{at(one)}/links", {"number": f" {other.number.lower()} ", "relation": "相关"}, follow=True)
    assert f"已关联 {other.number}" in answer.content.decode()
    assert "本记录指向对方" in client.get(at(one)).content.decode()
    assert "对方指向本记录" in client.get(at(other)).content.decode()
    assert "/drop" not in client.get(at(other)).content.decode()


def test_linking_twice_is_once_and_to_itself_never(certificates, person, actor_for, now):
    one, other = certificates
    officer = actor_for(person("officer"))
    link(one, other, "相关", actor=officer, at=now)
    link(one, other, "相关", actor=officer, at=now)
    assert Link.objects.count() == 1
    with pytest.raises(Refused, match="它自己"):
        link(one, one, "相关", actor=officer, at=now)


def test_a_clerk_neither_sees_nor_links_another_countys_record(certificates, person, enter, actor_for, now):
    mine, theirs = certificates
    link(theirs, mine, "相关", actor=actor_for(person("officer")), at=now)
    client = enter(person("county", region="341502"))
    page = client.get(at(mine)).content.decode()
    assert theirs.number not in page
    answer = client.post(f"{at(mine)}/links", {"number": theirs.number, "relation": "相关"}, follow=True)
    assert "没有编号为" in answer.content.decode()
    assert client.post(f"{at(theirs)}/links", {"number": mine.number, "relation": "相关"}).status_code == 404


def test_a_reader_who_does_not_write_is_offered_no_form_and_refused(certificates, person, enter, actor_for, now):
    one, other = certificates
    row = link(one, other, "相关", actor=actor_for(person("officer")), at=now)
    client = enter(person("inspector"))
    assert "link-number" not in client.get(at(one)).content.decode()
    assert client.post(f"{at(one)}/links/{row.pk}/drop").status_code == 403
    assert client.post(f"{at(other)}/links", {"number": one.number, "relation": "相关"}).status_code == 403
    assert Link.objects.count() == 1


def test_taking_a_link_away_is_for_whoever_writes_its_source(certificates, person, actor_for, now, enter):
    one, other = certificates
    officer = person("officer")
    row = link(one, other, "相关", actor=actor_for(officer), at=now)
    with pytest.raises(Refused, match="不能修改"):
        unlink(row, actor=actor_for(person("county", region="341503")), at=now)
    assert enter(officer).post(f"{at(other)}/links/{row.pk}/drop").status_code == 404
    enter(officer).post(f"{at(one)}/links/{row.pk}/drop")
    assert not Link.objects.exists()


def test_a_clerk_is_led_to_the_public_page_of_a_notice_but_never_to_a_draft(
    certificates, person, enter, actor_for, now
):
    mine, _ = certificates
    first, second = (actor_for(person("officer", n)) for n in ("a", "b"))
    draft = notices.draft_notice(
        title="拟认定名单公示", body="正文", numbers=[mine.number], contact="电话", actor=first, at=now
    )
    client = enter(person("county", region="341502"))
    assert "拟认定名单公示" not in client.get(at(mine)).content.decode()
    shown = notices.publish(draft, actor=second, at=now)
    assert f'href="{shown.public_url()}"' in client.get(at(mine)).content.decode()


def test_links_of_a_notice_follow_its_content(certificates, person, actor_for, now):
    officer = actor_for(person("officer"))
    notices.draft_notice(title="名单", body="正文", numbers=[certificates[0].number], actor=officer, at=now)
    with pytest.raises(Refused, match="公示的内容决定"):
        unlink(Link.objects.get(), actor=officer, at=now)
