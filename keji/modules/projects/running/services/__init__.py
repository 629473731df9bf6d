"""Every write of a project, and what is due of it."""
