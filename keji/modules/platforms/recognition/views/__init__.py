"""Pages of one application and of a whole batch."""
