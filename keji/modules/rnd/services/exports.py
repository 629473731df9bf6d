"""Sheets as the statistics bureau and the tax office know them: 107-1, 107-2, the ledger's summary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from keji.kernel.audit.unchanged import while_unchanged
from keji.kernel.people.roles import Actor
from keji.lib import sheet
from keji.lib.figures import to_decimal
from keji.lib.rnd_items import LABELS, NAMES, CostItems, Counting, add, deductible, round_together
from keji.modules.rnd.checks import findings, line_of
from keji.modules.rnd.models import Code, ProjectYear, RndProject, RndStatement
from keji.modules.rnd.models.codes import edition, uncertain
from keji.modules.rnd.models.statement import STATEMENT_COLUMNS
from keji.modules.rnd.services.totals import counting, items_by_project, spent_by_project

THOUSAND = 1000
REMAINDER = (
    "金额单位：千元。各企业先把全部项目合计四舍五入到千元，"
    "再把余数按小数部分从大到小逐一分给各项目，因此各行之和等于合计。"
)
UNSURE = "栏目和代码来自已取得的表式，现行表式待统计部门核对（待核）。"


def projects_of(actor: Actor, year: int, party: int | None = None) -> list[RndProject]:
    """Filed projects running in a year that the actor may read, firm by firm."""
    rows = RndProject.objects.visible_to(actor).filter(pk__in=RndProject.objects.filed().running_in(year).values("pk"))
    rows = rows.filter(party_id=party) if party else rows
    return list(rows.select_related("party", "region").order_by("region__order", "party_id", "pk"))


def project_keys(actor: Actor, year: int) -> tuple[int, ...]:
    """The keys of the same, in the same order."""
    rows = RndProject.objects.filed().running_in(year).visible_to(actor)
    return tuple(rows.order_by("region__order", "party_id", "pk").values_list("pk", flat=True))


@while_unchanged(16)
def open_checks(keys: tuple[int, ...], year: int) -> Mapping[int, list[str]]:
    """{project: the sentences of every check it fails}, remembered while nothing changes."""
    found: dict[int, list[str]] = {}
    for start in range(0, len(keys), 500):
        found |= problem_lines(list(RndProject.objects.filter(pk__in=keys[start : start + 500])), year)
    return {key: found[key] for key in keys if key in found}


def problem_lines(projects: Sequence[RndProject], year: int) -> dict[int, list[str]]:
    """{project: the sentences of every check it fails} at the year's end."""
    parts = {p.project_id: p for p in ProjectYear.objects.filter(project__in=[p.pk for p in projects], year=year)}
    spent, stages = spent_by_project(projects, year), edition(Code.List.STAGE, year)
    found = {}
    for project in projects:
        part = parts.get(project.pk) or ProjectYear(project=project, year=year)
        line = line_of(project, part, spent[project.pk][0], stages)
        if said := [f"{f.sentence}（栏{f.columns}）" for f in findings(line, year_end=True)]:
            found[project.pk] = said
    return found


def form_107_1(actor: Actor, year: int, party: int | None = None) -> tuple[bytes, int]:
    """One row a project in the columns of 107-1, with a 校验 column; returns (workbook, rows)."""
    projects = projects_of(actor, year, party)
    heads = edition(Code.List.HEADING, year)
    parts = {p.project_id: p for p in ProjectYear.objects.filter(project__in=[p.pk for p in projects], year=year)}
    problems, thousands = problem_lines(projects, year), _thousands(projects, parts, year)
    codes, rows = Codes(year), []
    for serial, project in enumerate(projects, start=1):
        part = parts.get(project.pk) or ProjectYear(project=project, year=year)
        inside, government = thousands[project.pk]
        rows.append(
            {
                "firm": project.party.name,
                "uscc": project.party.uscc,
                "serial": serial,
                "name": project.name,
                **{
                    f"c{i}": codes.code(project, n)
                    for i, n in enumerate(("source", "cooperation", "result", "goal"), 1)
                },
                "c5": project.starts,
                "c6": project.ends or "000000",
                "c7": part.stage_code,
                "c8": part.staff,
                "c9": part.person_months,
                "c10": inside,
                "c11": government,
                "problems": "；".join(problems.get(project.pk, [])),
            }
        )
    notes = [
        f"{year}年度。{REMAINDER}",
        "经费取自逐月支出；没有逐月填报的取辅助账全年合计。委托外单位的支出不在内部支出内。",
    ]
    if uncertain(Code.List.HEADING, year) or uncertain(Code.List.SOURCE, year):
        notes.append(UNSURE)
    return sheet.write(_columns_107_1(heads), rows, title=f"企业研究开发项目情况（107-1表）{year}年", notes=notes), len(
        rows
    )


