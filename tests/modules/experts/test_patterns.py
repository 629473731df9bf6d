"""抽取规律: the figures of several real draws against a plain recount of their published files."""

from __future__ import annotations

import random
from datetime import datetime
from fractions import Fraction
from itertools import combinations, product
from math import comb

import pytest

from keji.kernel import clock
from keji.kernel.people.models import Account
from keji.kernel.records.flow import take
from keji.modules.experts.asking import PLACE, QuotaRow, Subject
from keji.modules.experts.models import Draw, PoolEntry
from keji.modules.experts.services.drawing import draw_with_witness, outcome_of
from keji.modules.experts.services.freezing import freeze_draw, frozen_of
from keji.modules.experts.services.patterns import patterns
from keji.modules.experts.services.seats import answer

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = datetime(2024, 11, 14, 8, 0)


@pytest.fixture
def opened(make_experts, ask, people, now):
    """Four opened draws over a small pool, the last asked for by another officer of the same name; one cancelled."""
    make_experts(6)
    chance = random.Random(7)  # the same four panels each time: some sit together twice
    namesake = Account.objects.get(pk=people.second.id)
    Account.objects.filter(pk=namesake.pk).update(name="申请人")
    made = []
    for n in range(5):
        draw = ask([Subject("SB-1", "题")], contact=people.contact.id, quotas=(QuotaRow(PLACE, "市外", 1),))
        if n == 3:
            Draw.objects.filter(pk=draw.pk).update(requested_by=namesake)
            draw.refresh_from_db()
        draw = freeze_draw(draw, actor=people.second, at=now, chance=lambda size: chance.randbytes(size).hex())
        draw = draw_with_witness(draw, f"{n}54321", actor=people.inspector, at=now)
        if n == 0:
            answer(draw.seats.first(), False, why="busy", actor=people.contact, at=now)
        made.append(draw)
    take("cancel", made.pop(), actor=people.leader, at=now, reason="改期")
    with clock.stopped_at(DAY):
        return [take("open", d, actor=people.officer, at=clock.now()) for d in made]


def recount(draws):
    """By files alone: [(expert keys of the drawn panel, {pair: chance}, {expert: chance}, officer)]."""
    found = []
    for draw in draws:
        file, keys = frozen_of(draw), dict(PoolEntry.objects.filter(draw=draw).values_list("alias", "expert_id"))
        who = [keys[e.id] for e in file.pool.experts]
        pairs, single = {}, {}
        for panel, weight in zip(file.panels, file.weights, strict=True):
            for i in panel:
                single[who[i]] = single.get(who[i], 0) + Fraction(weight, file.balls)
            for i, j in combinations(panel, 2):
                pair = tuple(sorted((who[i], who[j])))
                pairs[pair] = pairs.get(pair, 0) + Fraction(weight, file.balls)
        found.append(({keys[a] for a in outcome_of(draw).panel}, pairs, single, draw.requested_by_id))
    return found


def likely(chances, times):
    """At least so many, going through every outcome."""
    total = Fraction(0)
    for happened in product((0, 1), repeat=len(chances)):
        if sum(happened) >= times:
            weight = Fraction(1)
            for yes, chance in zip(happened, chances, strict=True):
                weight *= chance if yes else 1 - chance
            total += weight
    return total


def test_pairs_officers_and_frequency_are_what_a_plain_recount_gives(opened):
    told, draws = patterns(), recount(opened)
    assert (told.draws, told.undone, told.redrawn) == (4, 1, 1)
    everybody = sorted({e for _, _, single, _ in draws for e in single})
    for rows, what, rivals in (
        (told.pairs, list(combinations(everybody, 2)), comb(len(everybody), 2)),
        (told.often, [(e,) for e in everybody], len(everybody)),
    ):
        wanted = {}
        for who in what:
            times = sum(set(who) <= panel for panel, *_ in draws)
            chances = [(pairs.get(who, 0) if len(who) > 1 else single.get(who[0], 0)) for _, pairs, single, _ in draws]
            if times > 1:
                wanted[who] = (times, sum(chances), likely(chances, times), rivals)
        got = {
            tuple(sorted(e.pk for e in r.experts)): (r.chance.times, r.chance.expected, r.chance.alone, r.chance.rivals)
            for r in rows
        }
        assert got == wanted and wanted
    by_officer = {}
    for officer in {o for *_, o in draws}:
        own = [d for d in draws if d[3] == officer]
        for e in everybody:
            times = sum(e in panel for panel, *_ in own)
            chances = [single.get(e, Fraction(0)) for _, _, single, _ in own]
            if times > 1:
                by_officer[e] = (times, sum(chances), likely(chances, times), 2 * len(everybody))
    got = {r.experts[0].pk: (r.chance.times, r.chance.expected, r.chance.alone, r.chance.rivals) for r in told.asked}
    assert got == by_officer and all(len(r.draws) <= 3 for r in told.asked)  # the namesake's draw is not counted in


def test_expected_pairs_and_seats_add_up_to_the_seats_there_are(opened):
    draws = recount(opened)
    assert all(sum(pairs.values()) == comb(3, 2) and sum(single.values()) == 3 for _, pairs, single, _ in draws)


def test_who_stood_in_is_not_counted_as_drawn(opened):
    stood_in = {s.expert_id for d in opened for s in d.seats.exclude(after=None)}
    assert stood_in
    for row in patterns().often:
        drawn = sum(d.seats.filter(expert=row.experts[0], after=None).exists() for d in opened)
        assert row.chance.times == drawn
    assert [n for _, n, _ in patterns().declines] == [1]


def test_a_sealed_panel_leaves_no_trace(make_experts, ask, people, now):
    make_experts(9)
    draw = freeze_draw(ask([Subject("SB-1", "题")]), actor=people.second, at=now)
    draw_with_witness(draw, "123456", actor=people.inspector, at=now)
    found = patterns()
    assert (found.draws, found.often, found.pairs, found.asked, found.declines) == (0, [], [], [], [])


def test_a_damaged_file_is_named_and_the_page_still_opens(opened, people, client):
    kept = opened[0].frozen
    kept.file.path.write_bytes(b"{}")
    client.force_login(Account.objects.get(pk=people.inspector.id), backend=BACKEND)
    page = client.get("/experts/patterns").content.decode()
    assert f"{opened[0].number} 的冻结文件读不出" in page and "互不影响时" in page


def test_what_is_rare_for_one_pair_is_common_among_many(opened):
    """With a handful of people nothing over four draws is remarkable, and the page says so in words."""
    assert {r.chance.verdict for r in patterns().pairs} == {""}
    from keji.modules.experts.services.patterns import Chance

    assert Chance(3, Fraction(1), Fraction(1, 10_000), 1_000).verdict == ""
    assert Chance(3, Fraction(1), Fraction(1, 10_000), 100).verdict == "notable"
    assert Chance(3, Fraction(1), Fraction(1, 10_000_000), 100).verdict == "glaring"
