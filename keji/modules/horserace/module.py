"""科技创新赛马: The horse race: counties scored by the innovation indicators."""

TITLE = "科技创新赛马"
SHELF = "boards"
