"""A run as a file anybody can recompute: canonical JSON with scheme, data and every step, under its SHA-256 digest."""

from __future__ import annotations

from dataclasses import dataclass

from keji.lib.race.run import Run


class PublishedError(ValueError):
    """A file that cannot be read as a published run; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Rerun:
    """`run`: recomputed from the scheme and data in the file. `differences`: what the file prints otherwise."""

    run: Run
    digest: str
    differences: tuple[str, ...]


def publish(run: Run) -> bytes:
    """The file: the same bytes for the same run."""
    raise NotImplementedError


def digest_of(content: bytes) -> str:
    """The digest a file states, 64 hex digits. PublishedError when it states none or is no such file."""
    raise NotImplementedError


def rerun(content: bytes) -> Rerun:
    """Score the scheme and data in the file again and compare every printed step. PublishedError when unreadable."""
    raise NotImplementedError


def compare(old: Run, new: Run) -> tuple[str, ...]:
    """What differs between two runs, in Chinese: scheme, data, places, scores; empty when nothing does."""
    raise NotImplementedError
