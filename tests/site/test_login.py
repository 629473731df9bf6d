"""Coming in: passwords, lock-out, second factor, delegation."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from keji.kernel.audit.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD = "Keji-2024"


def log_in(client, username, password=PASSWORD):
    return client.post(reverse("login"), {"username": username, "password": password})


def test_the_right_password_opens_the_workbench_and_is_logged(client, person):
    person("officer", "zhang")
    assert log_in(client, "zhang").url == "/"
    assert Entry.objects.filter(action="登录").exists()


def test_five_wrong_passwords_lock_the_account(client, person):
    person("officer", "zhang")
    for _ in range(5):
        answer = log_in(client, "zhang", "wrong")
    assert "锁定" in answer.content.decode()
    assert log_in(client, "zhang").status_code == 429


def test_after_logging_in_nobody_is_sent_to_another_site(client, person):
    person("officer", "zhang")
    answer = client.post(reverse("login"), {"username": "zhang", "password": PASSWORD, "next": "https://evil.example/"})
    assert answer.url == "/"


def test_a_first_password_must_be_changed_before_anything_else(client, person):
    account = person("officer", "zhang")
    account.must_change_password = True
    account.save()
    log_in(client, "zhang")
    assert client.get("/todo").url == reverse("account-password")
    new = {"old_password": PASSWORD, "new_password1": "Other-2025", "new_password2": "Other-2025"}
    assert client.post(reverse("account-password"), new).url == reverse("account")
    assert client.get("/todo").status_code == 200


@pytest.mark.parametrize(
    ("password", "sentence"), [("short1A", "至少 8 个字符"), ("alllowercase", "三种"), (PASSWORD, "最近三次")]
)
def test_a_weak_or_used_password_is_refused_with_the_reason(client, person, password, sentence):
    person("officer", "zhang")
    log_in(client, "zhang")
    form = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    assert sentence in client.post(reverse("account-password"), form).content.decode()


def test_with_a_second_factor_the_password_alone_opens_nothing(client, person):
    account = person("officer", "zhang")
    device = TOTPDevice.objects.create(user=account, name="手机", confirmed=True)
    assert log_in(client, "zhang").url == reverse("login-second")
    assert client.get("/todo").url == reverse("login-second")
    assert "不对" in client.post(reverse("login-second"), {"token": "000000"}).content.decode()
    device.refresh_from_db()
    device.throttling_failure_timestamp = None
    device.throttling_failure_count = 0
    device.save()
    token = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    import time

    token.time = time.time()
    assert client.post(reverse("login-second"), {"token": f"{token.token():06d}"}).url == "/"
    assert client.get("/todo").status_code == 200


def test_a_delegate_sees_the_lenders_pages_only_while_it_lasts(client, person):
    from keji.kernel.people.models import Delegation

    chief, clerk = person("officer", "chief", name="李科"), person("county", "clerk", region="341502")
    assert not clerk.actor(date(2024, 11, 12)).has("officer")
    Delegation.objects.create(
        lender=chief, to=clerk, from_on=date(2024, 11, 1), until_on=date(2024, 11, 15), reason="出差"
    )
    assert clerk.actor(date(2024, 11, 15)).has("officer")
    assert not clerk.actor(date(2024, 11, 16)).has("officer")
    log_in(client, "clerk")
    assert "代李科办理" in client.get("/").content.decode()


def test_the_idle_session_ends_after_half_an_hour(settings):
    assert settings.SESSION_COOKIE_AGE == 1800
    assert settings.SESSION_SAVE_EVERY_REQUEST


def test_pages_carry_a_strict_content_policy(client, person):
    policy = client.get(reverse("login")).headers.get("Content-Security-Policy", "")
    person("officer", "zhang")
    policy = client.get(reverse("login")).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]


def test_what_is_sent_after_the_log_in_ran_out_is_said_not_to_be_saved_and_leads_back(client, person):
    person("officer", "zhang")
    came = {"referer": "http://testserver/d/parties/?year=2024"}
    answer = client.post("/d/parties/new", {"name": "甲"}, follow=True, headers=came)
    assert answer.redirect_chain[0][0] == "/login?next=/d/parties/%3Fyear%3D2024"
    assert "登录已过期，刚才提交的没有保存" in answer.content.decode()
    for elsewhere in ("https://evil.example/d/parties/", "http://testserver//evil.example/"):
        address = client.post("/d/parties/new", headers={"referer": elsewhere})["Location"]
        assert "evil.example" not in address or address.startswith("/login?next=/evil.example")
