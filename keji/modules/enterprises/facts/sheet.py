"""One workbook for the facts of thousands of firms: a line a firm and year, a column a fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from keji.desk.forms import Lookup
from keji.kernel.facts.models import STANDING, FactFile
from keji.kernel.facts.services import Said
from keji.kernel.parties.models import Party, PartyName
from keji.kernel.people.roles import Actor
from keji.lib import sheet
from keji.lib.codes import check_uscc, clean_uscc
from keji.lib.rules import vocabulary
from keji.lib.rules.vocabulary import Fact, Kind
from keji.modules.enterprises.facts.asking import every_fact, keys_for
from keji.modules.enterprises.facts.declared import EXPERTS
from keji.modules.enterprises.facts.form import MOST_EVIDENCE, UNITS
from keji.modules.enterprises.facts.plausible import NOTE, QUESTION, doubts
from keji.modules.enterprises.firms.duplicates import normal_name

CODE, NAME, YEAR, EVIDENCE = "uscc", "party_name", "year", "evidence"
FIRST_YEAR = 2008
LIMITS = sheet.Limits(file_bytes=40 * 2**20, rows=60_000)
MANY = 500
Report = Callable[[int, int, str], None]


def columns(unit: str, purpose: str, on: date) -> list[sheet.Column]:
    """The columns of the template: who, which year, then the facts asked for, money in `unit`."""
    head = [
        sheet.Column(CODE, "统一社会信用代码", "code", required=True, help="18 位；全角、小写和空格会自动整理"),
        sheet.Column(NAME, "单位名称", help="可不填；填了会与名册核对，防止代码抄错"),
        sheet.Column(YEAR, "年度", "integer", unit="年", help="分年度的资料所属的会计年度，一家企业每年一行"),
    ]
    names = dict.fromkeys(name for name, _ in (keys_for(purpose, on) if purpose else every_fact()))
    wanted = [vocabulary.fact(n) for n in names if vocabulary.fact(n).group != EXPERTS]
    ordered = sorted(wanted, key=lambda f: not f.annual)  # what belongs to a year first; the sort keeps the groups
    return [*head, *(_column(f, unit) for f in ordered), sheet.Column(EVIDENCE, "依据", help="如：2023年度审计报告")]


def _column(fact: Fact, unit: str) -> sheet.Column:
    kinds = {Kind.MONEY: "decimal", Kind.NUMBER: "decimal", Kind.YES_NO: "yes_no", Kind.CHOICE: "choice"}
    kind = "date" if fact.kind is Kind.DATE else kinds.get(fact.kind, "integer")
    choices = [(str(k), v) for k, v in fact.choices.items()]
    told = fact.help if fact.annual else f"{fact.help}不分年度，填在任意一行即可。"
    shown = unit if fact.kind is Kind.MONEY else "" if kind in ("yes_no", "choice", "date") else fact.unit
    places = {"元": 0, "千元": 3, "万元": 4}[unit] if fact.kind is Kind.MONEY else fact.places
    return sheet.Column(fact.name, fact.label, kind, choices=choices, help=told, unit=shown, places=places)


@dataclass
class Checked:
    """A sheet gone through: what it states, and what is wrong with it by Excel row."""

    said: list[Said] = field(default_factory=list)
    problems: dict[int, list[sheet.Problem]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    firms: set[int] = field(default_factory=set)


class Checker:
    """Goes through a sheet once; asks the database about all firms at once."""

    def __init__(self, read: sheet.Sheet, *, actor: Actor, unit: str, accepted: str, on: date) -> None:
        self.read, self.unit, self.accepted, self.on = read, unit, accepted.strip(), on
        self.found = Checked(problems=read.problems_by_row(), notes=list(read.notes))
        self.lookup = Lookup(actor)
        self.facts = [vocabulary.fact(n) for n in read.positions if n in vocabulary.facts()]
        self.rows: dict[int, dict[tuple[str, int], tuple[int, int]]] = defaultdict(dict)  # firm → place → value, row
        self.parties: dict[int, Party] = {}
        self.lines: dict[tuple[int, int], int] = {}
        self.odd = 0

    def check(self, report: Report) -> Checked:
        total = len(self.read.rows)
        self.lookup.load(str(r.values.get(CODE) or "") for r in self.read.rows)
        self.former = self._former_names()
        for done, line in enumerate(self.read.rows):
            if done % 500 == 0:
                report(done, total, "正在核对……")
            if line.number not in self.found.problems:
                self._line(line)
        self._weigh()
        if self.odd and not self.accepted:
            self.found.notes.append(
                "有数相差悬殊的地方：填错了请改正；确实如此请在上传页写明原因后再传，原因会随资料留存。"
            )
        for listed in self.found.problems.values():
            listed.sort(key=lambda p: (len(p.address), p.address))
        return self.found

    def _wrong(self, number: int, name: str, sentence: str) -> None:
        self.found.problems.setdefault(number, []).append(self.read.problem(number, name, sentence))

    def _former_names(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        for some in _slices([p.pk for p in self.lookup._parties.values() if p]):
            for pk, name in PartyName.objects.filter(party__in=some).values_list("party_id", "name"):
                found[pk].add(normal_name(name))
        return found

    def _line(self, line: sheet.Row) -> None:
        party = self._party(line)
        if party is None:
            return
        year, number = line.values.get(YEAR), line.number
        annual = [f for f in self.facts if f.annual and line.values.get(f.name) is not None]
        if annual and not self._year_fits(number, year):
            return
        if annual:
            first = self.lines.setdefault((party.pk, int(str(year))), number)
            if first != number:
                self._wrong(number, YEAR, f"与第 {first} 行是同一家企业的同一年度，请合并成一行")
                return
        evidence = str(line.values.get(EVIDENCE) or "")
        if self.accepted:
            evidence = f"{evidence}；说明：{self.accepted}".lstrip("；")
        if len(evidence) > MOST_EVIDENCE:
            what = "依据和上传时写的说明合计" if self.accepted else "依据"
            self._wrong(number, EVIDENCE, f"{what}最多 {MOST_EVIDENCE} 字，现有 {len(evidence)} 字，请缩短")
            return
        for fact in self.facts:
            if (value := self._value(fact, line)) is not None:
                self._take(party, fact, int(str(year)) if fact.annual else STANDING, value, number, evidence)

    def _party(self, line: sheet.Row) -> Party | None:
        code = clean_uscc(str(line.values.get(CODE) or ""))
        if wrong := check_uscc(code):
            self._wrong(line.number, CODE, wrong)
            return None
        party = self.lookup.party(code)
        if party is None:
            self._wrong(line.number, CODE, f"没有代码为 {code} 的单位，请先在“单位”中建档")
            return None
        if problem := self.lookup.reach_problem(party):
            self._wrong(line.number, CODE, problem)
            return None
        name = str(line.values.get(NAME) or "")
        known = {normal_name(party.name), *self.former[party.pk]}
        if name and normal_name(name) not in known and party.uscc == code:
            self._wrong(line.number, NAME, f"名册中这个代码是“{party.name}”，请核对代码；改了名的请先在名册中改名")
            return None
        self.parties[party.pk] = party
        return party

    def _year_fits(self, number: int, year: object) -> bool:
        if year is None:
            self._wrong(number, YEAR, "填了分年度的资料，请写明年度")
        elif not FIRST_YEAR <= int(str(year)) <= self.on.year:
            self._wrong(number, YEAR, f"年度 {year} 不合情理，应在 {FIRST_YEAR} 到 {self.on.year} 之间")
        else:
            return True
        return False

    def _value(self, fact: Fact, line: sheet.Row) -> int | None:
        value = line.values.get(fact.name)
        if value is None or value == "":
            return None
        if fact.kind is Kind.MONEY:
            yuan = Decimal(str(value)) * UNITS[self.unit]
            if yuan != yuan.to_integral_value():
                self._wrong(line.number, fact.name, "最多精确到元，请减少小数位数")
                return None
            return int(yuan)
        try:
            return fact.store(value)
        except (ValueError, ArithmeticError) as why:
            self._wrong(line.number, fact.name, str(why))
            return None

    def _take(self, party: Party, fact: Fact, year: int, value: int, number: int, evidence: str) -> None:
        place = (fact.name, year)
        if (before := self.rows[party.pk].get(place)) is not None:
            if before[0] != value:
                self._wrong(number, fact.name, f"与第 {before[1]} 行填的不同（不分年度的资料只能有一个数）")
            return
        self.rows[party.pk][place] = (value, number)
        self.found.said.append(Said(party, fact.name, value, year, evidence))

    def _weigh(self) -> None:
        """What cannot be or is odd, beside what is on file already."""
        self.found.firms = set(self.rows)
        for some in _slices(sorted(self.rows)):
            on_file: dict[int, dict[tuple[str, int], int]] = defaultdict(dict)
            files = FactFile.objects.filter(party__in=some).values_list("party_id", "year", "values")
            for party, year, values in files:
                on_file[party] |= {(name, year): value for name, value in values.items()}
            for party in some:
                mine = {place: value for place, (value, _) in self.rows[party].items()}
                for doubt in doubts(on_file[party] | mine, mine):
                    if doubt.weight == NOTE or (doubt.weight == QUESTION and self.accepted):
                        continue
                    self.odd += doubt.weight == QUESTION
                    place = next(p for p in doubt.places if p in mine)
                    self._wrong(self.rows[party][place][1], place[0], doubt.sentence)


def _slices(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), MANY):
        yield keys[start : start + MANY]


def rows_of(parties: Sequence[Party], unit: str, names: Sequence[str]) -> Iterator[Mapping[str, object]]:
    """The files of these firms in the template's shape: what is exported can be corrected and uploaded again."""
    for start in range(0, len(parties), MANY):
        batch = parties[start : start + MANY]
        files: dict[int, dict[int, dict[str, int]]] = defaultdict(dict)
        for pk, of, known in FactFile.objects.filter(party__in=batch).values_list("party_id", "year", "values"):
            files[pk][of] = known
        for party in batch:
            years = sorted(y for y in files[party.pk] if y != STANDING) or [STANDING]
            for index, year in enumerate(years):
                values = files[party.pk].get(year, {}) | (files[party.pk].get(STANDING, {}) if index == 0 else {})
                line: dict[str, object] = {CODE: party.uscc, NAME: party.name, YEAR: year or None}
                yield line | {n: _shown(vocabulary.fact(n), values[n], unit) for n in names if n in values}


def _shown(fact: Fact, value: int, unit: str) -> object:
    if fact.kind is Kind.MONEY:
        return Decimal(value) / UNITS[unit]
    return str(value) if fact.kind is Kind.CHOICE else fact.plain(value)
