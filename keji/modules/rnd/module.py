"""研发备案: firms' R&D projects entered once, feeding statistics, tax and recognition; and the 双清零 work list."""

from keji.desk.menu import Entry
from keji.kernel.people.roles import BUREAU, Role

TITLE = "研发备案"
SHELF = "cases"
PREFIXES = {"YF": "研发项目", "YT": "年度研发情况", "QL": "清零对象"}

MENU = (
    Entry("研发备案", "我的研发项目", "rnd-mine", "flask", frozenset({Role.ENTERPRISE})),
    Entry("研发备案", "研发备案看板", "rnd-board", "chart-bar", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
    Entry("研发备案", "双清零", "rnd-zeroing", "target", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
    Entry("研发备案", "研发投入监测", "rnd-growth", "trending-up", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
)
