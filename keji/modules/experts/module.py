"""评审专家库: who may review, how they stand, and draws that anyone can check."""

from keji.desk.menu import Entry
from keji.kernel.people.roles import BUREAU, Role

TITLE = "评审专家库"
SHELF = "registers"
PREFIXES = {"ZJ": "评审专家", "CK": "专家出库", "ZQ": "专家抽取"}

MENU: tuple[Entry, ...] = (
    Entry("评审专家", "专家库体检", "experts-health", "heart-handshake", BUREAU | {Role.INSPECTOR}),
    Entry("评审专家", "申请抽取", "experts-draw-new", "plus", frozenset({Role.OFFICER})),
    Entry("评审专家", "抽取规律", "experts-patterns", "chart-histogram", frozenset({Role.LEADER, Role.INSPECTOR})),
    Entry("评审专家", "评审邀请和档案", "experts-mine", "user-check", frozenset({Role.EXPERT})),
)
