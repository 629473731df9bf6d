"""Every write of a proposal, and what stands in its way."""
