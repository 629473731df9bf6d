"""The pages every role has."""

from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["home", "todo", "search", "inbox", "jobs", "account", "account-password", "account-totp", "help"]
)
def test_every_logged_in_person_opens_the_common_pages(name, person, enter):
    assert enter(person("officer")).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("desk", ["accounts", "grants", "delegations"])
def test_the_security_administrator_keeps_accounts(desk, person, enter):
    client = enter(person("security_admin"))
    assert client.get(f"/d/{desk}/").status_code == 200
    assert client.get(f"/d/{desk}/new").status_code == 200


def test_an_empty_house_asks_for_its_first_administrator(client, db):
    assert client.get("/").url == reverse("setup")
    answer = client.post(
        reverse("setup"),
        {"username": "admin", "name": "管理员", "password": "Sky-is-blue-9", "again": "Sky-is-blue-9"},
    )
    assert answer.url == reverse("login")
    assert client.get(reverse("setup")).status_code == 404


def test_a_stranger_is_asked_to_log_in(client, person):
    person("officer")
    assert client.get("/todo").url == "/login?next=/todo"


def test_a_page_for_others_says_why_it_is_closed(person, enter):
    answer = enter(person("officer")).get("/d/accounts/")
    assert answer.status_code == 403
    assert "您的角色不能查看账号" in answer.content.decode()


def test_a_new_house_tells_its_administrators_what_comes_first(client, db):
    client.post(
        reverse("setup"),
        {"username": "admin", "name": "管理员", "password": "Sky-is-blue-9", "again": "Sky-is-blue-9"},
    )
    client.post(reverse("login"), {"username": "admin", "password": "Sky-is-blue-9"})
    page = client.get("/").content.decode()
    assert "开始使用" in page
    assert "录入本市和各县区" in page


def test_the_list_of_first_steps_shortens_as_they_are_done(person, enter):
    for role, region in (("system_admin", None), ("audit_admin", None), ("officer", None), ("county", "341502")):
        person(role, region=region)
    page = enter(person("security_admin")).get("/").content.decode()
    assert page.count("已完成") == 4
    assert page.count("tone-amber") == 1  # the sections are still missing
