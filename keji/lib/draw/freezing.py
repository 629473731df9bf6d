"""Freezing: everything decided before chance comes in, in one file."""

from __future__ import annotations

from keji.lib.draw.frozen import Frozen
from keji.lib.draw.pool import Pool, Request

BALLS = 1 << 32


def freeze(
    pool: Pool,
    request: Request,
    *,
    commitment: str,
    at: str,
    digits: int = 6,
    public: str = "",
    algorithm: str = "sha256",
    balls: int = BALLS,
) -> Frozen:
    """The frozen file: pool with states, request, the fairest lottery with everybody's odds and its proof.

    `commitment`: `commitment_of(nonce)` of the sealed number; `at`: ISO time as text; `digits`: how many digits the
    witness says at least; `public`: which public figure is mixed in, named before it exists, "" for none;
    `algorithm`: sha256 or sm3, what seed and order are derived with (both digests of the file are published anyway);
    `balls`: at least how many balls the lottery has (at least 10^6).
    Impossible (with `.finding`) where no panel meets the request; DrawError for a wrong request.
    """
    raise NotImplementedError
