"""Reads one paragraph: every figure becomes a target or a named exclusion."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from . import exclusions, operators, phrase, special, times, words
from .cases import Case
from .lexer import Quantity, Token, lex
from .model import Exclusion, Target
from .outline import Paragraph
from .phrase import Left, Predicate
from .segments import Segment, Slot, is_full_stop, segments, slots
from .state import State
from .subjects import noun_after, resolve_subject, split_subjects, text_of

_FLOW = re.compile(
    r"(?:产值|增加值|收入|总额|投资|GDP|生产总值|经费|投入|税收|零售额|销售额|成交额|交易额|进出口|营收|用电量|吞吐量|贷款|存款)\)?$"
)
_BRACKETED_UNIT = re.compile(
    r"\((?:单位:)?(万亿|万|亿|)([^()\d]{1,6})\)(?:总数|数)?[:,]?(?:达到|达|为|力争|不低于|≥|\t)*$"
)
# Sentences that say who may apply; their figures are thresholds.
_ELIGIBLE = re.compile(
    r"申报单位|申报企业|申请单位|申请人|申报人|申报主体|申请企业|注册满|(?:应|须|应当|需)(?:具有|具备|满足)|符合以下"
)
_SHARE_WORDS = re.compile(r"率|比重|占|比例|强度|覆盖|程度|水平|指数|满意度|份额|CPI|价格")


@dataclass(slots=True)
class Reading:
    """What one paragraph gave."""

    targets: list[Target] = field(default_factory=list)
    excluded: list[Exclusion] = field(default_factory=list)


class ParagraphReader:
    """Walks the segments of a paragraph with a `State`."""

    def __init__(self, paragraph: Paragraph, state: State, source: list[str], everything: bool) -> None:
        self.paragraph, self.state, self.source, self.everything = paragraph, state, source, everything
        self.reading = Reading()
        self.sentence = ""
        self.carried: Predicate | None = None
        self.carried_verb = ""

    def read(self) -> Reading:
        tokens = lex(self.paragraph.text)
        self._sentences(tokens)
        for segment in segments(tokens):
            described = self.state.project
            self._segment(segment)
            if segment.aside:
                self.state.project = described
                continue
            if is_full_stop(segment.closing) or segment.closing == ";":
                self.state.next_sentence(is_full_stop(segment.closing))
                self.carried = None
        return self.reading

    def _sentences(self, tokens: list[Token]) -> None:
        """Where each sentence begins and ends, to show a target inside its sentence."""
        self._bounds = [0]
        self._bounds += [token.end for token in tokens if token.kind == "mark" and token.text in "。!?;"]
        self._bounds.append(len(self.paragraph.text))

    def _segment(self, segment: Segment) -> None:
        tokens = segment.tokens
        if not segment.figures:
            for index in range(len(tokens)):
                self._hear(tokens, index)
            if tokens and not segment.aside:
                self._topic(tokens)
                if self.everything:
                    self._keep(special.milestone(tokens, self.state), tokens, tokens[-1], "milestone")
            return
        found = slots(segment)
        heard = 0
        lefts: list[tuple[Slot, Left, date | None, str]] = []
        for slot in found:
            upto = tokens.index(slot.token)
            for index in range(heard, upto):
                self._hear(tokens, index)
            heard = upto
            points = slot.token.kind == "quantity" and slot.token.data.unit in words.POINTS
            lefts.append((slot, phrase.read_left(slot.left, points), self.state.deadline, self.state.tense))
        for index in range(heard, len(tokens)):
            self._hear(tokens, index)
        after = self.state.tense
        self._share(lefts)
        for slot, left, deadline, tense in lefts:
            self.state.tense = tense
            self._slot(slot, left, deadline)
        self.state.tense = after

    def _hear(self, tokens: list[Token], index: int) -> None:
        before = tokens[index - 1] if index else None
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if tokens[index].kind == "time" and self._attributive(tokens, index):
            return
        self.state.hear(tokens[index], before, after)

    def _attributive(self, tokens: list[Token], index: int) -> bool:
        """2024年度遗留的11家企业: a year inside an attribute does not date the sentence."""
        time, start = tokens[index].data, self.state.horizon.start
        late = time.kind == "last" or (time.last_year is not None and start is not None and time.last_year < start)
        return late and any(token.text == "的" for token in tokens[index + 1 : index + 4]) and self.state.mood != "past"

    def _topic(self, tokens: list[Token]) -> None:
        trimmed = phrase.object_of(tokens)
        text = text_of(trimmed, self.paragraph, self.source)
        if text and any(token.kind != "time" for token in trimmed):
            self.state.topic, self.state.topic_text = trimmed, text

    # --- lists: 分别, shared units and operators ------------------------------------------------------------------
    def _share(self, lefts: list[tuple[Slot, Left, date | None, str]]) -> None:
        """A、B分别达到X、Y: hand each figure its subject, and the last suffix to those without one."""
        for at, (_slot, left, _, _) in enumerate(lefts):
            if not left.predicate.respectively:
                continue
            run = [at]
            while run[-1] + 1 < len(lefts) and self._follows(lefts[run[-1] + 1]):
                run.append(run[-1] + 1)
            if len(run) < 2:
                continue
            self._distribute([lefts[index] for index in run], lefts, at)
            return
        for (slot, _, _, _), (later, _, _, _) in zip(lefts, lefts[1:], strict=False):
            if later.listed and slot.token.kind == "number" and later.token.kind == "quantity":
                self._lend_unit(slot, later)

    @staticmethod
    def _follows(entry: tuple[Slot, Left, date | None, str]) -> bool:
        slot, left, _, _ = entry
        return slot.listed and not left.subject

    @staticmethod
    def _lend_unit(slot: Slot, later: Slot) -> None:
        if isinstance(slot.token.data, Quantity) and not slot.token.data.unit:
            slot.token.kind = "quantity"
            slot.token.data.unit = later.token.data.unit
            slot.token.data.scale = slot.token.data.scale or later.token.data.scale

    def _distribute(
        self, run: list[tuple[Slot, Left, date | None, str]], lefts: list[tuple[Slot, Left, date | None, str]], at: int
    ) -> None:
        first_slot, first, _, _ = run[0]
        subject = first.subject or (self.state.topic if self.state.topic else [])
        parts = split_subjects(subject, len(run))
        dates = [token for token in first.predicate.times if isinstance(token.data, times.Time)]
        if len(dates) != len(run):
            dates = [token for token in first_slot.left if token.kind == "time"]
        moments = [token.data for token in dates] if len(dates) == len(run) else self.state.named
        suffix = run[-1][0].suffix
        for order in range(len(run) - 1, -1, -1):
            slot, left, deadline, tense = run[order]
            if order + 1 < len(run) and slot.token.kind == "number":
                self._lend_unit(slot, run[order + 1][0])
            if suffix and not slot.suffix:
                slot.suffix = suffix
            predicate = first.predicate if left.predicate.silent else left.predicate
            tokens = parts[order] if len(parts) == len(run) else subject
            if len(moments) == len(run) and len(parts) != len(run):
                deadline = times.resolve(moments[order], self.state.year) or deadline
            lefts[at + order] = (slot, Left(predicate, tokens, first.verb), deadline, tense)

    # --- one figure ------------------------------------------------------------------------------------------------
    def _slot(self, slot: Slot, left: Left, deadline: date | None) -> None:
        token = slot.token
        if token.kind == "number":
            self._number(slot, left, deadline)
            return
        case = Case(slot, left, self.state, "".join(t.text for t in slot.right), noun_after(slot.right))
        if token.kind != "quantity":
            made = special.read(case, self.paragraph, self.source)
            if made is None:
                return
            if (
                exclusions.reason(case) in ("past", "name", "condition")
                and token.kind != "cover"
                or self.state.tense == "past"
            ):
                self._exclude(token, "past" if self.state.tense == "past" else "name")
                return
            self._finish(made, slot, left, deadline, case)
            return
        self._carry(slot, left)
        self.state.conditional = _ELIGIBLE.search(self._sentence(token.start)) is not None
        why = exclusions.reason(case)
        if why:
            self._exclude(token, why)
            self.state.project = self.state.project or (
                why == "project" and case.subject_text not in exclusions.SIZES and not slot.token.data.bare
            )
            self.state.sized = case.unit if why == "project" and case.unit in words.SPACE else ""
            if why in ("baseline", "past") and left.subject:
                self.state.topic, self.state.topic_text = (
                    left.subject,
                    text_of(left.subject, self.paragraph, self.source),
                )
            return
        self.state.project = False
        self._finish(self._measure(case), slot, left, deadline, case)

    def _number(self, slot: Slot, left: Left, deadline: date | None) -> None:
        """A figure without a unit counts only behind an operator: 指数达到85.5."""
        quantity: Quantity = slot.token.data
        unit = _BRACKETED_UNIT.search(self.paragraph.text[: slot.token.start])
        if unit and unit.group(2) in words.UNITS:
            slot.token.kind, quantity.unit, quantity.scale = "quantity", unit.group(2), unit.group(1)
            left.predicate.explicit = True
            self._slot(slot, left, deadline)
            return
        yearlike = quantity.value == int(quantity.value) and 1900 <= quantity.value <= 2100
        case = Case(slot, left, self.state, "".join(t.text for t in slot.right), noun_after(slot.right))
        stated = left.predicate.explicit and bool(left.subject) and case.closed and (bool(slot.suffix) or not yearlike)
        if not stated or exclusions.reason(case):
            return
        self._finish(self._measure(case), slot, left, deadline, case)

    def _carry(self, slot: Slot, left: Left) -> None:
        """In a list the later figures keep the verb, the operator and the growth of the first."""
        predicate = left.predicate
        quantity: Quantity = slot.token.data
        if slot.listed and self.carried is not None and predicate.silent and not predicate.stretch:
            if self.carried.op in ("gt", "ge", "le", "lt") and not self.carried.grow and not self.carried.to_level:
                predicate.op = self.carried.op
            if self.carried.grow and not _SHARE_WORDS.search("".join(t.text for t in left.subject)):
                predicate.grow = True
            predicate.decline = predicate.decline or self.carried.decline
            if not left.verb and left.subject and slot.left[0] is left.subject[0]:
                left.verb = self.carried_verb
            return
        subject = "".join(t.text for t in left.subject)
        last = self.state.last
        if quantity.unit in words.PERCENT and not subject and last is not None and not predicate.to_level:
            predicate.grow = predicate.grow or (last.op.startswith("growth") and not _SHARE_WORDS.search(last.subject))
        if quantity.unit in words.PERCENT and not predicate.grow and not predicate.decline and not predicate.to_level:
            part = any(token.text == "其中" for token in slot.left)
            flow = _FLOW.search(subject) and "占" not in subject and not part
            kept = (
                self.carried is not None
                and self.carried.grow
                and predicate.silent
                and subject
                and not _SHARE_WORDS.search(subject)
            )
            if (flow or kept) and not (predicate.verb or left.verb in ("完成",)):
                predicate.grow = True

    def _measure(self, case: Case) -> Target:
        slot, left = case.slot, case.left
        quantity: Quantity = slot.token.data
        predicate = left.predicate
        if predicate.verb == "突破" and not predicate.op and case.closed:
            predicate.op = "gt"
        kind = operators.family(quantity, predicate)
        if kind == "level" and predicate.verb == "净增" and re.search(r"人均.*(?:收入|支出)$", case.subject_text):
            kind = "increase"
        compared = operators.comparison(quantity, predicate, slot.suffix)
        prenominal = bool(case.noun) and not case.closed
        if prenominal and compared == "gt" and not left.subject and slot.left and slot.left[-1].text == "突破":
            compared = "eq"
        op = operators.operator(kind, compared)
        value, unit = operators.base(quantity.value, quantity.scale, quantity.unit)
        target = self._blank(slot, op, quantity.value, quantity.scale + quantity.unit)
        target.value_base, target.unit_base = value, unit
        if quantity.unit == "倍" and kind == "level":
            target.op = "multiple"
        if quantity.unit == "强" and special.ranked(slot.left):
            target.op, target.unit, target.unit_base = "rank_le", "位", "位"
        if quantity.value2 is not None:
            target.value2 = quantity.value2
            if quantity.scale2 != quantity.scale:
                target.value2 = (
                    quantity.value2
                    * operators.base(Decimal(1), quantity.scale2, "")[0]
                    / operators.base(Decimal(1), quantity.scale, "")[0]
                )
            target.value2_base = operators.base(quantity.value2, quantity.scale2, quantity.unit)[0]
        target.pattern = f"{kind}.{'before_noun' if prenominal else 'after_subject'}"
        return target

    def _blank(self, slot: Slot, op: str, value: Decimal | None, unit: str) -> Target:
        line = self.paragraph.lines[slot.token.start]
        return Target(line, "", "", op, value, unit, value, unit, None, [], "", "")

    def _finish(self, target: Target, slot: Slot, left: Left, deadline: date | None, case: Case) -> None:
        predicate = left.predicate
        last = self.state.last
        resolved = resolve_subject(case, self.paragraph, self.source)
        target.verb = left.verb if left.verb not in words.COMMIT else ""
        if slot.token.kind == "quantity" and not left.subject and last is not None and not resolved.own:
            target.verb = target.verb or last.verb
            target.optional = (
                predicate.stretch
                and last.unit_base == target.unit_base
                and (last.op == "rank_le") == (target.op == "rank_le")
            )
        if (
            predicate.stretch
            and last is not None
            and last.subject == resolved.text
            and last.unit_base == target.unit_base
            and (last.op == "rank_le") == (target.op == "rank_le")
        ):
            target.optional = True
        if (
            target.optional
            and last is not None
            and last.op.startswith("growth")
            and target.op in ("eq", "ge", "gt", "about")
        ):
            target.op = f"growth_{target.op}"
        target.subject, target.owner = target.subject or resolved.text, resolved.owner
        target.deadline = deadline
        subjects = split_subjects(left.subject, 0) if predicate.each and resolved.own else []
        self._keep(target, slot.left, slot.token, target.pattern, slot, case)
        if len(subjects) > 1:
            self.reading.targets.pop()
            for part in subjects:
                self.reading.targets.append(_copy(target, text_of(part, self.paragraph, self.source)))
        self.carried, self.carried_verb = predicate, left.verb
        self.state.last = target
        self.state.topic, self.state.topic_text = [], ""

    def _keep(
        self,
        target: Target | None,
        left: list[Token],
        figure: Token,
        pattern: str,
        slot: Slot | None = None,
        case: Case | None = None,
    ) -> None:
        if target is None:
            return
        start = phrase.first(left, figure)
        end = figure.end
        if slot is not None and slot.suffix:
            end = max(end, slot.suffix[-1].end)
        if case is not None and case.noun and not case.closed:
            end = max([end, *(token.end for token in case.slot.right if token.kind != "mark")])
        target.pattern = pattern
        target.line = self.paragraph.lines[figure.start]
        target.text = self._slice(start, end, figure)
        target.clause = list(self.paragraph.clause.path) if self.paragraph.clause else []
        target.sentence = self._sentence(figure.start)
        if target.op == "milestone":
            target.deadline = self.state.deadline
        self.reading.targets.append(target)

    def _slice(self, start: int, end: int, figure: Token) -> str:
        """The exact source characters, as far as they stand on the figure's own line."""
        lines, columns = self.paragraph.lines, self.paragraph.columns
        line = lines[figure.start]
        own = [index for index in range(start, end) if lines[index] == line]
        source = self.source[line - 1]
        first, last = columns[own[0]], columns[own[-1]] + 1
        if source[last : last + 1] in ("”", '"', "’", "」") and figure.kind in ("zero", "cover"):
            last += 1
        return source[first:last]

    def _sentence(self, at: int) -> str:
        begin = max(bound for bound in self._bounds if bound <= at)
        end = min((bound for bound in self._bounds if bound > at), default=len(self.paragraph.text))
        lines, columns = self.paragraph.lines, self.paragraph.columns
        return "".join(self.source[lines[index] - 1][columns[index]] for index in range(begin, end)).strip()

    def _exclude(self, token: Token, why: str) -> None:
        clause = tuple(self.paragraph.clause.path) if self.paragraph.clause else ()
        self.reading.excluded.append(
            Exclusion(self.paragraph.lines[token.start], self._slice(token.start, token.end, token), why, clause)
        )


def _copy(target: Target, subject: str) -> Target:
    from dataclasses import replace

    return replace(target, subject=subject, places=[], clause=list(target.clause))
