"""Why did a figure change? From one set of counted records to the next, in parts that sum exactly."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from keji.lib.figures import format_change, format_number

Amount = int | Decimal
CORRECTED = "更正"


@dataclass(frozen=True)
class Part:
    """One reason: the records that came, went or were corrected, and by how much they move the figure (signed)."""

    reason: str
    ids: tuple[Hashable, ...]
    change: Amount


@dataclass(frozen=True)
class Bridge:
    """opening + the change of every part == closing, exactly. Parts: what came, what went, what was corrected."""

    opening: Amount
    closing: Amount
    parts: tuple[Part, ...]

    @property
    def change(self) -> Amount:
        return self.closing - self.opening

    def sentence(self, unit: str = "") -> str:
        """上期 720家，新增 +12家、到期 -5家，本期 727家。"""
        moved = "、".join(f"{part.reason} {format_change(part.change, unit)}" for part in self.parts) or "没有变化"
        return f"上期 {format_number(self.opening, unit)}，{moved}，本期 {format_number(self.closing, unit)}。"


def bridge(
    previous_ids: Iterable[Hashable] | Mapping[Hashable, Amount],
    current_ids: Iterable[Hashable] | Mapping[Hashable, Amount],
    reason_in: Callable[[Hashable], str],
    reason_out: Callable[[Hashable], str],
) -> Bridge:
    """The change from the records counted before to those counted now.

    Ids alone are counted (twice the same counts once); a mapping id → amount is summed, and a kept record whose amount
    changed goes under 更正. `reason_in` and `reason_out` name why a record came (新增, 迟报) or went (到期, 撤销).
    Parts with one reason on both sides stay apart, or a 更正 in and out would hide each other. TypeError for floats:
    their parts would not sum.
    """
    before, after = _amounts(previous_ids), _amounts(current_ids)
    came: dict[str, list[Hashable]] = {}
    went: dict[str, list[Hashable]] = {}
    for record in after:
        if record not in before:
            came.setdefault(reason_in(record), []).append(record)
    for record in before:
        if record not in after:
            went.setdefault(reason_out(record), []).append(record)
    parts = [Part(reason, tuple(ids), sum(after[i] for i in ids)) for reason, ids in came.items()]
    parts += [Part(reason, tuple(ids), -sum(before[i] for i in ids)) for reason, ids in went.items()]
    if corrected := tuple(record for record in after if record in before and after[record] != before[record]):
        parts.append(Part(CORRECTED, corrected, sum(after[i] - before[i] for i in corrected)))
    return Bridge(sum(before.values()), sum(after.values()), tuple(parts))


def _amounts(records: Iterable[Hashable] | Mapping[Hashable, Amount]) -> dict[Hashable, Amount]:
    """In the order given, so that the same records give the same parts in the same order."""
    amounts = dict(records) if isinstance(records, Mapping) else dict.fromkeys(records, 1)
    if any(isinstance(amount, bool) or not isinstance(amount, int | Decimal) for amount in amounts.values()):
        raise TypeError("amounts are int or Decimal")
    return amounts
