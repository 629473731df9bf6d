"""The county horse race: units scored exactly by a scheme, how sure each place is, and what would move it."""
