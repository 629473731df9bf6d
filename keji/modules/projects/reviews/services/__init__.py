"""Every write of a review, and what is worked out for it."""