def _columns_107_1(heads: Any) -> list[sheet.Column]:
    kinds = {"8": "integer", "9": "decimal", "10": "integer", "11": "integer"}
    units = {"8": "人", "9": "人月", "10": "千元", "11": "千元"}
    numbered = [
        sheet.Column(f"c{n}", f"{n} {heads.get(n, '')}".strip(), kinds.get(n, "code"), unit=units.get(n, ""), places=1)
        for n in map(str, range(1, 12))
    ]
    front = [
        sheet.Column("firm", "企业"),
        sheet.Column("uscc", "统一社会信用代码", "code"),
        sheet.Column("serial", "甲 序号", "integer"),
        sheet.Column("name", "乙 项目名称"),
    ]
    return [*front, *numbered, sheet.Column("problems", "校验")]


class Codes:
    """Codes as a year's edition writes them; each list is asked for once."""

    def __init__(self, year: int) -> None:
        self.year = year
        self._known: dict[tuple[str, int], Mapping[str, str]] = {}

    def of(self, name: str, year: int) -> Mapping[str, str]:
        if (name, year) not in self._known:
            self._known[name, year] = edition(name, year)
        return self._known[name, year]

    def code(self, project: RndProject, name: str) -> str:
        """A project's code in this year's edition; blank where it has no such entry: left open, not guessed."""
        code: str = getattr(project, f"{name}_code")
        then, now = self.of(name, int(project.starts[:4])), self.of(name, self.year)
        if then.get(code, now.get(code)) == now.get(code):
            return code if code in now else ""
        return next((c for c, label in now.items() if label == then.get(code)), "")


def _thousands(
    projects: Sequence[RndProject], parts: dict[int, ProjectYear], year: int
) -> dict[int, tuple[int | None, int | None]]:
    """{project: (spent inside, government money) in 千元}, rounded together within each firm."""
    spent = spent_by_project(projects, year)
    by_firm: dict[int, list[RndProject]] = {}
    for project in projects:
        by_firm.setdefault(project.party_id, []).append(project)
    found: dict[int, tuple[int | None, int | None]] = {}
    for own in by_firm.values():
        inside = _rounded({p.pk: spent[p.pk][0] for p in own})
        government = _rounded({p.pk: parts[p.pk].government if p.pk in parts else None for p in own})
        found |= {p.pk: (inside[p.pk], government[p.pk]) for p in own}
    return found


def _rounded(amounts: dict[int, Any]) -> dict[int, int | None]:
    known = {key: value for key, value in amounts.items() if value is not None}
    parts = dict(zip(known, round_together(list(known.values()), THOUSAND), strict=True))
    return {key: parts.get(key) for key in amounts}


def form_107_2(actor: Actor, year: int, party: int | None = None) -> tuple[bytes, int]:
    """One row a firm: its statement in the shape of 107-2, money in 千元 rounded half up."""
    rows = RndStatement.objects.visible_to(actor).filter(year=year).exclude(state="void")
    rows = rows.filter(party_id=party) if party else rows
    columns = [
        sheet.Column("firm", "企业"),
        sheet.Column("uscc", "统一社会信用代码", "code"),
        sheet.Column("state", "状态"),
    ]
    money = set()
    for name in STATEMENT_COLUMNS:
        field: Any = RndStatement._meta.get_field(name)
        label = str(field.verbose_name)
        if field.get_internal_type() == "DecimalField":
            money.add(name)
            columns.append(sheet.Column(name, label.removesuffix("（元）"), "integer", unit="千元"))
        else:
            kind = {"BooleanField": "yes_no", "CharField": "code"}.get(field.get_internal_type(), "integer")
            columns.append(sheet.Column(name, label, kind))
    lines = []
    for record in rows.select_related("party").order_by("region__order", "party_id"):
        line: dict[str, Any] = {
            "firm": record.party.name,
            "uscc": record.party.uscc,
            "state": record.get_state_display(),
        }
        for name in STATEMENT_COLUMNS:
            value = getattr(record, name)
            line[name] = (
                int(to_decimal(Fraction(value) / THOUSAND, 0)) if name in money and value is not None else value
            )
        lines.append(line)
    notes = [f"{year}年度。金额单位：千元，逐格四舍五入；平台内以元保存。", UNSURE]
    return sheet.write(columns, lines, title=f"企业研究开发活动及相关情况（107-2表）{year}年", notes=notes), len(lines)


