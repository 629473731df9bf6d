"""创新主体: firms and their titles — reported by counties, confirmed by the bureau, counted from their very records."""

TITLE = "创新主体"
SHELF = "registers"
PREFIXES = {"ZS": "科技资质"}
