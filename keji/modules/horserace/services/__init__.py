"""Every write of the horse race, and what its pages work out."""
