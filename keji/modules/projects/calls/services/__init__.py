"""Every write of programmes, schemes and guidelines."""
