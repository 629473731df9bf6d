"""The rules of the enterprise ladder, one file a rung."""

from keji.modules.enterprises.rungs import hnte, tech_sme

__all__ = ["hnte", "tech_sme"]
