"""Every write of assessment and its schemes."""
