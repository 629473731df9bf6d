"""Every write of incubation, and what is worked out from its records."""
