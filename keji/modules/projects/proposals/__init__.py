"""A unit's proposal: written, checked by its unit, recommended by its county, its form checked, compared."""
