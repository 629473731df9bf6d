"""The simple draw by order of digests: a worked example number by number, and what holds for every pool."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keji.lib.draw import DrawError
from keji.lib.draw.walk import AVOIDS_PERSON, AVOIDS_UNIT, PLACE_FULL, UNIT_FULL, Candidate, key, pool_digest, walk

SEED = "LA-KJ-2026-017|2026-11-20T09:00:00+08:00|483920"
#: In the order of their digests, with the first 16 digits.
POOL = {
    Candidate("E10", "安徽工程大学", "芜湖"): "24076a34f98b454a",
    Candidate("E09", "皖西学院", "六安"): "2e8fd652ab2185bb",
    Candidate("E03", "安徽大学", "合肥"): "329c60c5ddba6567",
    Candidate("E01", "合肥工业大学", "合肥"): "5b6f157c7621b325",
    Candidate("E04", "皖西学院", "六安"): "5c038f219c31c7c7",
    Candidate("E11", "安徽大学", "合肥"): "8947cfda2ab85eb0",
    Candidate("E05", "安徽农业大学", "合肥"): "c88a77407d040cd9",
    Candidate("E08", "安徽理工大学", "淮南"): "d05cef36afaee032",
    Candidate("E07", "合肥工业大学", "合肥"): "d8a0fd2b89d64784",
    Candidate("E02", "合肥工业大学", "合肥"): "e3c10802f3ae0573",
    Candidate("E06", "中科院合肥物质院", "合肥"): "fb01d8ffda11be37",
    Candidate("E12", "中国科大", "合肥"): "fe8aeca68c7522f1",
}
AVOIDED = {"avoid_units": {"安徽大学"}, "avoid": {"E08"}}


def test_the_keys_of_the_example():
    assert {c: key(SEED, c.id)[:16] for c in POOL} == POOL


def test_one_of_a_unit_and_one_from_the_city_leaves_one_substitute():
    found = walk(sorted(POOL, key=lambda c: c.id), SEED, seats=5, substitutes=2, place_caps={"六安": 1}, **AVOIDED)
    assert found.chosen == ("E10", "E09", "E01", "E05", "E06")
    assert found.substitutes == ("E12",)
    assert found.skipped == (
        ("E03", AVOIDS_UNIT), ("E04", UNIT_FULL), ("E11", AVOIDS_UNIT), ("E08", AVOIDS_PERSON), ("E07", UNIT_FULL),
        ("E02", UNIT_FULL),
    )  # fmt: skip
    assert found.warning.startswith("备选不足：需 2 人，得 1 人")


def test_two_of_a_unit_and_two_from_the_city():
    found = walk(list(POOL), SEED, seats=5, substitutes=2, unit_cap=2, place_caps={"六安": 2}, **AVOIDED)
    assert found.chosen == ("E10", "E09", "E01", "E04", "E05")
    assert found.substitutes == ("E07", "E06")
    assert [i for i, _ in found.skipped] == ["E03", "E11", "E08", "E02"]
    assert found.warning == ""


def test_too_few_for_the_seats_is_said():
    with pytest.raises(DrawError, match="人数不足：需 9 人，得 6 人"):
        walk(list(POOL), SEED, seats=9, substitutes=0, place_caps={"六安": 1}, **AVOIDED)


def test_an_id_twice_is_refused():
    with pytest.raises(DrawError, match="重复"):
        walk([Candidate("E1"), Candidate("E1")], SEED, seats=1, substitutes=0)


candidates = st.lists(
    st.builds(Candidate, st.text("EFG123", min_size=1), st.sampled_from(["", "甲", "乙"]), st.sampled_from(["", "丙"])),
    unique_by=lambda c: c.id,
    max_size=30,
)


@given(candidates, st.integers(0, 2), st.integers(0, 2), st.integers(0, 5))
def test_everybody_walked_past_is_seated_or_skipped_and_caps_hold(pool, unit_cap, place_cap, substitutes):
    found = walk(pool, "x", seats=0, substitutes=substitutes, unit_cap=unit_cap, place_caps={"丙": place_cap})
    by_id = {c.id: c for c in pool}
    units = [by_id[i].unit for i in found.substitutes if by_id[i].unit]
    assert unit_cap == 0 or all(units.count(u) <= unit_cap for u in units)
    assert sum(by_id[i].place == "丙" for i in found.substitutes) <= place_cap
    assert {why for _, why in found.skipped} <= {UNIT_FULL, PLACE_FULL}
    walked = len(found.substitutes) + len(found.skipped)
    in_order = sorted(by_id, key=lambda i: key("x", i))[:walked]
    assert {*found.substitutes, *(i for i, _ in found.skipped)} == set(in_order)
    assert found.missing == 0 or walked == len(pool)


@given(st.lists(st.text("EFG123", min_size=1), unique=True), st.randoms())
def test_the_digest_of_the_pool_does_not_depend_on_the_order(ids, random):
    mixed = list(ids)
    random.shuffle(mixed)
    assert pool_digest(mixed) == pool_digest(ids)
