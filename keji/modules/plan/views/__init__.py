"""Pages a desk cannot show, one file per area."""
