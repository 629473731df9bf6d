"""科技计划项目: S&T projects from call to archive."""

from keji.desk.menu import Entry
from keji.kernel.people.roles import BUREAU, Role

TITLE = "科技计划项目"
SHELF = "cases"
PREFIXES = {
    "ZN": "项目指南",
    "XS": "项目申报",
    "XM": "科技计划项目",
    "BG": "项目变更",
    "PF": "评审方案",
    "PS": "评审批次",
    "BD": "揭榜挂帅榜单",
    "YB": "应榜",
    "SJ": "省级以上项目",
}
GROUP = "科技项目"
_DUE = BUREAU | {Role.COUNTY, Role.INSPECTOR, Role.ENTERPRISE, Role.INSTITUTION}

MENU: tuple[Entry, ...] = (
    Entry(GROUP, "我的评审", "my-reviews", "clipboard-check", frozenset({Role.EXPERT})),
    Entry(GROUP, "到期事项", "project-due", "calendar-time", _DUE),
)
