"""The form “already known, correct?”: shows what anybody said, asks only for what nobody has, in one unit of money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from keji.kernel.facts.services import Said
from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.lib import cells
from keji.lib.rules.vocabulary import Fact, Kind
from keji.modules.enterprises.facts.asking import Item, may_be_asked
from keji.modules.enterprises.facts.plausible import ERROR, NOTE, QUESTION, Doubt, doubts

UNITS = {"元": 1, "千元": 1000, "万元": 10_000}
AGREED = "核对他方填报后确认"
MOST_EVIDENCE = 200  # characters kept with a number


def read(fact: Fact, text: str, unit: str) -> int | None:
    """The integer for what was typed, money in `unit`. Raises ValueError with a sentence for what does not fit."""
    if fact.kind is Kind.MONEY:
        if unit not in UNITS:
            raise ValueError("请先在页首选择金额单位")
        amount = cells.decimal(text, unit=unit)
        if amount is None:
            return None
        yuan = amount * UNITS[unit]
        if yuan != yuan.to_integral_value():
            raise ValueError(f"“{fact.label}”最多精确到元，请减少小数位数")
        return int(yuan)
    if fact.kind is Kind.YES_NO:
        answer = cells.yes_no(text)
        return None if answer is None else int(answer)
    if fact.kind is Kind.DATE:
        return fact.store(cells.day(text))
    if fact.kind is Kind.CHOICE:
        return fact.store(text) if text else None
    number = cells.decimal(text, unit=fact.unit)
    return fact.store(number)


def typed_text(fact: Fact, value: int | None, unit: str) -> str:
    """The value as the form's field shows it again."""
    if value is None:
        return ""
    if fact.kind is Kind.MONEY and unit in UNITS:
        per = UNITS[unit]
        whole, rest = divmod(abs(value), per)
        tail = f".{rest:0{len(str(per)) - 1}d}".rstrip("0") if rest else ""
        return f"{'-' if value < 0 else ''}{whole}{tail}"
    return str(fact.plain(value)) if fact.kind is Kind.DATE else str(value)


@dataclass
class Line:
    """One fact as the form shows it."""

    item: Item
    typed: str = ""
    agreed: bool = False
    error: str = ""
    value: int | None = None  # what was typed, understood

    @property
    def known(self) -> int | None:
        """What the house has: said by somebody, or offered by another register."""
        offer = self.item.offer
        return self.item.value if self.item.value is not None or offer is None else offer.value

    @property
    def text(self) -> str:
        return self.item.fact.text(self.known)

    @property
    def source(self) -> str:
        return self.item.offer.source if self.item.offer else self.item.source

    @property
    def asked(self) -> bool:
        """Nobody has said it and no register has it, sources differ, or it ran out."""
        return self.known is None

    @property
    def others(self) -> bool:
        """Known, but not from whoever fills in: one tap says it again in their own name."""
        return not self.asked and self.item.mine is None

    @property
    def options(self) -> list[tuple[str, str]]:
        if self.item.fact.kind is Kind.YES_NO:
            return [("", "未填"), ("1", "是"), ("0", "否")]
        if self.item.fact.kind is Kind.CHOICE:
            return [("", "未填"), *((str(k), v) for k, v in self.item.fact.choices.items())]
        return []

    @property
    def unit(self) -> str:
        return "" if self.item.fact.kind in (Kind.MONEY, Kind.YES_NO, Kind.CHOICE) else self.item.fact.unit


