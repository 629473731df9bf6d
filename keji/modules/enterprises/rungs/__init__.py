"""The rules of the enterprise ladder, one file a rung."""

from keji.modules.enterprises.rungs import hnte, tech_sme

#: The rungs from the ground up, then the research centres.
LADDER = ("tech_sme", "hnte")

__all__ = ["LADDER", "hnte", "tech_sme"]
