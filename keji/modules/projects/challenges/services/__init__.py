"""Every write of a problem, its bids and its contract."""
