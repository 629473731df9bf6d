"""Pages a desk cannot show, area by area."""
