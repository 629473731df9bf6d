"""Who gets through the door: tokens, their account, their time, their verbs, their pace."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from keji.kernel import clock
from keji.kernel.audit.models import Entry
from keji.kernel.people.models import Delegation
from keji.kernel.records.flow import Refused, take
from keji.site.api.models import Client
from keji.site.api.services import digest_of, issue_token
from tests.site.api.conftest import GUARD, Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(person):
    return person("county", region="341502", name="赵敏")


# --- how one comes by a token ----------------------------------------------------------------------------------------


def filled(account, **fields):
    values = {"name": "市监局登记系统", "purpose": "取企业档案", "account": account.pk, "may_read": "on"}
    return values | {"from_on": "2024-11-01", "until_on": "2025-06-30"} | fields


def test_the_security_administrator_puts_a_system_on_file_and_gives_it_a_token_shown_once(person, enter, clerk):
    guard = enter(person("security_admin"))
    assert guard.post("/d/clients/new", filled(clerk)).status_code == 302
    client = Client.objects.get()
    shown = guard.post(f"/clients/{client.pk}/token", {"seen": "0"})
    token = shown.content.decode().split('<code class="mono token text-break">')[1].split("</code>")[0]
    assert "no-store" in shown["Cache-Control"]
    assert Caller(token).get("/me")[1]["account"] == "赵敏"
    # Only its first letters and its digest stay, in the row as well as in the log.
    client.refresh_from_db()
    assert client.digest == digest_of(token)
    assert token not in guard.get(f"/d/clients/{client.pk}").content.decode()
    assert not any(token in str(e.content()) for e in Entry.objects.all())


def test_pressing_twice_does_not_kill_the_token_just_shown(person, enter, clerk, connect):
    guard, system = enter(person("security_admin")), connect(clerk)
    again = guard.post(f"/clients/{system.client.pk}/token", {"seen": "0"}, follow=True)
    assert "刚刚已经发放过令牌" in again.content.decode()
    assert system.get("/me")[0] == 200
    guard.post(f"/clients/{system.client.pk}/token", {"seen": "1"})
    assert system.get("/me")[0] == 401


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40])
def test_a_button_that_was_tampered_with_gives_nothing(person, enter, clerk, connect, seen):
    guard, system = enter(person("security_admin")), connect(clerk)
    assert guard.post(f"/clients/{system.client.pk}/token", {"seen": seen}).status_code == 302
    assert system.get("/me")[0] == 200


@pytest.mark.parametrize("role", ["officer", "leader", "system_admin", "audit_admin"])
def test_nobody_else_gives_tokens(person, enter, clerk, connect, role):
    system = connect(clerk)
    assert enter(person(role)).post(f"/clients/{system.client.pk}/token", {"seen": "1"}).status_code == 403


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"until_on": "2026-11-30"}, "一次最长给一年"),
        ({"until_on": "2024-10-01"}, "截止日期早于起始日期"),
        ({"from_on": "2024-01-01", "until_on": "2024-10-01"}, "已经过去"),
        ({"may_read": ""}, "至少选一项"),
    ],
)
def test_a_form_says_what_is_wrong(person, enter, clerk, fields, sentence):
    page = enter(person("security_admin")).post("/d/clients/new", filled(clerk, **fields))
    assert (page.status_code, sentence in page.content.decode()) == (422, True)


def test_an_administrators_account_is_not_handed_to_a_machine(person, enter):
    page = enter(person("security_admin")).post("/d/clients/new", filled(person("audit_admin")))
    assert "管理员账号不能交给其他系统" in page.content.decode()


def test_a_token_given_for_one_person_cannot_become_anothers(person, enter, clerk, connect):
    system, other = connect(clerk), person("county", region="341503")
    enter(person("security_admin")).post(f"/d/clients/{system.client.pk}/edit", filled(other, name="改名"))
    system.client.refresh_from_db()
    assert (system.client.name, system.client.account_id) == ("改名", clerk.pk)


def test_an_ended_system_gets_no_new_token(clerk, connect, now):
    system = connect(clerk)
    take("revoke", system.client, actor=GUARD, at=now, reason="对接结束")
    with pytest.raises(Refused, match="停用"):
        issue_token(system.client, actor=GUARD, at=now, seen=1)


# --- the door --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "keji_wrong", "x" * 5000, "令牌", " "])
def test_without_a_good_token_there_is_a_sentence(city, token):
    answer = Caller(token).call("GET", "/me")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert "安全管理员" in answer.json()["detail"]


def test_being_logged_in_is_not_a_token(person, enter):
    assert enter(person("officer")).get("/api/v1/records/parties").status_code == 401


def test_another_scheme_is_no_token(clerk, connect):
    system = connect(clerk)
    assert system.browser.get("/api/v1/me", headers={"Authorization": f"Basic {system.token}"}).status_code == 401


def test_a_revoked_token_ends_at_once(clerk, connect, now):
    system = connect(clerk)
    assert system.get("/me")[0] == 200
    take("revoke", system.client, actor=GUARD, at=now, reason="对接结束")
    status, problem = system.get("/me")
    assert (status, "已停用" in problem["detail"]) == (401, True)


def test_a_token_holds_from_its_first_to_its_last_day(clerk, connect):
    system = connect(clerk, from_on=date(2024, 11, 12), until_on=date(2024, 11, 20))
    for moment, status in [
        (datetime(2024, 11, 11, 23, 59), 401),
        (datetime(2024, 11, 12, 0, 0), 200),
        (datetime(2024, 11, 20, 23, 59), 200),
        (datetime(2024, 11, 21, 0, 0), 401),
    ]:
        with clock.stopped_at(moment):
            assert system.get("/me")[0] == status, moment


def test_a_stopped_account_stops_its_tokens(clerk, connect):
    system = connect(clerk)
    clerk.is_active = False
    clerk.save()
    status, problem = system.get("/me")
    assert (status, "账号已停用" in problem["detail"]) == (401, True)


def test_an_account_without_grants_reads_nothing(clerk, connect):
    system = connect(clerk)
    clerk.grants.update(until_on=date(2024, 10, 1))
    assert system.get("/records/parties")[0] == 403


def test_what_a_colleague_lent_is_not_the_machines(person, clerk, connect, certified):
    other = person("county", region="341503")
    Delegation.objects.create(
        lender=other, to=clerk, from_on=date(2024, 1, 1), until_on=date(2024, 12, 31), reason="休假"
    )
    certified("341502"), certified("341503")
    assert {r["fields"]["region"]["key"] for r in connect(clerk).every("/records/certifications")} == {"341502"}


def test_a_token_does_only_what_it_is_for(clerk, connect):
    reader, writer = connect(clerk, may_write=False), connect(clerk, may_read=False)
    assert "只能查询" in reader.post("/records/parties", [{}])[1]["detail"]
    assert "只能报送" in writer.get("/records/parties")[1]["detail"]
    assert "只能报送" in writer.get("/numbers/ZS-2024-0001")[1]["detail"]
    assert [reader.get("/me")[1]["may_write"], writer.get("/me")[1]["may_read"]] == [False, False]


def test_the_hundred_and_twenty_first_call_of_a_minute_has_to_wait(clerk, connect, now):
    system, other = connect(clerk), connect(clerk)
    Client.objects.filter(pk=system.client.pk).update(minute=int(now.timestamp()) // 60, calls=119)
    assert system.get("/me")[0] == 200
    answer = system.call("GET", "/me")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert other.get("/me")[0] == 200  # each token has its own minute
    with clock.stopped_at(now + timedelta(minutes=1)):
        assert system.get("/me")[0] == 200
    system.client.refresh_from_db()
    assert (system.client.calls, system.client.last_used_at) == (1, now + timedelta(minutes=1))


def test_the_doctor_speaks_of_tokens_that_end_soon(clerk, connect):
    from keji.site.doctor import examine

    connect(clerk, name="快到期的系统", until_on=date(2024, 11, 20))
    connect(clerk, name="还早的系统", until_on=date(2025, 3, 1))
    told = " ".join(sentence for _, sentence in examine())
    assert "快到期的系统" in told
    assert "还早的系统" not in told


def test_guessing_at_the_accounts_password_does_not_cut_the_machine_off(clerk, connect, client):
    """A name is locked after five wrong passwords; anybody who knows the name could stop the exchange that way."""
    system = connect(clerk)
    for _ in range(6):
        client.post("/login", {"username": clerk.username, "password": "Wrong-2024"})
    assert client.post("/login", {"username": clerk.username, "password": "Keji-2024"}).status_code != 302
    assert system.get("/me")[0] == 200
