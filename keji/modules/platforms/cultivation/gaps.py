"""What a candidate still lacks, by the rule of the level it is to reach: judged now, never typed."""

from __future__ import annotations

from datetime import date

from keji.kernel.parties.models import Party
from keji.kernel.rules.judging import judge
from keji.lib.rules.found import Verdict
from keji.lib.rules.rule import rules
from keji.modules.platforms.incubators.services.houses import grouped
from keji.modules.platforms.incubators.services.rules import judge_houses
from keji.modules.platforms.models import Cultivation, Platform

#: (kind, level) → the rule that says what it takes; centres are judged by their firm's file, houses by their records.
CENTRES = {"city": "city_centre", "provincial": "province_centre"}
HOUSES = {
    ("incubator", "provincial"): "incubator_provincial",
    ("incubator", "national"): "incubator_national",
    ("makerspace", "national"): "makerspace_national",
}


def has_rule(kind: str, level: str) -> bool:
    centre = kind == Platform.Kind.ENTERPRISE_RND_CENTRE and level in CENTRES
    return centre or (kind, level) in HOUSES


def verdict_for(record: Cultivation, on: date) -> Verdict | None:
    """Where the candidate stands; None where there is no rule in force, or no house yet to be judged."""
    if record.kind == Platform.Kind.ENTERPRISE_RND_CENTRE:
        code = CENTRES.get(record.level, "")
        return _of_firm(code, record.party, on) if code in rules() else None
    code = HOUSES.get((record.kind, record.level), "")
    house = _house(record, on) if code else None
    if house is None:
        return None
    _, verdicts = judge_houses([house], on)[house.pk]
    return next((v for v in verdicts if v.rule == code), None)


def _house(record: Cultivation, on: date) -> Platform | None:
    """The unit's house of this kind: the one the candidate grows from, else the first that stands."""
    found = grouped(Platform.objects.filter(party=record.party_id, kind=record.kind), on)
    if record.platform is not None:
        return next((h for h in found if h.name == record.platform.name), None)
    return next((h for h in found if h.stands), None)  # type: ignore[attr-defined]


def _of_firm(code: str, party: Party, on: date) -> Verdict | None:
    try:
        return judge(code, party, on)
    except LookupError:
        return None  # before its first edition, or a number it needs is not in force
