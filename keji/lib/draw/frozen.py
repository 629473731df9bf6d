"""The published file: canonical JSON of pool, request, lottery and odds, and its digests. No float, one form only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from keji.lib.draw.pool import DrawError, Pool, Request, State, from_plain
from keji.lib.merkle import digest_of

FORMAT = "keji-draw-1"


@dataclass(frozen=True)
class Fairness:
    """How equal the odds are: of the eligible, in balls of `balls`; `gini` exact.

    `bound`: no lottery of any kind can give everybody more than this (exact); `proof` says what shows it.
    `spread`: the largest difference in balls between two experts whose odds should be equal.
    """

    balls: int
    least: int
    most: int
    gini: Fraction
    bound: Fraction
    proof: str
    spread: int

    @property
    def least_odds(self) -> Fraction:
        return Fraction(self.least, self.balls)

    @property
    def most_odds(self) -> Fraction:
        return Fraction(self.most, self.balls)

    @property
    def gap(self) -> Fraction:
        """How far the smallest odds stay below what is possible at all."""
        return self.bound - self.least_odds


@dataclass(frozen=True)
class Frozen:
    """A frozen draw. `content` is the published file byte for byte; everything else is read from it."""

    content: bytes

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Frozen:
        return cls(_quick(_ordered(dict(data))))

    @classmethod
    def read(cls, content: bytes) -> Frozen:
        """A published file read back. DrawError where it is not one, or not in the one form."""
        try:
            data = json.loads(content, parse_float=_no_float, parse_constant=_no_float)
            same = _quick(_ordered(data)) == content
        except (ValueError, TypeError, AttributeError, RecursionError) as problem:
            raise DrawError(f"冻结文件读不懂：{problem}。请重新下载公布的文件。") from None
        if not isinstance(data, dict) or data.get("format") != FORMAT or not same:
            raise DrawError("这不是冻结文件，或者内容被改动过，请重新下载公布的文件。")
        return cls(content)

    @cached_property
    def data(self) -> dict[str, Any]:
        return json.loads(self.content)

    @cached_property
    def _source(self) -> tuple[Pool, Request]:
        return from_plain(self.data)

    @property
    def pool(self) -> Pool:
        return self._source[0]

    @property
    def request(self) -> Request:
        return self._source[1]

    @cached_property
    def sha256(self) -> str:
        return digest_of("sha256")(self.content).hex()

    @cached_property
    def sm3(self) -> str:
        return digest_of("sm3")(self.content).hex()

    @property
    def algorithm(self) -> str:
        """The hash the seed and the order are derived with: sha256 or sm3."""
        return self.data["seed"]["algorithm"]

    @property
    def commitment(self) -> str:
        return self.data["seed"]["commitment"]

    @property
    def balls(self) -> int:
        return self.data["lottery"]["balls"]

    @property
    def panels(self) -> list[list[int]]:
        """Positions in the pool, ascending; one list a panel."""
        return self.data["lottery"]["panels"]

    @property
    def weights(self) -> list[int]:
        """Balls of each panel; they add up to `balls`."""
        return self.data["lottery"]["weights"]

    def unreachable(self) -> tuple[str, ...]:
        """Eligible experts whom no panel that keeps the quotas could seat; to be told before the draw."""
        rows = zip(self.pool.experts, self.data["odds"], strict=True)
        return tuple(e.id for e, n in rows if not n and e.state == State.ELIGIBLE)

    def odds(self) -> dict[str, Fraction]:
        """Expert id → exact chance of a seat; everybody of the pool, 0 for who may not be drawn."""
        return {e.id: Fraction(n, self.balls) for e, n in zip(self.pool.experts, self.data["odds"], strict=True)}

    @property
    def fairness(self) -> Fairness:
        told = self.data["fairness"]
        return Fairness(
            balls=self.balls,
            least=told["least"],
            most=told["most"],
            gini=Fraction(told["gini"]),
            bound=Fraction(told["bound"]),
            proof=told["proof"],
            spread=told["spread"],
        )

    def sections(self) -> dict[str, str]:
        """Part of the file → its SHA-256, so that a check can say which part differs."""
        # Read back from canonical bytes the keys stand in canonical order: the quick writer gives the same bytes.
        return {key: digest_of("sha256")(_quick(value)).hex() for key, value in self.data.items()}


def _no_float(text: str) -> None:
    raise ValueError(f"出现小数 {text[:20]}")


def _ordered(value: Any) -> Any:
    """Objects with their keys in canonical order; lists of numbers and text are taken as they are."""
    if isinstance(value, dict):
        return {k: _ordered(value[k]) for k in sorted(value, key=lambda k: k.encode("utf-16-be"))}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_ordered(v) for v in value]
    return value


def _quick(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def gini_of(values: list[int]) -> Fraction:
    """The Gini coefficient, exact: 0 when all are equal (or all zero). Mean absolute difference over twice the mean."""
    total, n = sum(values), len(values)
    if total == 0:
        return Fraction(0)
    ranked = sum((2 * i - n + 1) * value for i, value in enumerate(sorted(values)))
    return Fraction(ranked, n * total)
