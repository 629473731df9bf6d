"""The desks of R&D filing: projects, yearly statements, zeroing cases, monthly spending, code lists."""

from __future__ import annotations

from keji.desk.desk import Desk, Panel, register
from keji.modules.rnd import panels
from keji.modules.rnd.forms import CodeForm, ProjectForm, StatementForm
from keji.modules.rnd.models import Code, RndProject, RndStatement, SpendMonth, ZeroingCase
from keji.modules.rnd.services import codes, projects, statements


@register
class ProjectDesk(Desk):
    name, model, group, icon = "rnd-projects", RndProject, "研发备案", "flask"
    intro = "企业登记后报送，县区核对，市局备案；备案后的变更另存一版，差异逐项列出。"
    columns = ("name", "party", "form", "span", "budget", "region", "state")
    search = ("name", "number", "party__name", "party__uscc", "own_code", "contract_number")
    filters = ("region", "state", "form", "field")
    tones = {
        "draft": "gray",
        "filed": "blue",
        "returned": "amber",
        "checked": "blue",
        "noted": "green",
        "revising": "amber",
        "closed": "teal",
        "withdrawn": "gray",
    }
    facts = (
        ("项目", ("name", "party", "own_code", "form", "field", "decision", "budget", "span")),
        ("统计分类（107-1 表）", ("source_label", "cooperation_label", "result_label", "goal_label")),
        ("合同", ("contract_number", "partner")),
        (
            "备案",
            ("number", "region", "source", "version", "filed_on", "noted_on", "outcome", "accepted_on", "acceptance"),
        ),
    )
    panels = (
        Panel("研发支出", "rnd/panel_spend.html", panels.spend_panel),
        Panel("两种口径的研发费用", "rnd/panel_totals.html", panels.totals_panel),
        Panel("年度情况", "rnd/panel_years.html", panels.years_panel),
        Panel("设备清单", "rnd/panel_equipment.html", panels.equipment_panel),
        Panel("历次报送", "rnd/panel_versions.html", panels.versions_panel),
    )
    form = ProjectForm
    create, update = staticmethod(projects.create_projects), staticmethod(projects.correct_project)
    upload = True
    editable_in = ("draft", "returned", "revising")
    bulk = ("file", "check", "note")
    related = ("party", "region")
    empty = "还没有研发项目。可以逐个登记，也可以下载模板把全部项目填好后一次上传。"


@register
class StatementDesk(Desk):
    name, model, group, icon = "rnd-statements", RndStatement, "研发备案", "file-spreadsheet"
    intro = "按 107-2 表的内容，每家企业每年一份；由企业填报，或由统计部门数据导入。金额单位为元。"
    columns = ("party", "year", "revenue", "project_count", "rnd_expense", "institutes", "region", "state")
    search = ("party__name", "party__uscc", "number")
    filters = ("year", "region", "state")
    tones = {"reported": "blue", "returned": "amber", "confirmed": "green", "void": "gray"}
    facts = (
        ("登记", ("number", "party", "year", "region", "source", "reported_by", "confirmed_at")),
        *StatementForm.fieldsets[1:],
    )
    panels = (
        Panel("与备案项目核对", "rnd/panel_compare.html", panels.compare_panel),
        Panel("与一企一档核对", "rnd/panel_facts.html", panels.facts_panel),
    )
    form = StatementForm
    create, update = staticmethod(statements.report_statements), staticmethod(statements.correct_statement)
    upload = True
    editable_in = ("reported", "returned")
    bulk = ("confirm", "send_back")
    related = ("party", "region")
    empty = "还没有年度研发情况。可以逐家填报，也可以把统计部门提供的名单按模板整理后上传。"


@register
class ZeroingDesk(Desk):
    name, model, group, icon = "rnd-cases", ZeroingCase, "", "target-arrow"
    intro = "上年营业收入达到标准的规上制造业企业中，没有研发活动或研发机构的；每天按最新记录更新。"
    columns = ("party", "reason", "revenue", "officer", "due_on", "region", "state")
    search = ("party__name", "party__uscc", "number", "officer__name")
    filters = ("region", "reason", "state", "open", "newly")
    tones = {"open": "red", "assigned": "amber", "claimed": "blue", "cleared": "green", "left": "gray"}
    facts = (
        ("企业", ("party", "region", "revenue", "newly", "open")),
        ("未清零情况", ("reason", "basis", "entered_on", "seen")),
        ("办理", ("number", "officer", "due_on", "evidence", "evidence_number", "evidence_note", "settled_on")),
    )
    panels = (
        Panel("走访记录", "rnd/panel_visits.html", panels.visits_panel),
        Panel("已有的备案和年度数据", "rnd/panel_known.html", panels.known_panel),
    )
    related = ("party", "region", "officer")
    bulk = ("confirm",)
    empty = "清单是空的：范围内的企业都有研发活动和研发机构，已经清零。"


@register
class SpendDesk(Desk):
    name, model, group, icon = "rnd-spend", SpendMonth, "", "receipt"
    intro = "各项目逐月的研发支出；在“我的研发项目”里逐月填，或用“上传支出表”一次导入。"
    columns = ("project", "year", "month", "total", "source", "updated_by", "updated_at")
    search = ("project__name", "project__number", "project__party__name", "project__party__uscc")
    filters = ("year", "month", "project__region")
    facts = (
        ("支出", ("project", "year", "month", "total")),
        (
            "八项费用",
            (
                *("staff_cost", "direct_cost", "depreciation", "building_depreciation", "amortisation", "design_cost"),
                *("trial_cost", "commissioned_home", "commissioned_abroad", "other_cost"),
            ),
        ),
        ("来源", ("source", "updated_by", "updated_at")),
    )
    related = ("project", "project__party")
    attachments = False
    empty = "还没有填过支出。请到“我的研发项目”逐月填报，或上传支出表。"


@register
class CodeDesk(Desk):
    name, model, group, icon = "rnd-codes", Code, "系统", "table"
    intro = "107-1 表的代码各年不同：新的一版整版录入，写明自哪个统计年度起；以前年度仍用以前的代码。"
    columns = ("list", "from_year", "code", "label", "cites", "certain")
    search = ("code", "label")
    filters = ("list", "from_year", "certain")
    form = CodeForm
    create, update = staticmethod(codes.add_codes), staticmethod(codes.correct_code)
    upload = True
    newest_first = False
    attachments = False
