"""创新平台: laboratories, research centres, incubators — recognised, assessed and followed year by year."""

from keji.desk.menu import Entry
from keji.kernel.people.roles import BUREAU, Role

TITLE = "创新平台"
SHELF = "registers"
PREFIXES = {
    "PT": "科创平台",
    "PN": "平台年报",
    "PC": "认定批次",
    "RD": "认定申请",
    "TD": "平台培育",
    "FA": "评估方案",
    "PP": "评估批次",
    "PG": "平台评估",
}

MENU: tuple[Entry, ...] = (
    Entry("创新平台", "平台总览", "platform-overview", "layout-dashboard", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
)

# Incubation: its own record number and pages.
PREFIXES["ZF"] = "在孵企业"
_HOSTS = frozenset({Role.ENTERPRISE, Role.INSTITUTION})
MENU += (
    Entry("创新平台", "孵化载体看板", "incubators", "building-community", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
    Entry("创新平台", "我的孵化载体", "incubator-mine", "building-community", _HOSTS),
    Entry("创新平台", "毕业企业跟踪", "graduates", "heart-handshake", BUREAU | {Role.COUNTY, Role.INSPECTOR} | _HOSTS),
)
