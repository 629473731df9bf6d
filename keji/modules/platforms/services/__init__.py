"""Every write of this module, and what is worked out from its records."""
