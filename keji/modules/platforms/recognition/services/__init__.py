"""Every write of recognition, and what is worked out for it."""
