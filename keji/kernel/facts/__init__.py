"""Facts once: what the house knows of every unit, from whom, confirmed by whom, and until when it holds."""
