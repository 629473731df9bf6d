"""How well an expert fits a proposal: what the expert is registered for, looked for in the proposal's own words."""

from __future__ import annotations

from collections.abc import Iterable

from keji.lib.assignment import FULL_FIT
from keji.lib.likeness import plain
from keji.modules.projects.models import Proposal

#: What a page says of it.
SAID = "专家登记的学科、产业领域和关键词中，相邻两字出现在项目名称、支持方向和摘要里的比例"


def neighbours(text: str) -> set[str]:
    """Every two characters that stand side by side, without punctuation, width and case."""
    kept = plain(text)
    return {kept[i : i + 2] for i in range(len(kept) - 1)}


def words_of(proposal: Proposal) -> set[str]:
    return neighbours(proposal.title) | neighbours(proposal.theme) | neighbours(proposal.abstract)


def known_to(words: Iterable[str]) -> set[str]:
    """Of an expert's registered words; two words do not make a pair between them."""
    return {pair for word in words for pair in neighbours(word)}


def fit(expert: set[str], proposal: set[str]) -> int:
    """The exact share, rounded down to millionths; 0 for an expert of whom nothing is registered."""
    return FULL_FIT * len(expert & proposal) // len(expert) if expert else 0
