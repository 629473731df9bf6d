"""The simple draw: everybody ordered by a digest of seed and id, then walked down, each one skipped with its reason.

For a handful of experts drawn on the spot, without quotas by type; odds are not evened out. The order is that of the
digests of seed, "|" and id, so the witness's number read aloud as part of the seed fixes it (seed: task number, time,
digits). `pool_digest` is what is written down before the number is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from keji.lib.draw.pool import DrawError
from keji.lib.merkle import digest_of

AVOIDS_UNIT, AVOIDS_PERSON, UNIT_FULL, PLACE_FULL = "单位回避", "本人回避", "同单位已满", "同地区已满"


@dataclass(frozen=True)
class Candidate:
    """`unit` and `place` are counted by the caps; "" is not counted."""

    id: str
    unit: str = ""
    place: str = ""


@dataclass(frozen=True)
class Walk:
    """Who was chosen and who stands by, both in order; everybody skipped with the reason; `missing` substitutes."""

    chosen: tuple[str, ...]
    substitutes: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]
    missing: int = 0

    @property
    def warning(self) -> str:
        """A sentence where substitutes are missing, else ""."""
        if not self.missing:
            return ""
        there = len(self.substitutes)
        return f"备选不足：需 {there + self.missing} 人，得 {there} 人。请补充专家，或者降低备选人数后重新抽取。"


def pool_digest(ids: Collection[str], algorithm: str = "sha256") -> str:
    """The digest of the sorted ids, one a line, as hex: what is published before the number is said."""
    return digest_of(algorithm)("\n".join(sorted(ids)).encode("utf-8")).hex()


def key(seed: str, expert: str, algorithm: str = "sha256") -> str:
    """What the order goes by, ascending: the digest of seed, "|" and id, as hex."""
    return digest_of(algorithm)(f"{seed}|{expert}".encode()).hex()


def walk(
    candidates: Sequence[Candidate],
    seed: str,
    *,
    seats: int,
    substitutes: int,
    unit_cap: int = 1,
    place_caps: Mapping[str, int] | None = None,
    avoid_units: Collection[str] = (),
    avoid: Collection[str] = (),
    algorithm: str = "sha256",
) -> Walk:
    """Take the first who fit, until seats and substitutes are full; caps (0: none) count both.

    `place_caps`: place → most experts from there; others are not limited. DrawError when the seats cannot be filled or
    an id appears twice; too few substitutes are told in `warning`.
    """
    ids = [c.id for c in candidates]
    if len(set(ids)) != len(ids):
        raise DrawError("候选名单里有重复的编号，请去掉后再抽取。")
    caps = place_caps or {}
    taken: list[str] = []
    skipped: list[tuple[str, str]] = []
    units: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for one in sorted(candidates, key=lambda c: key(seed, c.id, algorithm)):
        if len(taken) == seats + substitutes:
            break
        if one.unit in avoid_units:
            skipped.append((one.id, AVOIDS_UNIT))
        elif one.id in avoid:
            skipped.append((one.id, AVOIDS_PERSON))
        elif unit_cap and one.unit and units[one.unit] >= unit_cap:
            skipped.append((one.id, UNIT_FULL))
        elif one.place in caps and places[one.place] >= caps[one.place]:
            skipped.append((one.id, PLACE_FULL))
        else:
            taken.append(one.id)
            units[one.unit] += 1
            places[one.place] += 1
    if len(taken) < seats:
        raise DrawError(f"人数不足：需 {seats} 人，得 {len(taken)} 人。请补充专家，或者放宽同单位、同地区的上限。")
    return Walk(tuple(taken[:seats]), tuple(taken[seats:]), tuple(skipped), seats + substitutes - len(taken))
