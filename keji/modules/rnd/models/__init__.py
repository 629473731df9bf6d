"""Records of this module: codes by edition, projects with their years and months, yearly statements, zeroing cases."""

from keji.modules.rnd.models.codes import Code
from keji.modules.rnd.models.project import Equipment, ProjectVersion, ProjectYear, RndProject, SpendMonth
from keji.modules.rnd.models.statement import RndStatement
from keji.modules.rnd.models.zeroing import Visit, ZeroingCase

__all__ = [
    "Code",
    "Equipment",
    "ProjectVersion",
    "ProjectYear",
    "RndProject",
    "RndStatement",
    "SpendMonth",
    "Visit",
    "ZeroingCase",
]
