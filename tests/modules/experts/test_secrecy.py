"""A sealed panel's names reach nobody but those allowed: every page, list, export, paper and answer of the house."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from keji.desk.desk import desks
from keji.kernel import clock
from keji.kernel.audit.models import Entry
from keji.kernel.people.models import Account, Grant
from keji.kernel.records.flow import take
from keji.modules.experts.asking import PersonRef, Subject
from keji.modules.experts.models import Draw, Seat
from keji.modules.experts.panel_rights import may_see_contacts, may_see_panel
from keji.modules.experts.services.drawing import draw_with_witness
from keji.modules.experts.services.freezing import freeze_draw
from keji.modules.experts.services.seats import answer

pytestmark = pytest.mark.django_db
REVIEW_DAY = datetime(2024, 11, 14, 8, 0)


@pytest.fixture
def sealed(make_experts, ask, people, make_party, now):
    """A panel is drawn; one of its members has declined and somebody stepped in."""
    make_experts(15)
    matter = Subject("SB-2024-0001", "一种轴承", (make_party("申报单位").pk,), (PersonRef("赵甲"),))
    draw = freeze_draw(ask([matter], contact=people.contact.id), actor=people.second, at=now)
    draw = draw_with_witness(draw, "20241112", actor=people.inspector, at=now)
    answer(draw.seats.first(), False, why="busy", actor=people.contact, at=now)
    return draw


def marker(draw: Draw) -> str:
    """What stands only where the panel itself is shown: the seats' own words."""
    return "第 1 席"


def pages(draw: Draw) -> list[str]:
    """Every address that could name a member of this draw."""
    own = f"/experts/draws/{draw.pk}"
    found = [own, f"{own}/pool", f"{own}/live?seen={draw.state}", f"{own}/contacts", f"{own}/marks", "/", "/todo"]
    found += ["/d/expert-draws/", f"/d/expert-draws/{draw.pk}", f"/r/{draw.number}", f"/search?q={draw.number}"]
    found += ["/audit", "/experts/patterns", "/experts/health", "/inbox", "/d/expert-exits/", "/experts/mine"]
    return [*found, f"/public/draws/{draw.number}", "/public/draws/", f"/public/draws/{draw.number}/frozen.json"]


