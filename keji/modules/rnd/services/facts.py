"""A yearly statement and the firm's file: each is told what the other one knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from keji.kernel.facts.models import FactFile, Origin
from keji.kernel.facts.services import Said, state_facts
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import Refused
from keji.kernel.records.models import Source
from keji.lib.figures import to_decimal
from keji.lib.rules import vocabulary
from keji.modules.rnd.models import RndStatement

#: A fact of the file → the column of the statement that says the same by the same caliber.
COLUMNS: Mapping[str, str] = {
    "revenue": "revenue",
    "main_revenue": "main_revenue",
    "rd_staff_cost": "staff_cost",
    "rd_materials": "direct_cost",
    "rd_depreciation": "depreciation",
    "rd_building_depreciation": "building_depreciation",
    "rd_amortisation": "amortisation",
    "rd_design": "design_cost",
    "rd_commissioning": "trial_cost",
    "rd_outsourced": "commissioned_home",
    "rd_outsourced_abroad": "commissioned_abroad",
    "rd_other": "other_cost",
}
ORIGINS = {Source.PARTY: Origin.PARTY, Source.COUNTY: Origin.COUNTY, Source.BUREAU: Origin.BUREAU}


def said_by(statement: RndStatement) -> dict[str, int]:
    """{fact: whole 元, rounded half up} of what the statement says and the file has a place for."""
    known = vocabulary.facts()
    values = {name: getattr(statement, column) for name, column in COLUMNS.items() if name in known}
    return {name: int(to_decimal(value, 0)) for name, value in values.items() if value is not None}


def on_file(party: Any, year: int) -> dict[str, int]:
    """What the firm's file knows of a year; {} where there is none."""
    row = FactFile.objects.filter(party=party, year=year).first()
    return dict(row.values) if row else {}


def offered(party: Any, year: int) -> dict[str, int]:
    """{column of the statement: 元} from the file, for a form that asks only for the rest."""
    known = on_file(party, year)
    return {column: known[name] for name, column in COLUMNS.items() if name in known}


def put_on_file(statement: RndStatement, *, actor: Actor, at: datetime) -> int:
    """State a confirmed statement's figures in the firm's file, with its number as evidence. → how many were new.

    Sources that differ stay side by side there until somebody settles them.
    """
    if statement.state != RndStatement.State.CONFIRMED:
        raise Refused("只有已确认的年度研发情况才能写入一企一档")
    origin = ORIGINS.get(Source(statement.source), Origin.STATISTICS)
    evidence = f"年度研发情况 {statement.number}"
    said = [Said(statement.party, name, value, statement.year, evidence) for name, value in said_by(statement).items()]
    if not said:
        raise Refused("这份年度研发情况里没有可以写入一企一档的数")
    return state_facts(said, actor=actor, at=at, origin=origin)
