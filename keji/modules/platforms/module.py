"""创新平台: laboratories, research centres, incubators — recognised, assessed and followed year by year."""

from keji.desk.menu import Entry
from keji.kernel.people.roles import BUREAU, Role

TITLE = "创新平台"
SHELF = "registers"
PREFIXES = {"PT": "科创平台", "ZF": "在孵企业"}

_WATCHERS = BUREAU | {Role.COUNTY, Role.INSPECTOR}
_HOSTS = frozenset({Role.ENTERPRISE, Role.INSTITUTION})
MENU = (
    Entry("创新平台", "孵化载体看板", "incubators", "building-community", _WATCHERS),
    Entry("创新平台", "我的孵化载体", "incubator-mine", "building-community", _HOSTS),
    Entry("创新平台", "毕业企业跟踪", "graduates", "heart-handshake", _WATCHERS | _HOSTS),
)
