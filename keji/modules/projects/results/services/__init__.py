"""Every write of results and of projects of higher levels."""
