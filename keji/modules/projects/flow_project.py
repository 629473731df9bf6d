"""A project's steps from the signed task book to the archive."""

from __future__ import annotations

from keji.kernel.records.flow import Step

STEPS: tuple[type[Step], ...] = ()