@dataclass
class FactsForm:
    """What one person is asked about one unit. Bound by `fill`; then `ok` says whether it may be saved."""

    party: Party
    actor: Actor
    lines: list[Line]
    unit: str = ""
    evidence: str = ""
    questions: list[Doubt] = field(default_factory=list)  # not answered yet
    reasons: dict[str, str] = field(default_factory=dict)  # doubt → why it is right all the same
    notes: list[str] = field(default_factory=list)
    problem: str = ""

    @classmethod
    def about(cls, party: Party, actor: Actor, found: list[Item]) -> FactsForm:
        return cls(party, actor, [Line(item) for item in found if may_be_asked(item, actor)])

    @property
    def asked(self) -> int:
        return sum(line.asked for line in self.lines)

    @property
    def known(self) -> int:
        return len(self.lines) - self.asked

    @property
    def errors(self) -> list[Line]:
        return [line for line in self.lines if line.error]

    @property
    def ok(self) -> bool:
        return not self.errors and not self.questions and not self.problem

    def fill(self, data: Mapping[str, str]) -> FactsForm:
        """Take in what was sent."""
        self.unit, self.evidence = data.get("unit", ""), data.get("evidence", "").strip()
        all_right = "agree_all" in data
        for line in self.lines:
            key, item = line.item.key, line.item
            line.typed = str(data.get(f"v-{key}", "")).strip()[:60]
            line.agreed = line.others and not line.typed and (all_right or f"ok-{key}" in data)
            if line.agreed and data.get(f"was-{key}", str(line.known)) != str(line.known):
                line.error, line.agreed = "这一项在您打开页面以后有变动，请按新的数核对", False
            elif line.typed:
                try:
                    line.value = read(item.fact, line.typed, self.unit)
                except (ValueError, ArithmeticError) as why:
                    line.error = getattr(why, "message", "") or str(why)
        self._weigh(data)
        self.problem = self.problem or self._too_long()
        if not self.problem and not any(line.agreed or line.value is not None or line.error for line in self.lines):
            self.problem = "没有填写任何一项，也没有确认已有的资料"
        return self

    def _weigh(self, data: Mapping[str, str]) -> None:
        values = {line.item.place: line.known for line in self.lines if line.known is not None}
        typed = {line.item.place: line.value for line in self.lines if line.value is not None}
        by_place = {line.item.place: line for line in self.lines}
        for doubt in doubts(values | typed, typed):
            if doubt.weight == ERROR:
                place = next(p for p in doubt.places if p in typed)
                by_place[place].error = by_place[place].error or doubt.sentence
            elif doubt.weight == QUESTION:
                why = str(data.get(f"why-{doubt.key}", "")).strip()
                self.reasons[doubt.key] = why
                if not why:
                    self.questions.append(doubt)
            elif doubt.weight == NOTE:
                self.notes.append(doubt.sentence)

    def _too_long(self) -> str:
        """What is kept with each number is the evidence with the reasons of what looked odd: one text, one length."""
        if (n := len(self._kept())) <= MOST_EVIDENCE:
            return ""
        what = "依据和各条说明合计" if any(self.reasons.values()) else "依据"
        return f"{what}最多 {MOST_EVIDENCE} 字，现有 {n} 字，请缩短后再提交"

    def _kept(self) -> str:
        why = "；".join(w for w in self.reasons.values() if w)
        return "；".join(t for t in (self.evidence, f"说明：{why}" if why else "") if t)

    def said(self) -> list[Said]:
        """What is to be stated: what was typed, and what was agreed to."""
        evidence = self._kept()
        found = []
        for line in self.lines:
            (name, year), offer = line.item.place, line.item.offer
            if line.value is not None:
                found.append(Said(self.party, name, line.value, year, evidence))
            elif line.agreed and line.known is not None:
                found.append(Said(self.party, name, line.known, year, offer.evidence if offer else AGREED))
        return found

    def groups(self) -> list[dict[str, Any]]:
        """Lines by group: first what is asked, then what is known."""
        found: dict[str, dict[str, Any]] = {}
        for line in self.lines:
            group = found.setdefault(line.item.fact.group, {"asked": [], "known": []})
            group["asked" if line.asked else "known"].append(line)
        return [{"title": t, **g, "open": any(line.error for line in g["known"])} for t, g in found.items()]
