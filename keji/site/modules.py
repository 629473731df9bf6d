"""The list of business modules that make up this house: adding a module is adding its name here."""

MODULES: tuple[str, ...] = (
    "enterprises",
    "platforms",
    "experts",
    "rnd",
    "projects",
    "integrity",
    "horserace",
    "plan",
)
