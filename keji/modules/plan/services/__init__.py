"""Every write of the plan, one file per area."""