def entered(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def told(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    return response.content.decode("utf-8", "ignore") if response.status_code == 200 else ""


def panel_words(draw: Draw) -> list[str]:
    seats = Seat.objects.filter(draw=draw).select_related("expert__person")
    return [w for s in seats for w in (s.expert.person.name, s.expert.number)]


#: Pages that name every expert of the pool alike, drawn or not: a name there says nothing of the panel.
WHOLE_POOL = ("/pool", "/d/experts", "/audit")


@pytest.mark.parametrize("role", ["leader", "officer", "county", "enterprise", "expert", "system_admin", "audit_admin"])
def test_no_page_names_a_sealed_panel(sealed, role, person, make_party):
    party = make_party() if role == "enterprise" else None
    client = entered(person(role, party=party, region="341502" if role == "county" else None))
    for address in pages(sealed):
        text = told(client, address)
        if not any(part in address for part in WHOLE_POOL):
            assert not any(word in text for word in panel_words(sealed)), address
        assert marker(sealed) not in text, address


def test_neither_who_asked_nor_who_froze_sees_it_before_the_day(sealed, people):
    for actor in (people.officer, people.second, people.leader):
        client = entered(Account.objects.get(pk=actor.id))
        text = told(client, f"/experts/draws/{sealed.pk}")
        assert text and not any(word in text for word in panel_words(sealed))
        assert client.get(f"/experts/draws/{sealed.pk}/contacts").status_code == 403
        assert client.get(f"/experts/draws/{sealed.pk}/marks").status_code == 403
        assert client.get(f"/public/draws/{sealed.number}/outcome.json").status_code == 404


def test_the_inspector_and_who_calls_see_it_from_the_draw_on(sealed, people):
    for actor in (people.inspector, people.other_inspector, people.contact):
        text = told(entered(Account.objects.get(pk=actor.id)), f"/experts/draws/{sealed.pk}")
        assert all(word in text for word in panel_words(sealed)[::2])
    contact = entered(Account.objects.get(pk=people.contact.id))
    assert "138" in told(contact, f"/experts/draws/{sealed.pk}/contacts")
    inspector = entered(Account.objects.get(pk=people.inspector.id))
    assert inspector.get(f"/experts/draws/{sealed.pk}/contacts").status_code == 403


def test_once_opened_those_who_run_it_see_it_and_other_sections_do_not(sealed, people, person):
    with clock.stopped_at(REVIEW_DAY):
        take("open", sealed, actor=people.officer, at=clock.now())
        shown = told(entered(Account.objects.get(pk=people.officer.id)), f"/experts/draws/{sealed.pk}")
        hidden = told(entered(person("officer")), f"/experts/draws/{sealed.pk}")
    now_on = Seat.objects.filter(draw=sealed).exclude(state="declined").select_related("expert__person")
    assert all(s.expert.person.name in shown for s in now_on)
    assert hidden and not any(word in hidden for word in panel_words(sealed))


def test_two_roles_in_one_person_see_no_more_than_either_allows(sealed, person, people, make_party, actor_for, now):
    """An inspector who also speaks for a firm, or whose own matter is under review, is kept out."""
    with_firm = person("inspector", "inspector-and-firm")
    Grant.objects.create(account=with_firm, role="enterprise", party=make_party(), from_on=date(2020, 1, 1))
    assert not may_see_panel(actor_for(with_firm), sealed)
    from keji.kernel.parties.models import Party, Person

    concerned = person("inspector", "inspector-concerned")
    unit = Party.objects.get(pk=sealed.subjects.get().parties[0])
    Person.objects.create(name="某人", party=unit, account=concerned, created_at=now)
    assert not may_see_panel(actor_for(concerned), sealed)
    assert may_see_panel(people.inspector, sealed) and not may_see_contacts(people.inspector, sealed)
    text = told(entered(with_firm), f"/experts/draws/{sealed.pk}")
    assert not any(word in text for word in panel_words(sealed))


def test_exports_and_attachments_of_a_draw_name_nobody(sealed, people):
    client = entered(Account.objects.get(pk=people.officer.id))
    response = client.post("/d/expert-draws/export", {"query": ""})
    sheet = load_workbook(BytesIO(response.content)).active
    cells = " ".join(str(c) for row in sheet.values for c in row if c)
    assert sealed.number in cells and not any(word in cells for word in panel_words(sealed))
    assert client.get(f"/experts/draws/{sealed.pk}/record.docx").status_code == 200
    assert not desks()["expert-draws"].attachments


def test_other_systems_are_told_of_the_draw_and_not_of_the_panel(sealed, people):
    from keji.site.api.fields import as_json

    desk = desks()["expert-draws"]
    told_text = str(as_json(desk, Draw.objects.get(pk=sealed.pk)))
    assert sealed.number in told_text and not any(word in told_text for word in panel_words(sealed))
    names = {type(d).model.__name__ for d in desks().values()}
    assert not names & {"Seat", "PoolEntry", "DrawResult", "FrozenPool", "Tie"}


def test_an_experts_file_does_not_tell_of_a_sealed_seat(sealed, people):
    """Uses count from the opening on: before it the file of a drawn expert is like anybody's."""
    client = entered(Account.objects.get(pk=people.officer.id))
    for seat in Seat.objects.filter(draw=sealed):
        text = told(client, f"/d/experts/{seat.expert_id}")
        assert sealed.number not in text and sealed.title not in text


def test_an_expert_sees_the_own_seat_and_no_other(sealed, person):
    mine, other = Seat.objects.filter(draw=sealed, state="asked").select_related("expert__person")[:2]
    account = person("expert", "drawn-expert")
    mine.expert.person.account = account
    mine.expert.person.save()
    client = entered(account)
    text = told(client, "/experts/mine")
    assert "请您答复" in text and sealed.title in text
    assert other.expert.person.name not in text
    assert client.post(f"/experts/seats/{other.pk}/answer", {"answer": "accept"}).status_code == 404
    assert client.get(f"/d/experts/{other.expert_id}").status_code == 404
    assert client.get(f"/experts/draws/{sealed.pk}").status_code == 403
    assert client.post(f"/experts/seats/{mine.pk}/answer", {"answer": "accept"}).status_code == 302
    mine.refresh_from_db()
    assert (mine.state, mine.answered_by) == ("accepted", account.name)


def test_the_log_does_not_tell_by_whom_an_expert_answered(sealed, person):
    """Whoever answers sits on the panel: neither the draw's history nor the log may name them."""
    seat = Seat.objects.filter(draw=sealed, state="asked").select_related("expert__person").first()
    seat.expert.person.account = account = person("expert", "drawn-expert", name="被抽中的人")
    seat.expert.person.save()
    before = Entry.objects.count()
    entered(account).post(f"/experts/seats/{seat.pk}/answer", {"answer": "decline", "why": "busy"})
    fresh = Entry.objects.order_by("position")[before:]
    assert [e.actor_name for e in fresh] == ["受邀专家"]
    officer = entered(person("officer"))
    assert "被抽中的人" not in told(officer, f"/experts/draws/{sealed.pk}")


def test_a_cancelled_panel_stays_sealed(sealed, people, person):
    take("cancel", sealed, actor=people.leader, at=clock.now(), reason="改期")
    sealed.refresh_from_db()
    for actor in (people.officer, people.contact, people.inspector):
        assert not may_see_panel(actor, sealed)
    assert Client().get(f"/public/draws/{sealed.number}/outcome.json").status_code == 404
    assert "改期" in told(Client(), f"/public/draws/{sealed.number}")
