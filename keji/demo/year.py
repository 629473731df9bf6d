"""The year from the plan of January to the bulletin of December."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from keji.demo.story import NOW, Story, Tell, moment


def tell_the_year(*, scale: Fraction = Fraction(1), tell: Tell = lambda _: None) -> datetime:
    """Fill the house; returns the moment from which it lives on."""
    story = Story(scale=scale, tell=tell)
    story.settle()
    story.certify_until(date(2024, 1, 5))
    tell("2023 年底以前的资质")
    story.certify_until(NOW.date(), since=date(2024, 1, 5))
    tell("2024 年的资质")
    return moment(NOW.date(), NOW.hour)
