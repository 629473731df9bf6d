"""科研诚信: Research integrity: cases from report to appeal, and the measures that follow."""

from keji.desk.menu import Entry
from keji.kernel.people.roles import BUREAU, Role

TITLE = "科研诚信"
SHELF = "cases"
PREFIXES = {"CX": "科研诚信案件", "JB": "科研诚信举报", "XJ": "诚信宣传教育活动"}

_SUBJECTS = frozenset({Role.ENTERPRISE, Role.INSTITUTION, Role.EXPERT})
MENU: tuple[Entry, ...] = (
    Entry("科研诚信", "诚信工作总览", "integrity-overview", "layout-dashboard", BUREAU | {Role.INSPECTOR}),
    Entry("科研诚信", "查限制事项", "integrity-check", "shield-check", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
    Entry("科研诚信", "受处理名单", "integrity-register", "ban", BUREAU | {Role.INSPECTOR}),
    Entry("科研诚信", "与我有关的决定", "integrity-mine", "gavel", _SUBJECTS),
)
