"""How firms come in: by a code that works once, or by a claim that their county confirms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from keji.kernel import clock
from keji.kernel.people.models import Account, Grant
from keji.kernel.records.flow import Refused, take
from keji.modules.enterprises.portal.models import Claim, Invitation
from keji.modules.enterprises.portal.services import MOST_TRIES, invite

pytestmark = pytest.mark.django_db
NEW = {"name": "陶磊", "username": "taolei", "password": "Keji-2024!", "again": "Keji-2024!"}
CLAIM = NEW | {"position": "经理", "phone": "13905641234"}


@pytest.fixture
def firm(make_party):
    return make_party("六安某科技有限公司", region="341502")


@pytest.fixture
def clerk(person, actor_for):
    return actor_for(person("county", "clerk", region="341502"))


@pytest.fixture
def code(firm, clerk, now):
    return invite([firm], actor=clerk, at=now)[0][1]


def test_a_code_opens_an_account_over_its_firm_once(firm, code, client):
    answer = client.post("/enterprises/join", NEW | {"code": code.lower().replace("-", " ")}, follow=True)
    html = answer.content.decode()
    assert "六安某科技有限公司" in html
    assert "市局掌握的贵单位资料" in html
    grant = Grant.objects.get(account__username="taolei")
    assert (grant.role, grant.party_id) == ("enterprise", firm.pk)
    assert code not in str(list(Invitation.objects.values()))  # only its digest is kept
    client.post("/logout")
    again = client.post("/enterprises/join", NEW | {"code": code, "username": "another"})
    assert "已经用过或已过期" in again.content.decode()
    assert not Account.objects.filter(username="another").exists()


def test_an_expired_or_replaced_code_opens_nothing(firm, clerk, code, client, now):
    fresh = invite([firm], actor=clerk, at=now)[0][1]
    assert "已过期" in client.post("/enterprises/join", NEW | {"code": code}).content.decode()
    with clock.stopped_at(now + timedelta(days=31)):
        assert "已过期" in client.post("/enterprises/join", NEW | {"code": fresh}).content.decode()
    assert client.post("/enterprises/join", NEW | {"code": fresh}).status_code == 302


def test_passwords_follow_the_house_and_names_are_taken_once(code, person, client):
    weak = client.post("/enterprises/join", NEW | {"code": code, "password": "abc", "again": "abc"})
    assert "密码太简单" in weak.content.decode()
    differ = client.post("/enterprises/join", NEW | {"code": code, "again": "Other-2024"})
    assert "不一样" in differ.content.decode()
    person("officer", "TaoLei")
    assert "已经有人使用" in client.post("/enterprises/join", NEW | {"code": code}).content.decode()
    assert Invitation.objects.get().used_at is None


def test_guessing_codes_is_stopped(code, client):
    for serial in range(MOST_TRIES):
        client.post("/enterprises/join", NEW | {"code": f"AAAA-BBBB-{serial:04d}"})
    html = client.post("/enterprises/join", NEW | {"code": code}).content.decode()
    assert "尝试次数太多" in html
    assert not Account.objects.filter(username="taolei").exists()


def test_a_clerk_invites_its_own_firms_only(make_party, clerk, now, person, enter):
    other = make_party("霍邱某公司", region="341522")
    with pytest.raises(Refused, match="不在您的县区范围内"):
        invite([other], actor=clerk, at=now)
    client = enter(person("county", region="341502"))
    assert (
        "没有勾选企业" in client.post("/enterprises/invitations/new", {"ids": [other.pk]}, follow=True).content.decode()
    )


def test_codes_are_shown_once_or_handed_out_as_a_sheet(firm, person, enter):
    client = enter(person("county", region="341502"))
    page = client.post("/enterprises/invitations/new", {"ids": [firm.pk]})
    assert page["Cache-Control"] == "no-store"
    assert "只在这里显示一次" in page.content.decode()
    assert "邀请码有效期至" in client.get("/enterprises/invitations?show=invited").content.decode()
    book = client.post("/enterprises/invitations/new", {"ids": [firm.pk], "sheet": "1"})
    assert book.content[:2] == b"PK"
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_a_claim_waits_for_the_county_and_then_opens(firm, client, person, actor_for, now):
    form = CLAIM | {"uscc": firm.uscc, "party_name": "六安某科技（有限公司）"}
    assert "申请已收到" in client.post("/enterprises/claim", form).content.decode()
    made = Claim.objects.get()
    shut = client.post("/login", {"username": "taolei", "password": NEW["password"]})
    assert "用户名或密码不对" in shut.content.decode()
    clerk = person("county", region="341502")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert "核对无误，开通" in client.get("/todo").content.decode()
    assert "139****1234" in client.get(f"/d/claims/{made.pk}").content.decode()
    client.post(f"/d/claims/{made.pk}/step/open")
    account = Account.objects.get(username="taolei")
    assert account.is_active
    assert account.actor(clock.today()).parties == {firm.pk}


def test_a_claim_needs_code_and_name_and_another_county_does_not_see_it(firm, client, person):
    wrong = CLAIM | {"uscc": firm.uscc, "party_name": "别的公司"}
    assert "没有代码和名称都相符的企业" in client.post("/enterprises/claim", wrong).content.decode()
    assert not Account.objects.filter(username="taolei").exists()
    client.post("/enterprises/claim", CLAIM | {"uscc": firm.uscc, "party_name": firm.name})
    other = person("county", region="341503")
    client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/d/claims/{Claim.objects.get().pk}").status_code == 404


def test_a_refused_claim_leaves_the_account_shut(firm, client, person, actor_for, now):
    client.post("/enterprises/claim", CLAIM | {"uscc": firm.uscc, "party_name": firm.name})
    clerk = actor_for(person("county", region="341502"))
    take("refuse", Claim.objects.get(), actor=clerk, at=now, reason="电话核对，不是本单位人员")
    assert not Account.objects.get(username="taolei").is_active
    assert not Grant.objects.filter(account__username="taolei").exists()
