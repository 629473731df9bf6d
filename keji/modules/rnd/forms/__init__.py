"""Cleaning of what people enter, the same for a page and for a sheet."""

from keji.modules.rnd.forms.cases import CodeForm, VisitForm
from keji.modules.rnd.forms.projects import EquipmentForm, MonthForm, ProjectForm, YearForm
from keji.modules.rnd.forms.statements import StatementForm

__all__ = ["CodeForm", "EquipmentForm", "MonthForm", "ProjectForm", "StatementForm", "VisitForm", "YearForm"]
