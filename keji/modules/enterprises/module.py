"""创新主体: firms and their titles — reported by counties, confirmed by the bureau, counted from their very records."""

from keji.desk.menu import Entry
from keji.kernel.people.roles import BUREAU, Role

TITLE = "创新主体"
SHELF = "registers"
PREFIXES = {
    "ZS": "科技资质",
    "CQ": "知识产权",
    "RL": "企业认领",
    "PY": "培育清单",
    "SM": "不申报说明",
    "SB": "申报",
}

CHECKERS = frozenset({Role.OFFICER, Role.COUNTY})

MENU = (
    Entry("创新主体", "梯度培育", "ladder", "stack-2", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
    Entry("创新主体", "高企到期预警", "hnte-lapsing", "calendar-time", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
    Entry("创新主体", "评判批次", "assessment-runs", "checklist", BUREAU | {Role.INSPECTOR}),
    Entry("创新主体", "规则预演", "rule-rehearsal", "scale", BUREAU),
    Entry("一企一档", "本单位资料", "facts-mine", "folder", frozenset({Role.ENTERPRISE})),
    Entry("一企一档", "待核实资料", "facts-unchecked", "user-check", CHECKERS),
    Entry("一企一档", "来源不一致", "facts-conflicts", "gavel", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
    Entry("一企一档", "企业账号", "invitations", "key", CHECKERS | {Role.INSPECTOR}),
    Entry("一企一档", "填报负担", "burden", "chart-bar", BUREAU | {Role.COUNTY, Role.INSPECTOR}),
    Entry("一企一档", "批量导入", "facts-import", "file-upload", CHECKERS),
)
