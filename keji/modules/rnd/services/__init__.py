"""Every write of this module, and the sums its pages show, by area."""
