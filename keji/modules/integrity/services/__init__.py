"""Every write of research integrity."""
