"""The expert draw: freeze pool and rules with the fairest lottery, draw by shares of several people, replace, verify.

    nonce = new_nonce()                                   # sealed; only its digest is published
    frozen = freeze(pool, request, commitment=commitment_of(nonce), at=…)   # publish frozen.content and its digests
    outcome = draw(frozen, Shares(nonce, digits_the_witness_says))
    outcome = replace(frozen, outcome, declined_id, reason=…, at=…)

`verify_draw.py` in this folder checks the two published files with nothing but Python's standard library.
"""

from keji.lib.draw.feasible import Change, Finding, Impossible, examine
from keji.lib.draw.freezing import freeze, seconds_about, warm_up
from keji.lib.draw.frozen import Fairness, Frozen
from keji.lib.draw.outcome import Outcome, Replacement, Substitute, candidates, draw, replace
from keji.lib.draw.pool import STATE_NAMES, DrawError, Expert, Pool, Quota, Request, State
from keji.lib.draw.seed import NONCE_BYTES, Shares, commitment_of, new_nonce

__all__ = [
    "NONCE_BYTES", "STATE_NAMES", "Change", "DrawError", "Expert", "Fairness", "Finding", "Frozen", "Impossible",
    "Outcome", "Pool", "Quota", "Replacement", "Request", "Shares", "State", "Substitute", "candidates",
    "commitment_of", "draw", "examine", "freeze", "new_nonce", "replace",
    "seconds_about", "warm_up",
]  # fmt: skip
