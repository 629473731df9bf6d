"""The menu: folded by group, open where the reader is."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from keji.site.menu import COOKIE, menu_for, remembered

pytestmark = pytest.mark.django_db


def opened(menu):
    return {group["title"] for group in menu if group["open"] and group["title"]}


def test_a_long_menu_opens_the_group_of_the_present_page_only(person, actor_for):
    menu = menu_for(actor_for(person("officer")), "/d/certifications/")
    assert opened(menu) == {"创新主体"}
    assert sum(len(group["items"]) for group in menu) > 30


def test_a_short_menu_is_open_altogether(person, actor_for):
    menu = menu_for(actor_for(person("audit_admin")), "/")
    assert opened(menu) == {group["title"] for group in menu if group["title"]}


def test_what_the_reader_opened_and_closed_is_kept_but_never_hides_the_present_page(person, actor_for):
    kept = remembered(urlencode({"公文": 1, "创新主体": 0, "没有的组": 1}))
    assert opened(menu_for(actor_for(person("officer")), "/d/certifications/", kept)) == {"创新主体", "公文"}


@pytest.mark.parametrize("cookie", ["%%%", "=", "a" * 100_000, "a=1&" * 999, '"1"'])
def test_a_cookie_of_any_shape_does_no_harm(cookie, person, enter):
    client = enter(person("officer"))
    client.cookies[COOKIE] = cookie
    assert client.get("/todo").status_code == 200
