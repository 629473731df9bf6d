"""Does a panel keep the quotas and the employer cap? Asked for whole panels and for one change of a panel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from keji.lib.draw.pool import Pool, Quota, Request


class Keeping:
    """The quotas and the cap of one request over one pool; panels are positions in the pool."""

    def __init__(self, pool: Pool, request: Request) -> None:
        self.pool, self.request = pool, request
        self.quotas: dict[str, dict[str, Quota]] = {}
        for quota in request.quotas:
            self.quotas.setdefault(quota.category, {})[quota.value] = quota

    def problems(self, panel: Sequence[int]) -> list[str]:
        """Everything that is wrong with a whole panel, in words; empty when it is right."""
        experts = [self.pool.experts[i] for i in panel]
        wrong = []
        if len(panel) != self.request.size or len(set(panel)) != len(panel):
            wrong.append(f"应为 {self.request.size} 名不同的专家，现为 {len(set(panel))} 名")
        for quota in self.request.quotas:
            n = sum(e.features.get(quota.category) == quota.value for e in experts)
            if not quota.least <= n <= quota.most:
                wrong.append(f"{quota.name}应为 {quota.least} 至 {quota.most} 人，现为 {n} 人")
        if cap := self.request.employer_cap:
            units = Counter(e.employer for e in experts if e.employer)
            wrong += [f"同一单位（{unit}）有 {n} 人，上限 {cap} 人" for unit, n in sorted(units.items()) if n > cap]
        return wrong

    def tally(self, panel: Sequence[int]) -> Tally:
        """For asking about one change after the other of a right panel."""
        return Tally(self, panel)


class Tally:
    """A right panel's counts: what would be wrong with one member changed."""

    def __init__(self, keeping: Keeping, panel: Sequence[int]) -> None:
        self.keeping, self.experts = keeping, keeping.pool.experts
        seated = [self.experts[i] for i in panel]
        self.units = Counter(e.employer for e in seated)
        self.counts = {c: Counter(e.features.get(c) for e in seated) for c in keeping.quotas}

    def against(self, leaves: int, joins: int) -> str:
        """Why the panel would be wrong if `joins` took the seat of `leaves`, one reason; "" when it would be right."""
        old, new = self.experts[leaves], self.experts[joins]
        cap = self.keeping.request.employer_cap
        if cap and new.employer and self.units[new.employer] - (old.employer == new.employer) >= cap:
            return f"所在单位已有 {cap} 人"
        for category, quotas in self.keeping.quotas.items():
            before, after = old.features.get(category), new.features.get(category)
            if before == after:
                continue
            if (quota := quotas.get(before or "")) and (n := self.counts[category][before] - 1) < quota.least:
                return f"{quota.name}将只有 {n} 人，不足 {quota.least} 人"
            if (quota := quotas.get(after or "")) and (n := self.counts[category][after] + 1) > quota.most:
                return f"{quota.name}将有 {n} 人，超过 {quota.most} 人"
        return ""
