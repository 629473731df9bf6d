"""What a candidate lacks follows from the rule of the level it is to reach."""

from __future__ import annotations

import pytest

import keji.modules.enterprises.regulations
import keji.modules.platforms.regulations  # noqa: F401  # the rules of centres and of houses
from keji.kernel.facts.services import Said, state_facts
from keji.kernel.people.roles import Actor
from keji.modules.platforms.cultivation import services as cultivation
from keji.modules.platforms.cultivation.gaps import verdict_for
from tests.modules.platforms.telling import standing

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def candidate(people, firm, now):
    def make(kind="enterprise_rnd_centre", level="provincial"):
        row = {"party": firm, "kind": kind, "level": level}
        return cultivation.name_candidates([row], actor=people.officer, at=now, source="page")[0]

    return make


def test_a_centres_gaps_follow_the_firms_file(candidate, firm, people, person, enter, now):
    record = candidate()
    client = enter(person("officer"))
    url = f"/d/platform-cultivation/{record.pk}"
    page = client.get(url).content.decode()
    assert "安徽省企业研发中心认定" in page
    assert "场地和设备按行业" in page
    lacking = len([n for n in verdict_for(record, now.date()).nodes if n.passed is not True])
    state_facts([Said(firm, "province_tech_firm", 1), Said(firm, "rnd_site", 5_000)], actor=SYSTEM, at=now)
    after = [n for n in verdict_for(record, now.date()).nodes if n.passed is not True]
    assert len(after) < lacking, "what the file knows is no gap any more"
    assert f"/enterprises/{firm.pk}/rules/province_centre" in page


def test_an_incubators_gaps_follow_its_records(candidate, firm, people, person, enter, now):
    standing(firm, now, kind="incubator", name="某孵化器")
    record = candidate("incubator")
    assert verdict_for(record, now.date()).rule == "incubator_provincial"
    page = enter(person("officer")).get(f"/d/platform-cultivation/{record.pk}").content.decode()
    assert "省级科技企业孵化器" in page
    assert "补齐" in page


def test_where_no_rule_is_known_the_page_says_where_to_write(candidate, person, enter, now):
    record = candidate("key_laboratory")
    assert verdict_for(record, now.date()) is None
    page = enter(person("officer")).get(f"/d/platform-cultivation/{record.pk}").content.decode()
    assert "还没有录入认定规则" in page


def test_an_incubator_not_in_the_register_is_not_judged(candidate, person, enter, now):
    record = candidate("incubator")
    page = enter(person("officer")).get(f"/d/platform-cultivation/{record.pk}").content.decode()
    assert "请先在“科创平台”登记" in page


def test_the_host_sees_the_same_list(candidate, people, enter, now):
    from keji.kernel.people.models import Account

    record = candidate()
    page = enter(Account.objects.get(pk=people.host.id)).get(f"/d/platform-cultivation/{record.pk}")
    assert "按规则还差什么" in page.content.decode()
