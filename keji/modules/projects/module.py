"""科技计划项目: S&T projects from call to archive."""

from keji.desk.menu import Entry
from keji.kernel.people.roles import Role

TITLE = "科技计划项目"
SHELF = "cases"
PREFIXES = {
    "ZN": "项目指南",
    "SB": "项目申报",
    "XM": "科技计划项目",
    "PF": "评审方案",
    "PS": "评审批次",
}
GROUP = "科技项目"

MENU: tuple[Entry, ...] = (Entry(GROUP, "我的评审", "my-reviews", "clipboard-check", frozenset({Role.EXPERT})),)
