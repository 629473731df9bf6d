"""Questions about figures before they are scored: jumps, signs, units slipped by 万 or per cent. Never a correction."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from keji.lib.race.scheme import Data, Scheme


class Kind(StrEnum):
    MISSING = "missing"
    SIGN = "sign"
    SHARE = "share"
    SCALE = "scale"
    FRACTION = "fraction"
    JUMP = "jump"
    SAME = "same"
    FALLING = "falling"


@dataclass(frozen=True)
class Question:
    unit: str
    indicator: str
    kind: Kind
    sentence: str


def questions(scheme: Scheme, data: Data, before: Data | None = None) -> tuple[Question, ...]:
    """What to ask the units about, in the order of units and indicators. `before`: the same figures a period ago."""
    raise NotImplementedError
