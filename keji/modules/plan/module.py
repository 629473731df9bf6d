"""工作要点: from the plan's text to typed targets, county shares, live figures, follow-ups and the monthly bulletin."""

TITLE = "工作要点"
SHELF = "boards"
PREFIXES = {"YD": "工作要点", "FJ": "目标分解", "DB": "督办"}
