"""创新主体: firms and their titles — reported by counties, confirmed by the bureau, counted from their very records."""

from keji.desk.menu import Entry
from keji.kernel.people.roles import BUREAU, Role

TITLE = "创新主体"
SHELF = "registers"
PREFIXES = {"ZS": "科技资质", "PY": "培育清单", "SM": "不申报说明", "SB": "申报"}

MENU = (
    Entry("创新主体", "梯度培育", "ladder", "stack-2", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
    Entry("创新主体", "高企到期预警", "hnte-lapsing", "calendar-time", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
    Entry("创新主体", "评判批次", "assessment-runs", "checklist", BUREAU | {Role.INSPECTOR}),
    Entry("创新主体", "规则预演", "rule-rehearsal", "scale", BUREAU),
)
