"""Firms and their titles: the demo itself makes 100,000 of them."""

from __future__ import annotations

from urllib.parse import urlencode

from benchmarks.city.common import WORDS, narrowed, plain, sorted_by
from benchmarks.web import Page

TITLES = "-issued_on certificate_code party valid_until"
FIRMS = "name -established_on uscc industry_code"
NOTHING = "%E9%BE%98%E9%BE%98"


def grow() -> None:
    """Nothing to add."""


def pages() -> list[Page]:
    titles = narrowed("certifications", TITLES, kind="hnte")
    return [
        Page("certifications, as opened", "gaoxin", plain("/d/certifications/")),
        Page("certifications, sorted, page 2", "gaoxin", sorted_by("certifications", TITLES)),
        Page("certifications, filter + search + sort + page 2", "gaoxin", titles),
        Page("certifications, a word nothing has", "gaoxin", plain(f"/d/certifications/?q={NOTHING}")),
        Page("certifications of a county", "jinan", plain("/d/certifications/")),
        Page("parties, as opened", "gaoxin", plain("/d/parties/")),
        Page("parties, sorted, page 2", "gaoxin", sorted_by("parties", FIRMS)),
        Page("parties, filter + search + sort + page 2", "gaoxin", narrowed("parties", FIRMS)),
        Page("parties, a word nothing has", "gaoxin", plain(f"/d/parties/?q={NOTHING}")),
        Page("search over everything", "gaoxin", lambda n: "/search?" + urlencode({"q": WORDS[n % len(WORDS)]})),
    ]
