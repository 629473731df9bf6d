"""How much two Chinese texts have in common: character shingles, an inverted index, the passages themselves.

Every text becomes the set of its character triples (punctuation, spaces, width and case do not count). The index
answers for one text against thousands at once; shares are exact fractions and order is fixed: the same texts always
give the same hits.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from typing import Any

import numpy as np

BITS = 21  # a code point
ENOUGH = 20  # shingles a text needs before "contained in" says anything
COMMON = 5  # one in so many texts: what more than that say is phrase, not substance
FEW = 5  # texts that may share something before it can be a phrase: copies of one text are no phrase


def plain(text: str) -> str:
    """What counts of a text: letters, digits and characters, full width and capitals folded."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def shingles(text: str) -> Any:
    """The text's character triples as sorted distinct int64 codes; a shorter text is padded to one."""
    kept = plain(text)
    if not kept:
        return np.empty(0, dtype=np.int64)
    codes = np.frombuffer(kept.ljust(3).encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    return np.unique((codes[:-2] << (2 * BITS)) | (codes[1:-1] << BITS) | codes[2:])


@dataclass(frozen=True)
class Hit:
    """One text of the index: shingles in common, and how many each of the two has."""

    key: Hashable
    common: int
    own: int
    other: int

    @property
    def jaccard(self) -> Fraction:
        """Common ones among all of both."""
        return Fraction(self.common, self.own + self.other - self.common)

    @property
    def contained(self) -> Fraction:
        """Common ones among those of the shorter text; 0 where it is too short to say."""
        least = min(self.own, self.other)
        return Fraction(self.common, least) if least >= ENOUGH else Fraction(0)

    @property
    def share(self) -> Fraction:
        """The stronger of the two."""
        return max(self.jaccard, self.contained)


class Index:
    """Many texts to compare with. Built once, asked often; `texts` maps a key to its text."""

    def __init__(self, texts: Mapping[Any, str]) -> None:
        self.keys: list[Any] = list(texts)
        sets = [shingles(text) for text in texts.values()]
        codes = np.concatenate(sets) if sets else np.empty(0, dtype=np.int64)
        owners = np.repeat(np.arange(len(sets), dtype=np.int64), [len(s) for s in sets])
        order = np.lexsort((owners, codes))
        self._codes, self._owners = codes[order], owners[order]
        self._common = self._phrases()
        sizes = [len(self._telling(s)) for s in sets]
        self._sizes = np.array(sizes, dtype=np.int64)

    def _phrases(self) -> Any:
        """Shingles so many texts share that they say nothing."""
        distinct, counts = np.unique(self._codes, return_counts=True)
        return distinct[counts > max(FEW, len(self.keys) // COMMON)]

    def _telling(self, codes: Any) -> Any:
        return codes[~np.isin(codes, self._common)] if len(self._common) else codes

    def like(self, text: str, *, least: Fraction, most: int = 20, leave_out: Sequence[Any] = ()) -> list[Hit]:
        """Texts whose share with `text` is at least `least`, the likest first; equal ones in the order of the index."""
        asked = self._telling(shingles(text))
        if not len(asked) or not self.keys:
            return []
        start = np.searchsorted(self._codes, asked, side="left")
        stop = np.searchsorted(self._codes, asked, side="right")
        runs = stop - start
        total = int(runs.sum())
        if not total:
            return []
        ends = np.cumsum(runs)
        places = np.arange(total) - np.repeat(ends - runs, runs) + np.repeat(start, runs)
        common = np.bincount(self._owners[places], minlength=len(self.keys))
        out = set(leave_out)
        found = [
            Hit(self.keys[i], int(common[i]), len(asked), int(self._sizes[i]))
            for i in np.flatnonzero(common)
            if self.keys[i] not in out
        ]
        place = {key: n for n, key in enumerate(self.keys)}
        kept = [hit for hit in found if hit.share >= least]
        return sorted(kept, key=lambda hit: (-hit.share, place[hit.key]))[:most]


def passages(text: str, other: str, *, least: int = 8, most: int = 8) -> list[str]:
    """The longest passages of `text` that stand in `other` too, as they are written in `text`; in reading order.

    `least`: characters that count (punctuation does not). At most 4,000 characters of either text are looked at.
    """
    kept, places = _placed(text[:4000])
    against, _ = _placed(other[:4000])
    blocks = SequenceMatcher(None, kept, against, autojunk=False).get_matching_blocks()
    long = sorted((b for b in blocks if b.size >= least), key=lambda b: (-b.size, b.a))[:most]
    return [text[places[b.a] : places[b.a + b.size - 1] + 1] for b in sorted(long, key=lambda b: b.a)]


def _placed(text: str) -> tuple[str, list[int]]:
    """The characters that count, each with its place in the text."""
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for folded in plain(character):
            kept.append(folded)
            places.append(place)
    return "".join(kept), places
