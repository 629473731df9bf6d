"""Made-up figures and names for tools/styleguide.py: long names, large numbers, things missing."""

import datetime as dt
from decimal import Decimal as D

NOW = dt.datetime(2024, 9, 12, 1, 5, tzinfo=dt.UTC)  # 09:05 in Beijing
COUNTIES = ["金安区", "裕安区", "叶集区", "霍邱县", "舒城县", "金寨县", "霍山县", "市开发区"]
HNTE = [141, 128, 46, 97, 118, 62, 89, 73]
LONG = "安徽大别山新能源汽车零部件智能制造产业技术研究院有限责任公司"


def table() -> dict:
    names = [
        LONG,
        "六安市金寨县现代农业装备股份有限公司",
        "安徽皖西白鹅生物科技有限公司",
        "霍山应流精密铸造有限公司",
        "舒城县杭埠电子信息产业园运营管理有限公司",
        "安徽天堂寨中药材开发有限公司",
    ]
    values = [D("128450.5"), D("9800"), None, D("1204567.25"), D("356.08"), D("88")]
    codes = ["on_pace", "behind", "not_reported", "over", "at_risk", "done"]
    rows = [
        {
            "url": f"/r/GQ-2024-{i:04}",
            "select_id": i,
            "tone": "red" if codes[i - 1] == "at_risk" else "",
            "cells": [
                {"value": name, "sub": f"GQ-2024-{i:04}"},
                {"value": f"91341500MA2N{i}QK7X{i}", "mono": True},
                {"value": COUNTIES[i]},
                {"value": "先进制造与自动化" if i % 2 else "生物与新医药"},
                {"value": values[i - 1], "number": True},
                {"value": dt.date(2024, 11, 30), "sub": "还剩 79 天" if i == 2 else ""},
                {"light": codes[i - 1]},
                {"value": "有效" if i != 5 else "拟取消", "badge": "green" if i != 5 else "amber"},
            ],
        }
        for i, name in enumerate(names, 1)
    ]
    columns = [
        {"label": "企业名称", "sort_url": "?sort=name", "sorted": "asc"},
        {"label": "统一社会信用代码"},
        {"label": "县区", "sort_url": "?sort=region"},
        {"label": "技术领域"},
        {
            "label": "研发费用（万元）",
            "align": "end",
            "sort_url": "?sort=-rd",
            "hint": "最近一个会计年度，取自企业所得税申报表。",
        },
        {"label": "有效期至", "sort_url": "?sort=until"},
        {"label": "进度"},
        {"label": "资格"},
    ]
    footer = [
        {"value": "合计"},
        {"value": ""},
        {"value": ""},
        {"value": ""},
        {"value": D("1343261.83"), "number": True},
        {"value": ""},
        {"value": ""},
        {"value": ""},
    ]
    return {
        "columns": columns,
        "rows": rows,
        "footer": footer,
        "bulk": [
            {"name": "step", "value": "remind", "label": "发送提醒"},
            {
                "name": "step",
                "value": "revoke",
                "label": "批量取消",
                "tone": "danger",
                "confirm": "取消所选企业的资格？",
            },
        ],
    }


