"""The pages of a panel's meeting: who reads what, the whole of it by requests, and how a large batch is shown."""
# ruff: noqa: F811 - fixtures are asked for by name

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keji.kernel.people.models import Account
from keji.modules.projects.models import Proposal, Review
from tests.modules.projects.telling import GOOD, experts, form_passed, on, open_guideline, pdf
from tests.modules.projects.test_meeting import DAY, OPINION, drafted, meeting, scored, two  # noqa: F401

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def logged_in(account):
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def test_each_reads_only_their_own_side_of_the_meeting(meeting, people, person, enter, now):
    batch, rows = meeting.batch, list(meeting.attendees.select_related("person__account"))
    url = f"/projects/batches/{batch.pk}/meeting"
    with on(DAY):
        officer = enter(Account.objects.get(pk=people.officer.id))
        assert rows[0].person.name in officer.get(url).content.decode()
        leader = enter(Account.objects.get(pk=people.leader.id)).get(url).content.decode()
        assert rows[0].person.name not in leader and rows[0].code in leader
        expert = enter(rows[0].person.account)
        assert expert.get(url).status_code == 403
        page = expert.get(f"/projects/meetings/{meeting.pk}").content.decode()
        assert "签到" in page and rows[0].code in page
        stranger = enter(person("expert", "expert-elsewhere"))
        assert stranger.get(f"/projects/meetings/{meeting.pk}").status_code == 404
        assert stranger.post(f"/projects/meetings/{meeting.pk}/sign-in").status_code == 404
        assert enter(Account.objects.get(pk=people.unit.id)).get(url).status_code in (403, 404)


def test_the_whole_meeting_goes_through_the_pages(meeting, people, now):
    batch = meeting.batch
    room, home = f"/projects/batches/{batch.pk}/meeting", f"/projects/meetings/{meeting.pk}"
    with on(DAY):
        officer, second = (logged_in(Account.objects.get(pk=p.id)) for p in (people.officer, people.second))
        rows = list(meeting.attendees.select_related("person__account").order_by("code"))
        chair, other, late = rows
        hands = {r.pk: logged_in(r.person.account) for r in (chair, other)}
        for client in hands.values():
            client.post(f"{home}/sign-in")
        officer.post(f"{room}/attendees/{late.pk}", {"act": "present"})
        for client in hands.values():
            client.post(f"{home}/vote", {"chosen": chair.pk})
        sheet = batch.reviews.filter(person=late.person).order_by("pk").first()
        criteria = list(batch.guideline.scheme.criteria.all())
        data = {f"points_{c.pk}": p for c, p in zip(criteria, GOOD, strict=True)} | {
            "comment": "可行，建议支持，指标清楚。"
        }
        assert officer.get(f"{room}/sheets/{sheet.pk}/type").status_code == 200
        officer.post(f"{room}/sheets/{sheet.pk}/type", data | {"page": pdf("评分表.pdf")})
        assert "请业务科室另一位同志核对" in officer.get(f"{room}/sheets/{sheet.pk}").content.decode()
        assert second.get(f"{room}/scans/sheet/{sheet.pk}").status_code == 200
        second.post(f"{room}/sheets/{sheet.pk}", {"act": "confirm"})
        assert Review.objects.get(pk=sheet.pk).state == "submitted"
        with on(DAY, 15) as at:
            scored(meeting, at)
        first, last = meeting.items.order_by("order")
        hands[chair.pk].post(f"{home}/items/{first.pk}/opinion", {"conclusion": "通过", "opinion": OPINION})
        seen = re.search(r'name="seen" value="([^"]+)"', hands[other.pk].get(home).content.decode())[1]
        hands[other.pk].post(f"{home}/items/{first.pk}/answer", {"agrees": "yes", "seen": seen})
        paper = {"conclusion": "不通过", "opinion": OPINION, "page": pdf("签名页.pdf")}
        paper |= {f"agrees_{r.pk}": "yes" for r in rows}
        officer.post(f"{room}/items/{last.pk}/opinion", paper)
        page = officer.get(room).content.decode()
        assert "还有 1 位专家没有表态" in page  # the one without a telephone: from paper then
        paper = {"conclusion": "通过", "opinion": OPINION, "page": pdf("签名页.pdf")}
        officer.post(f"{room}/items/{first.pk}/opinion", paper | {f"agrees_{r.pk}": "yes" for r in rows})
        officer.post(f"{room}/minutes")
        meeting.refresh_from_db()
        assert hands[chair.pk].get(f"{home}/minutes.pdf").status_code == 200
        hands[chair.pk].post(f"{home}/agree", {"digest": meeting.docx_id})
        officer.post(f"/d/review-batches/{batch.pk}/step/close")
        assert "组长已确认" in officer.get(room).content.decode()
    batch.refresh_from_db()
    assert batch.state == "closed"


def test_a_large_batch_shows_its_scores_a_page_at_a_time_with_as_many_queries(enter, people, person, make_party, now):
    call = open_guideline(now, leader_most=99)
    rows = [form_passed(call, make_party(), now, leader_id_number="") for _ in range(2)]
    batch = drafted(call, experts(person, make_party, now), now)
    client = enter(Account.objects.get(pk=people.officer.id))
    url = f"/d/review-batches/{batch.pk}"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    kept = {f.attname: getattr(rows[0], f.attname) for f in Proposal._meta.concrete_fields} | {"batch_id": batch.pk}
    own = ({"id": None, "number": f"XS-2024-9{n:03d}", "title": f"项目{n:03d}"} for n in range(60))
    twins = [Proposal(**kept | each) for each in own]
    Proposal.objects.bulk_create(twins)
    with CaptureQueriesContext(connection) as many:
        page = client.get(url).content.decode()
    assert "第 1 至 50 个，共 62 个项目" in page and len(many) <= len(few) + 5, (len(few), len(many))
    assert "第 51 至 62 个" in client.get(f"{url}?scores=2").content.decode()
