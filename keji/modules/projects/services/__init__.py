"""Every write of this module, area by area."""
