"""科技创新赛马: counties scored month by month, heard first, published so that anybody can compute it again."""

from keji.desk.menu import Entry
from keji.kernel.people.roles import BUREAU, Role

TITLE = "科技创新赛马"
SHELF = "boards"
PREFIXES = {
    "MF": "考评方案",
    "ML": "赛马轮次",
    "MC": "赛马计分",
    "MJ": "赛马加减分",
    "MD": "调度事项",
    "MP": "赛马年度评价",
}

INSIDERS = BUREAU | {Role.INSPECTOR}
READERS = INSIDERS | {Role.COUNTY}

MENU = (
    Entry("科技创新赛马", "赛马总览", "race-board", "trophy", READERS),
    Entry("科技创新赛马", "本县区赛马", "race-mine", "flag", frozenset({Role.COUNTY})),
    Entry("科技创新赛马", "赛马通报", "race-papers", "file-text", READERS),
)
