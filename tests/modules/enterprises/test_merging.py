"""Two files of one firm become one, and can become two again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.kernel.facts.models import Statement
from keji.kernel.facts.services import Said, state_facts
from keji.kernel.parties.merging import call_distinct, merge, undo
from keji.kernel.parties.models import DuplicatePair, Merge, Party
from keji.kernel.people.models import Grant
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.modules.enterprises.firms.duplicates import _near, _pairs, detect, normal_name, slips
from keji.modules.enterprises.models import Certification

SYSTEM = Actor.system()


@pytest.mark.parametrize(
    "other",
    [
        "六安(皋城)智能装备有限公司",
        "六安（皋城）智能装备有限责任公司",
        "六安 皋城 智能装备 有限公司",
        "六安皋城智能装备股份有限公司",
    ],
)
def test_names_that_differ_in_writing_only_are_the_same(other):
    assert normal_name(other) == normal_name("六安（皋城）智能装备有限公司")


def test_names_of_two_firms_stay_two():
    assert normal_name("六安皋城智能装备有限公司") != normal_name("六安皋城智能装备研究院有限公司")


@given(
    body=st.text("0123456789ABCDEFGH", min_size=8, max_size=8), place=st.integers(0, 7), letter=st.sampled_from("0X7")
)
def test_one_slip_in_a_code_is_always_found(body, place, letter):
    code = f"91341502{body}XX"
    wrong = f"91341502{body[:place]}{letter}{body[place + 1 :]}XX"
    assert set(slips(code)) & set(slips(wrong))
    if place < 7:
        swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
        assert set(slips(code)) & set(slips(f"91341502{swapped}XX")) or swapped == body


@given(
    names=st.lists(st.text("六安皋城 （）()Ａa-", min_size=2, max_size=6), min_size=2, max_size=8),
    bodies=st.lists(st.text("01", min_size=8, max_size=8), min_size=8, max_size=8),
)
def test_sifting_for_a_few_firms_loses_no_pair(names, bodies):
    rows = [(pk, name, f"91341502{body}XX") for pk, (name, body) in enumerate(zip(names, bodies, strict=False))]
    assert set(_pairs(_near(rows, {1}), {1})) == set(_pairs(rows, {1}))


@pytest.mark.django_db
def test_look_alikes_are_queued_once(make_party, now):
    first, second = make_party("六安（皋城）装备有限公司"), make_party("六安(皋城)装备有限公司")
    make_party("霍山毛竹制品有限公司")
    assert detect([second.pk], actor=SYSTEM, at=now) == 1
    assert detect([first.pk, second.pk], actor=SYSTEM, at=now) == 0
    assert DuplicatePair.objects.get().reason.startswith("名称相同")


@pytest.mark.django_db
def test_a_merge_moves_everything_and_undo_brings_exactly_that_back(make_party, confirmed, person, now):
    kept, folded = make_party(region="341502"), make_party(region="341503")
    account = person("enterprise", party=folded)
    own = confirmed("hnte", date(2023, 10, 8), party=kept)
    moved = confirmed("tech_sme", date(2024, 8, 1), party=folded, region="341503")
    state_facts([Said(folded, "staff", 10, 2023)], actor=SYSTEM, at=now)
    made = merge(kept, folded, actor=SYSTEM, at=now)
    moved.refresh_from_db()
    assert (moved.party_id, moved.region_id) == (kept.pk, "341502")
    assert Statement.objects.get().party_id == kept.pk
    assert Grant.objects.get(account=account).party_id == kept.pk
    assert list(Party.objects.alive()) == [kept]
    later = confirmed("srdi", date(2024, 8, 1), party=kept)
    undo(made, actor=SYSTEM, at=now)
    held = {c.pk: (c.party_id, c.region_id) for c in Certification.objects.all()}
    assert held == {
        own.pk: (kept.pk, "341502"),
        moved.pk: (folded.pk, "341503"),
        later.pk: (kept.pk, "341502"),
    }
    assert Statement.objects.get().party_id == folded.pk
    assert Party.objects.alive().count() == 2
    with pytest.raises(Refused, match="已经撤销过"):
        undo(made, actor=SYSTEM, at=now)


@pytest.mark.django_db
def test_a_merge_that_would_double_something_says_what_and_changes_nothing(make_party, confirmed, now):
    kept, folded = make_party(), make_party()
    confirmed("tech_sme", date(2024, 8, 1), party=kept)
    other = confirmed("tech_sme", date(2024, 9, 1), party=folded)
    with pytest.raises(Refused, match="两个单位都有同类的“科技资质”，合并后会重复"):
        merge(kept, folded, actor=SYSTEM, at=now)
    other.refresh_from_db()
    assert other.party_id == folded.pk
    assert not Merge.objects.exists()


@pytest.mark.django_db
def test_merging_needs_an_officer_and_two_living_parties(make_party, person, actor_for, now):
    a, b, c = make_party(), make_party(), make_party()
    with pytest.raises(Refused, match="合并单位由业务科室办理"):
        merge(a, b, actor=actor_for(person("county", region="341502")), at=now)
    with pytest.raises(Refused, match="不能把一个单位并入它自己"):
        merge(a, a, actor=SYSTEM, at=now)
    merge(a, b, actor=SYSTEM, at=now)
    with pytest.raises(Refused, match="已经并入别的单位"):
        merge(c, b, actor=SYSTEM, at=now)


@pytest.mark.django_db
def test_the_queue_is_settled_on_its_page(make_party, person, enter, now):
    first, second = make_party("六安（皋城）装备有限公司"), make_party("六安(皋城)装备有限公司")
    detect([second.pk], actor=SYSTEM, at=now)
    pair = DuplicatePair.objects.get()
    client = enter(person("officer"))
    assert "保留单位一" in client.get(f"/d/duplicates/{pair.pk}").content.decode()
    client.post(f"/enterprises/duplicates/{pair.pk}", {"choice": "first"})
    second.refresh_from_db()
    assert second.merged_into_id == first.pk
    assert "撤销合并" in client.get(f"/d/duplicates/{pair.pk}").content.decode()
    client.post(f"/enterprises/duplicates/{pair.pk}", {"choice": "undo"})
    second.refresh_from_db()
    pair.refresh_from_db()
    assert (second.merged_into_id, pair.state) == (None, "open")
    client.post(f"/enterprises/duplicates/{pair.pk}", {"choice": "distinct"})
    with pytest.raises(Refused, match="已经判定为“不是同一单位”"):
        call_distinct(pair, actor=SYSTEM, at=now)
    county = enter(person("county", region="341502"))
    assert county.post(f"/enterprises/duplicates/{pair.pk}", {"choice": "first"}).status_code == 403


@pytest.mark.django_db
def test_a_merged_unit_leaves_the_list_and_is_still_found_by_its_old_name(make_party, enter, person, now):
    kept, folded = make_party("六安皋城装备有限公司"), make_party("六安旧皋城装备有限公司")
    merge(kept, folded, actor=SYSTEM, at=now)
    officer = enter(person("officer"))
    listed = officer.get("/d/parties/").content.decode()
    assert kept.name in listed and folded.name not in listed
    assert folded.name in officer.get("/d/parties/", {"q": "旧皋城"}).content.decode()
