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
    "PY": "梯度培育",
    "FA": "评估方案",
    "PP": "评估批次",
    "PG": "平台评估",
}

MENU = (Entry("创新平台", "平台总览", "platform-overview", "layout-dashboard", BUREAU | {Role.COUNTY, Role.INSPECTOR}),)
