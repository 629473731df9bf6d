"""Where chance comes from: a sealed number of the bureau, the witness's digits, a public figure named in advance.

The bureau's number (nonce) is fixed by its digest inside the frozen file before the witness speaks; the witness knows
nothing of it, and the bureau nothing of the digits. So neither alone can steer the seed. A public figure that does not
exist yet when the file is frozen (a lottery, an index) guards even against both together.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from keji.lib.draw.pool import DrawError
from keji.lib.merkle import digest_of

DOMAIN = "keji-draw-1"
NONCE_BYTES = 32
FEWEST_DIGITS, MOST_DIGITS = 6, 60
_HASH_BITS = 256


@dataclass(frozen=True)
class Shares:
    """What the seed is made of: `nonce` (64 hex digits), the witness's `digits`, the `public` figure as published."""

    nonce: str
    digits: str
    public: str = ""


def new_nonce() -> str:
    """A fresh secret number of 256 bits as 64 hex digits. Keep it sealed until the draw."""
    return secrets.token_hex(NONCE_BYTES)


def _hash(algorithm: str, *parts: str) -> str:
    return digest_of(algorithm)("|".join((DOMAIN, *parts)).encode("utf-8")).hex()


def commitment_of(nonce: str, algorithm: str = "sha256") -> str:
    """What is published of a nonce before the draw. DrawError when the nonce is not 64 hex digits."""
    if not re.fullmatch(r"[0-9a-f]{64}", nonce):
        raise DrawError("封存的随机数应为 64 位十六进制数字，请核对后再开启。")
    return _hash(algorithm, "nonce", nonce)


def check_shares(shares: Shares, *, commitment: str, digits: int, public: str, algorithm: str) -> None:
    """DrawError unless the nonce opens the commitment and the witness's digits and the public figure are as agreed.

    `digits`: how many digits the witness says at least; `public`: what the figure is called, "" for none.
    """
    if commitment_of(shares.nonce, algorithm) != commitment:
        raise DrawError("封存的随机数与冻结时公布的摘要不符，抽取不能继续，请报告监督人。")
    if not re.fullmatch(rf"[0-9]{{{digits},{MOST_DIGITS}}}", shares.digits):
        raise DrawError(f"监督人的数字要有 {digits} 至 {MOST_DIGITS} 位，只用 0 至 9，请重新输入。")
    if bool(public) != bool(shares.public):
        wanted = f"冻结时约定用公开数字（{public}），请填写。" if public else "冻结时没有约定公开数字，请留空。"
        raise DrawError(wanted)


def seed_of(shares: Shares, frozen_sha256: str, algorithm: str = "sha256") -> str:
    """The seed of this draw as hex: digest of the frozen file's SHA-256, nonce, digits, public figure."""
    return _hash(algorithm, "seed", frozen_sha256, shares.nonce, shares.digits, shares.public)


def uniform(seed: str, label: str, below: int, algorithm: str = "sha256") -> int:
    """An integer from 0 to below-1, all equally likely: digests with a counter, tried until one is in range."""
    if below < 1 or below > 1 << 128:
        raise ValueError("below is between 1 and 2^128")
    last = (1 << _HASH_BITS) // below * below
    counter = 0
    while True:
        number = int(_hash(algorithm, seed, label, str(counter)), 16)
        if number < last:
            return number % below
        counter += 1


def order_key(seed: str, expert: str, algorithm: str = "sha256") -> str:
    """What substitutes are ordered by, ascending: a digest of seed and expert id, equally likely for everybody."""
    return _hash(algorithm, seed, "substitute", expert)
