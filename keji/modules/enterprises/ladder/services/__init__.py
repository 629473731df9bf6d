"""Every write of the ladder."""