def ledger_summary(actor: Actor, year: int, party: int | None = None) -> tuple[bytes, int]:
    """The summary of the auxiliary ledgers in the order of its 2021 form: one row a project, a total row a firm."""
    projects = projects_of(actor, year, party)
    items, by = items_by_project([p.pk for p in projects], year), counting(year)
    columns = [
        sheet.Column("uscc", "统一社会信用代码", "code"),
        sheet.Column("firm", "企业"),
        sheet.Column("code", "项目编号", "code"),
        sheet.Column("name", "项目名称"),
        sheet.Column("done", "完成情况"),
        *(sheet.Column(n, LABELS[n], "decimal", unit="元") for n in NAMES),
        sheet.Column("building", "其中：建筑物折旧", "decimal", unit="元"),
        sheet.Column("spent", "支出合计", "decimal", unit="元"),
        sheet.Column("five", "允许加计扣除的五项费用", "decimal", unit="元"),
        sheet.Column("other", "其他相关费用限额内", "decimal", unit="元"),
        sheet.Column("total", "允许加计扣除合计", "decimal", unit="元"),
    ]
    lines: list[dict[str, Any]] = []
    for own in _by_firm(projects):
        for project in own:
            if project.pk in items:
                lines.append(_ledger_line(project, items[project.pk], by))
        known = [items[p.pk] for p in own if p.pk in items]
        if known:
            lines.append(_firm_line(own[0], known, by))
    notes = [
        f"{year}年度，按辅助账汇总表（2021版）的项目顺序。其他相关费用限额按企业全部项目统一计算，只在“全部项目”行计算；"
        "委托研发的折算和委托境外的上限也在该行计算。" + _said(by, year),
        "金额由精确数四舍五入到分；资本化支出请按账面另列。",
    ]
    return sheet.write(columns, lines, title=f"研发支出辅助账汇总表 {year}年", notes=notes), len(lines)


def _said(by: Counting | None, year: int) -> str:
    """The numbers the last columns rest on, in the words of the pages."""
    if by is None:
        return f"{year}年度没有登记研发费用归集的规则参数，后四栏留空。"
    return "所用数值：" + "；".join(label for label, _ in deductible(CostItems(), by).lines[1:]) + "（待核）。"


def _by_firm(projects: Iterable[RndProject]) -> list[list[RndProject]]:
    found: dict[int, list[RndProject]] = {}
    for project in projects:
        found.setdefault(project.party_id, []).append(project)
    return list(found.values())


def _amounts(items: CostItems) -> dict[str, Any]:
    found: dict[str, Any] = {name: _cents(getattr(items, name)) for name in NAMES}
    return found | {"building": _cents(items.building_depreciation), "spent": _cents(items.spent)}


def _ledger_line(project: RndProject, items: CostItems, by: Counting | None) -> dict[str, Any]:
    return {
        "uscc": project.party.uscc,
        "firm": project.party.name,
        "code": project.own_code or project.number,
        "name": project.name,
        "done": "已完成" if project.state == RndProject.State.CLOSED else "未完成",
        **_amounts(items),
        "five": _cents(deductible(items, by).lines[0][1]) if by else None,
    }


def _firm_line(first: RndProject, known: list[CostItems], by: Counting | None) -> dict[str, Any]:
    items = add(known)
    front = {"uscc": first.party.uscc, "firm": first.party.name, "name": f"全部项目（{len(known)} 项）"}
    line = front | _amounts(items)
    if by is None:
        return line
    total = deductible(items, by)
    return {
        **line,
        "five": _cents(total.lines[0][1]),
        "other": _cents(total.lines[1][1]),
        "total": _cents(total.total),
    }


def _cents(value: Any) -> Decimal:
    return to_decimal(Fraction(value), 2)


FORMS = {"107-1": form_107_1, "107-2": form_107_2, "ledger": ledger_summary}
TITLES = {"107-1": "107-1表", "107-2": "107-2表", "ledger": "辅助账汇总表"}
