"""The checks of 107-1 and of filing as pure functions, used alike by the page, the sheet and the export.

Columns are numbered as on the form: 5, 6 months of begin and end, 7 stage, 8, 9 people and person-months, 10, 11
internal spending and government money. Printed checks come from 国统字(2016)125号; those marked 系统校验 are ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

Amount = int | Decimal | Fraction
OPEN_END = "000000"
PRINTED, OWN = "107-1 表审核关系", "系统校验"
_MONTH = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Line:
    """One project in one statistical year. None: not known yet. `stages`: codes the year's edition has, {} unknown."""

    year: int
    starts: str
    ends: str = ""
    stage: str = ""
    staff: int | None = None
    person_months: Amount | None = None
    spend: Amount | None = None
    government: Amount | None = None
    form: str = "self"
    contract: str = ""
    stages: Mapping[str, str] | None = None

    @property
    def open_end(self) -> bool:
        return self.ends in ("", OPEN_END)

    @property
    def dated(self) -> bool:
        return bool(_MONTH.fullmatch(self.starts)) and (self.open_end or bool(_MONTH.fullmatch(self.ends)))

    @property
    def crosses_years(self) -> bool:
        """Begun before the year or lasting beyond it; an open end alone does not say so."""
        return self.starts <= f"{self.year - 1}12" or (not self.open_end and self.ends >= f"{self.year + 1}01")


@dataclass(frozen=True)
class Finding:
    """What is wrong: the form's field it stands at, the columns of 107-1, the sentence, and whose check it is."""

    field: str
    columns: str
    sentence: str
    cites: str


Test = Callable[[Line], str]


@dataclass(frozen=True)
class Check:
    """One check. `only_at_year_end`: it needs the whole year's figures, which nobody has in spring."""

    field: str
    columns: str
    test: Test
    cites: str = PRINTED
    only_at_year_end: bool = False


def months_written(line: Line) -> str:
    if not _MONTH.fullmatch(line.starts):
        return f"起始年月“{line.starts}”不是六位年月，应写成 202403 这样"
    if not line.open_end and not _MONTH.fullmatch(line.ends):
        return f"完成年月“{line.ends}”不是六位年月，应写成 202512 这样；未定的留空"
    return ""


def in_order(line: Line) -> str:
    if line.dated and not line.open_end and line.starts > line.ends:
        return f"起始年月 {line.starts} 晚于完成年月 {line.ends}，请核对"
    return ""


def begun(line: Line) -> str:
    if line.dated and line.starts > f"{line.year}12":
        return f"项目 {line.starts} 才开始，不属于 {line.year} 年度，请核对年度或起始年月"
    return ""


def not_over(line: Line) -> str:
    if line.dated and not line.open_end and line.ends < f"{line.year}01":
        return f"项目 {line.ends} 已经完成，不属于 {line.year} 年度，请核对年度或完成年月"
    return ""


def stage_only_across_years(line: Line) -> str:
    if not line.dated:
        return ""
    if line.crosses_years and not line.stage:
        return f"项目跨 {line.year} 年度，应填主要进展阶段"
    if line.stage and not line.crosses_years:
        return f"项目在 {line.year} 年内开始并完成（或完成时间未定），不是跨年项目，不填进展阶段"
    return ""


def stage_known(line: Line) -> str:
    if line.stage and line.stages and line.stage not in line.stages:
        return f"{line.year} 年度的代码表里没有进展阶段“{line.stage}”"
    return ""


def time_within_staff(line: Line) -> str:
    if line.staff is None or line.person_months is None:
        return ""
    most = line.staff * 12
    if line.person_months > most:
        return f"实际工作时间 {line.person_months} 人月超过 {line.staff} 人 × 12 个月 = {most} 人月，请核对"
    return ""


def people_have_time(line: Line) -> str:
    if line.staff == 0 and line.person_months:
        return "参加项目人员为 0，却有实际工作时间，请核对"
    if line.staff and line.person_months == 0:
        return f"有 {line.staff} 人参加项目，实际工作时间却为 0，请核对"
    return ""


def government_within_spend(line: Line) -> str:
    if line.spend is None or line.government is None:
        return ""
    if line.government > line.spend:
        return f"政府资金 {say(line.government)} 元大于项目经费内部支出 {say(line.spend)} 元，请核对"
    return ""


def contract_where_others_work(line: Line) -> str:
    if line.form in ("commissioned", "cooperative") and not line.contract:
        return "委托、合作研发应填技术合同登记编号；合同尚未登记的，请先办理登记"
    return ""


def spend_known(line: Line) -> str:
    return f"{line.year} 年度没有填研发支出，也没有填辅助账合计" if line.spend is None else ""


def staff_known(line: Line) -> str:
    if line.staff is None or line.person_months is None:
        return f"{line.year} 年度没有填参加项目人员或实际工作时间"
    return ""


def say(amount: Amount) -> str:
    """An amount for a sentence: 1,234.5."""
    exact = Fraction(amount)
    text = f"{Decimal(exact.numerator) / Decimal(exact.denominator):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


CHECKS: tuple[Check, ...] = (
    Check("starts", "5", months_written),
    Check("ends", "5≤6", in_order),
    Check("starts", "5≤本年12月", begun),
    Check("ends", "6≥本年1月", not_over),
    Check("stage_code", "7", stage_only_across_years),
    Check("stage_code", "7", stage_known, OWN),
    Check("person_months", "9≤12×8", time_within_staff, OWN),
    Check("person_months", "8、9", people_have_time, OWN),
    Check("government", "11≤10", government_within_spend, OWN, True),
    Check("contract_number", "—", contract_where_others_work, OWN, True),
    Check("staff", "8、9", staff_known, OWN, True),
    Check("spend", "10", spend_known, OWN, True),
)


def findings(line: Line, *, year_end: bool) -> Iterator[Finding]:
    """Everything wrong with a line, in the order of the form; `year_end` adds what only a finished year can answer."""
    for check in CHECKS:
        if check.only_at_year_end and not year_end:
            continue
        if sentence := check.test(line):
            yield Finding(check.field, check.columns, sentence, check.cites)


def line_of(project: Any, part: Any, spend: Amount | None, stages: Mapping[str, str] | None = None) -> Line:
    """A line from the records: a project, its year (or None) and what it spent inside in that year."""
    year = part.year if part else int(project.starts[:4] or 0)
    line = Line(year, project.starts, project.ends, form=project.form, contract=project.contract_number, stages=stages)
    if part is None:
        return line
    return replace(
        line,
        stage=part.stage_code,
        staff=part.staff,
        person_months=part.person_months,
        spend=spend,
        government=part.government,
    )


def filing_problems(project: Any) -> list[Finding]:
    """What keeps a project from being filed now."""
    from keji.modules.rnd.models import Code
    from keji.modules.rnd.models.codes import edition

    part = project.years.order_by("-year").first()
    if part is None:
        return [Finding("year", "—", "还没有填年度情况（人员、工作时间）", OWN)]
    return list(findings(line_of(project, part, None, edition(Code.List.STAGE, part.year)), year_end=False))
