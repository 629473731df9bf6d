"""Desks over kernel records that belong to no module: filed figures, dated numbers, the regulation shelf."""

from __future__ import annotations

from keji.desk.desk import Desk, Panel, register
from keji.kernel.indicators import services as figures
from keji.kernel.indicators.models import ReportedFigure
from keji.kernel.rules import services as rules
from keji.kernel.rules.models import ParameterValue, Regulation
from keji.modules.enterprises import api as enterprises
from keji.site.data_forms import ParameterForm, RegulationForm, ReportedFigureForm


@register
class ReportedFigureDesk(Desk):
    name, model, group, icon = "figures", ReportedFigure, "数据", "chart-line"
    intro = "本系统没有明细记录的指标：填数值、口径和数据来源，附上发布文件作佐证，由另一人确认。"
    columns = ("indicator_name", "period", "region", "value", "reported_rate", "owner", "state")
    search = ("number", "owner", "caliber")
    filters = ("region", "state", "period")
    tones = {"draft": "gray", "sent": "blue", "returned": "amber", "confirmed": "green"}
    facts = (
        ("数值", ("indicator_name", "period", "region", "value", "base_value", "reported_rate")),
        ("来源", ("caliber", "owner", "source", "number", "created_by", "created_at")),
    )
    form = ReportedFigureForm
    create = staticmethod(figures.report_figures)
    update = staticmethod(figures.correct_figure)
    upload = True
    editable_in = ("draft", "returned")
    bulk = ("send", "confirm")
    related = ("region", "created_by")


@register
class ParameterDesk(Desk):
    name, model, group, icon = "parameters", ParameterValue, "系统", "adjustments"
    intro = "规则里的数字：按生效日期分版，一人提出、另一人批准。"
    columns = ("label", "value", "unit", "from_on", "cites", "certain", "state")
    search = ("name", "label", "cites")
    filters = ("state", "certain")
    tones = {"proposed": "amber", "in_force": "green", "withdrawn": "gray"}
    facts = (("参数", ("label", "name", "value", "unit", "from_on", "cites", "certain", "proposed_by")),)
    panels = (Panel("影响", "enterprises/rules/rehearsal_panel.html", enterprises.rehearsal_panel),)
    form = ParameterForm
    create, update = staticmethod(rules.propose_parameters), staticmethod(rules.correct_parameter)
    editable_in = ("proposed",)
    related = ("proposed_by",)
    newest_first = True


@register
class RegulationDesk(Desk):
    name, model, group, icon = "regulations", Regulation, "系统", "book"
    intro = "规则和数字所依据的文件；没有核对原文的标为“否”，相应页面写明待核。"
    columns = ("title", "number", "issuer", "from_on", "until_on", "checked")
    search = ("number", "title", "issuer")
    filters = ("checked",)
    facts = (("文件", ("title", "number", "issuer", "issued_on", "from_on", "until_on", "checked", "note")),)
    form = RegulationForm
    create, update = staticmethod(rules.shelve), staticmethod(rules.correct_regulation)
