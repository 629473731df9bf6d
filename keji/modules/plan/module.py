"""工作要点: from the plan's text to typed targets, county shares, live figures, follow-ups and the monthly bulletin."""

from keji.desk.menu import Entry
from keji.kernel.people.roles import BUREAU, Role

TITLE = "工作要点"
SHELF = "boards"
PREFIXES = {"YD": "工作要点", "FJ": "目标分解", "DB": "督办"}

READERS = BUREAU | {Role.COUNTY, Role.INSPECTOR}

MENU = (
    Entry("工作要点", "目标跟踪", "plan-tracker", "target-arrow", READERS),
    Entry("工作要点", "目标分解", "plan-split", "sitemap", READERS),
    Entry("工作要点", "督办台账", "follow-board", "clipboard-list", BUREAU | {Role.INSPECTOR}),
    Entry("工作要点", "月通报", "bulletins", "file-text", READERS),
    Entry("工作要点", "月度定格", "plan-freeze", "lock", BUREAU | {Role.INSPECTOR}),
    Entry("工作要点", "上传工作要点", "plan-upload", "upload", frozenset({Role.OFFICER})),
)
