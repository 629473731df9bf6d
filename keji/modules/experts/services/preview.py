"""Before freezing: how the pool would stand now, and whether any panel meets the request."""

from __future__ import annotations

from dataclasses import dataclass

from keji.lib.draw import STATE_NAMES, DrawError, State, examine
from keji.modules.experts.models import Draw
from keji.modules.experts.services.freezing import pool_and_request, with_names
from keji.modules.experts.services.snapshot import snapshot


@dataclass(frozen=True)
class Preview:
    """`problem`: why no panel would come out and what would do, "" when one would. `rules`: rule → how many."""

    states: list[tuple[str, int]]
    rules: list[tuple[str, int]]
    problem: str
    total: int


def preview(draw: Draw) -> Preview:
    """Nothing is written, no lottery is worked out."""
    shot = snapshot(draw)
    counted: dict[str, int] = {}
    for stand in shot.stands:
        if stand.hits:
            counted[stand.hits[0].title] = counted.get(stand.hits[0].title, 0) + 1
    try:
        problem = with_names(examine(*pool_and_request(draw, shot, "")).sentence)
    except DrawError as why:
        problem = str(why)
    states = shot.states()
    return Preview(
        states=[(STATE_NAMES[s], states[s.value]) for s in State],
        rules=sorted(counted.items(), key=lambda r: (-r[1], r[0])),
        problem=problem,
        total=len(shot.stands),
    )
