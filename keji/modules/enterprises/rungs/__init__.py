"""The rules of the enterprise ladder, one file a rung."""

from keji.modules.enterprises.facts import declared as facts  # the words the rules are written in come first
from keji.modules.enterprises.facts import declared_ladder as facts_ladder
from keji.modules.enterprises.rungs import centres, hnte, innovative_sme, little_giant, srdi, tech_sme

#: From the ground up, then the research centres.
LADDER = ("tech_sme", "innovative_sme", "hnte", "srdi", "little_giant", "city_centre", "province_centre")

__all__ = [
    "LADDER",
    "centres",
    "facts",
    "facts_ladder",
    "hnte",
    "innovative_sme",
    "little_giant",
    "srdi",
    "tech_sme",
]