def figures() -> dict:
    goals = [
        ("高新技术企业总数", 754, 750, 703, "over"),
        ("科技型中小企业评价入库", 1102, 1350, 1012, "on_pace"),
        ("技术合同成交额（亿元）", D("88.6"), 160, 120, "at_risk"),
        ("省级以上科技创新平台新增", 2, 4, 3, "behind"),
        ("科技特派团", 20, 20, 15, "done"),
        ("六安院引入科创团队", 0, 10, 7, "not_reported"),
    ]
    return {
        "progress": {
            "kind": "progress",
            "items": [
                {"label": a, "value": b, "target": c, "pace": d, "light": e, "url": "#"} for a, b, c, d, e in goals
            ],
        },
        "map": {
            "kind": "map",
            "unit": "家",
            "items": [{"name": n, "value": v, "url": "#"} for n, v in zip(COUNTIES, HNTE, strict=True)],
        },
        "line": {
            "kind": "line",
            "unit": "亿元",
            "categories": [f"{m}月" for m in range(1, 13)],
            "series": [
                {
                    "name": "2024年累计",
                    "values": [3, 8, 15, 24, 33, 46, 61, 74, D("88.6"), 101, 118, 136],
                    "area": True,
                },
                {"name": "2023年累计", "values": [2, 5, 11, 19, 27, 40, 52, 63, 80, 92, 109, 131], "tone": "gray"},
            ],
            "target": 160,
            "forecast_from": 9,
        },
        "bar": {
            "kind": "bar",
            "unit": "亿元",
            "horizontal": True,
            "categories": ["金安区", "裕安区", "霍邱县", "安徽六安经济技术开发区管理委员会", "舒城县"],
            "series": [{"name": "研发投入", "values": [D("18.42"), D("15.3"), D("9.87"), D("12.05"), D("14.6")]}],
        },
        "stack": {
            "kind": "stack",
            "unit": "家",
            "categories": COUNTIES,
            "series": [{"name": f"第{i}批", "values": [n // (i + 2) for n in HNTE]} for i in range(1, 4)],
        },
        "interval": {
            "kind": "interval",
            "unit": "分",
            "items": [
                {"label": n, "value": 96 - i * 3, "low": 93 - i * 3, "high": 98 - i * 2, "url": "#"}
                for i, n in enumerate(COUNTIES)
            ],
        },
        "sankey": {
            "kind": "sankey",
            "unit": "家",
            "nodes": [
                {"name": n, "label": n, "colour": i}
                for i, n in enumerate(["孵化企业", "科技型中小企业", "高新技术企业", "未晋级", "专精特新"])
            ],
            "links": [
                {"source": "孵化企业", "target": "科技型中小企业", "value": 320},
                {"source": "孵化企业", "target": "未晋级", "value": 90},
                {"source": "科技型中小企业", "target": "高新技术企业", "value": 210},
                {"source": "高新技术企业", "target": "专精特新", "value": 85},
            ],
        },
        "pie": {
            "kind": "pie",
            "unit": "家",
            "items": [
                {"label": n, "value": v}
                for n, v in [
                    ("先进制造与自动化", 268),
                    ("电子信息", 141),
                    ("新材料", 126),
                    ("生物与新医药", 98),
                    ("高技术服务", 71),
                    ("资源与环境", 50),
                ]
            ],
        },
        "gauge": {"kind": "gauge", "value": 754, "target": 800, "unit": "家", "label": "目标", "light": "on_pace"},
        "radar": {
            "kind": "radar",
            "axes": [{"label": n, "max": 100} for n in ["创新主体", "研发投入", "成果转化", "平台建设", "科技金融"]],
            "series": [
                {"name": "金安区", "values": [88, 76, 91, 60, 72]},
                {"name": "全市平均", "values": [70, 65, 73, 66, 58]},
            ],
        },
        "heatmap": {
            "kind": "heatmap",
            "unit": "条",
            "columns": [f"{m}月" for m in range(1, 7)],
            "rows": COUNTIES[:5],
            "cells": [[c, r, (c * 7 + r * 13) % 50] for c in range(6) for r in range(5)],
        },
        "scatter": {
            "kind": "scatter",
            "x_label": "研发强度（%）",
            "y_label": "高企数（家）",
            "items": [
                {"label": n, "x": D("1.2") + D(i) / 10, "y": v}
                for i, (n, v) in enumerate(zip(COUNTIES, HNTE, strict=True))
            ],
        },
        "bridge": {
            "unit": "家",
            "start": {"label": "8月末", "value": 748, "url": "#"},
            "steps": [
                {"label": "新增认定", "value": 21, "url": "#"},
                {"label": "迟报补录", "value": 3, "url": "#", "note": "裕安区 2 家、叶集区 1 家，7 月证书 9 月才录入"},
                {"label": "证书到期", "value": -14, "url": "#"},
                {"label": "撤销资格", "value": -2, "url": "#"},
                {"label": "更正县区", "value": 0, "url": "#"},
                {"label": "更正重复", "value": -2, "url": "#"},
            ],
            "end": {"label": "9月末", "value": 754, "url": "#"},
        },
        "stats": [
            {
                "label": "高新技术企业总数",
                "value": 754,
                "unit": "家",
                "url": "#",
                "light": "over",
                "delta": 6,
                "delta_good": True,
                "target": 750,
                "note": "截至9月30日",
            },
            {
                "label": "科技型中小企业",
                "value": 1102,
                "unit": "家",
                "url": "#",
                "light": "on_pace",
                "delta": 87,
                "delta_good": True,
                "target": 1350,
            },
            {
                "label": "技术合同成交额",
                "value": D("886423.57"),
                "unit": "万元",
                "url": "#",
                "light": "at_risk",
                "delta": D("-1203.4"),
                "delta_good": False,
                "target": 1600000,
            },
            {
                "label": "全社会研发投入增速",
                "value": None,
                "unit": "%",
                "light": "not_reported",
                "note": "统计部门每年11月发布",
            },
            {
                "label": "科技特派员",
                "value": 2503,
                "unit": "人",
                "url": "#",
                "light": "done",
                "delta": 0,
                "target": 2500,
            },
        ],
    }


def records() -> dict:
    return {
        "facts": [
            {"label": "企业名称", "value": LONG, "wide": True, "copyable": True},
            {"label": "统一社会信用代码", "value": "91341500MA2NQK7X1R", "copyable": True},
            {"label": "所属县区", "value": "金安区"},
            {
                "label": "研发费用",
                "value": D("128450.5"),
                "number": True,
                "unit": "万元",
                "note": "2023年度企业所得税申报表，2024-05-31 取数",
            },
            {"label": "职工总数", "value": None},
            {"label": "法定代表人", "value": "王**", "reveal_url": "#"},
            {"label": "资格状态", "value": "有效", "badge": "green"},
            {"label": "填报进度", "light": "behind"},
            {
                "label": "主营业务",
                "value": "新能源汽车零部件精密铸造与智能检测装备的研发和销售；\n相关技术咨询、技术转让与检测服务。",
                "wide": True,
            },
        ],
        "files": [
            {
                "name": "2024年度高新技术企业认定申请书（盖章扫描件）.pdf",
                "url": "#",
                "size": 4718592,
                "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "uploaded_by": "李明",
                "uploaded_at": NOW,
                "version": 2,
                "kind": "申请书",
                "remove_url": "#",
            },
            {
                "name": "研发费用专项审计报告.pdf",
                "url": "#",
                "size": 912384,
                "digest": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
                "uploaded_by": "李明",
                "uploaded_at": NOW,
                "version": 1,
            },
            {"kind": "近三年财务会计报告", "missing": True, "upload_url": "#"},
        ],
        "entries": [
            {
                "at": NOW,
                "actor": "张建国",
                "on_behalf": "代 王某",
                "action": "退回补正",
                "reason": "研发费用专项审计报告缺少第 3 页签章，请补正后于 5 个工作日内重新提交。",
            },
            {
                "at": NOW - dt.timedelta(days=2),
                "actor": "李明",
                "action": "修改",
                "changes": [
                    {"label": "研发费用", "before": "12,845.05 万元", "after": "128,450.5 万元"},
                    {"label": "所属县区", "before": "", "after": "金安区"},
                ],
            },
            {"at": NOW - dt.timedelta(days=9), "actor": "李明", "action": "提交"},
        ],
        "steps": [
            {
                "code": "accept",
                "label": "受理",
                "url": "#",
                "allowed": True,
                "tone": "primary",
                "due": "应于9月18日前办结，还剩 3 个工作日",
                "confirm": "受理后企业不能再修改，确定受理？",
            },
            {"code": "send_back", "label": "退回补正", "url": "#", "allowed": True, "needs_reason": True},
            {
                "code": "reject",
                "label": "不予受理",
                "url": "#",
                "allowed": True,
                "needs_reason": True,
                "tone": "danger",
            },
            {
                "code": "approve",
                "label": "审批",
                "allowed": False,
                "refusal": "您是本件的受理人，受理和审批须由不同人员办理。",
            },
        ],
        "states": [
            {"label": "企业申报", "status": "done", "at": dt.date(2024, 9, 3)},
            {"label": "县区核对", "status": "done", "at": dt.date(2024, 9, 10)},
            {"label": "市局受理", "status": "current", "note": "还剩 3 个工作日"},
            {"label": "专家评审", "status": "todo"},
            {"label": "公示", "status": "todo", "note": "5 个工作日"},
            {"label": "认定", "status": "todo"},
        ],
        "todos": [
            {
                "title": f"{LONG}高新技术企业认定",
                "url": "/r/GQ-2024-0001",
                "number": "GQ-2024-0001",
                "unit": "金安区",
                "step": "受理",
                "due_on": dt.date(2024, 9, 11),
                "days_left": -1,
            },
            {
                "title": "大别山道地中药材全产业链关键技术",
                "url": "/r/XM-2024-0031",
                "number": "XM-2024-0031",
                "unit": "金寨县",
                "step": "组织评审",
                "due_on": dt.date(2024, 9, 13),
                "days_left": 1,
            },
            {
                "title": "9月份重点工作进展",
                "url": "#",
                "unit": "霍山县",
                "step": "核对",
                "due_on": dt.date(2024, 9, 30),
                "days_left": 12,
            },
        ],
        "job": {
            "title": "核对上传的研发项目备案表",
            "percent": 62,
            "done": 796,
            "total": 1283,
            "message": "正在核对统一社会信用代码",
            "state": "running",
            "poll_url": "/progress.html",
        },
        "job_done": {
            "title": "生成9月份通报",
            "percent": 100,
            "done": 8,
            "total": 8,
            "message": "用时 2 秒",
            "state": "done",
            "result_url": "#",
            "result_label": "下载通报",
        },
        "problems": [
            {
                "row": 14,
                "column": "统一社会信用代码",
                "value": "91341500MA2NQK7X1",
                "sentence": "应为 18 位，这里是 17 位；末位是校验码，请从营业执照复制。",
            },
            {"row": 208, "column": "研发费用（万元）", "value": "约120万", "sentence": "应填数字，不带单位和“约”字。"},
            {
                "row": 1044,
                "column": "所属县区",
                "value": "",
                "sentence": "必填；可填：金安区、裕安区、叶集区、霍邱县、舒城县、金寨县、霍山县、市开发区。",
            },
        ],
        "groups": [
            {
                "title": "企业",
                "icon": "building",
                "total": 128,
                "more_url": "#",
                "items": [
                    {
                        "title": LONG,
                        "number": "91341500MA2NQK7X1R",
                        "url": "#",
                        "summary": "金安区 · 先进制造与自动化",
                        "tag": "高新技术企业",
                        "tone": "blue",
                    },
                    {
                        "title": "安徽智能感知科技有限公司",
                        "number": "91341502MA8PT4DE2C",
                        "url": "#",
                        "summary": "裕安区",
                    },
                ],
            },
            {
                "title": "目标任务",
                "icon": "target-arrow",
                "total": 2,
                "items": [
                    {
                        "title": "全年开展人工智能应用场景对接活动5次左右",
                        "url": "#",
                        "summary": "人工智能产业引育 · 责任科室：高新技术科",
                        "tag": "滞后",
                        "tone": "red",
                    }
                ],
            },
        ],
    }


def shell() -> dict:
    return {
        "menu": [
            {
                "title": "",
                "items": [
                    {"label": "工作台", "url": "#", "icon": "layout-dashboard", "active": True},
                    {"label": "待办事项", "url": "#", "icon": "list-check", "count": 12},
                ],
            },
            {
                "title": "目标任务",
                "items": [
                    {"label": "工作要点", "url": "#", "icon": "target-arrow"},
                    {"label": "赛马考评", "url": "#", "icon": "trophy"},
                    {"label": "督办", "url": "#", "icon": "flag", "count": 3},
                ],
            },
            {
                "title": "名册",
                "items": [
                    {"label": "科技企业", "url": "#", "icon": "building"},
                    {"label": "创新平台", "url": "#", "icon": "flask"},
                    {"label": "大型仪器", "url": "#", "icon": "microscope"},
                    {"label": "专家", "url": "#", "icon": "users"},
                    {"label": "科技特派员", "url": "#", "icon": "plant-2"},
                ],
            },
            {
                "title": "办件",
                "items": [
                    {"label": "科技计划项目", "url": "#", "icon": "clipboard-list", "count": 128},
                    {"label": "技术合同", "url": "#", "icon": "contract"},
                    {"label": "揭榜挂帅", "url": "#", "icon": "bulb"},
                    {"label": "科研诚信", "url": "#", "icon": "scale"},
                    {"label": "外国人来华工作许可", "url": "#", "icon": "world"},
                ],
            },
            {
                "title": "系统",
                "items": [
                    {"label": "账号与授权", "url": "#", "icon": "shield-lock"},
                    {"label": "操作日志", "url": "#", "icon": "history"},
                ],
            },
        ],
        "account": {
            "name": "张建国",
            "unit": "市科学技术局高新技术科",
            "roles": ["业务科室经办", "诚信核查员"],
            "delegation": "代王某办理高企受理，至2024年9月20日",
        },
        "unread": 4,
        "todo_count": 128,
        "crumbs": [("工作台", "#"), ("目标任务", "#"), ("组件一览", "")],
        "page_title": "组件一览",
        "page_subtitle": "2024年9月 · 数据截至9月30日定格",
        "demo_mode": True,
        "version": "0.1.0",
        "site_unit": "六安市科学技术局",
    }
