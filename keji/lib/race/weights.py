"""Ways to find weights, each with a sentence that explains it. Weights are exact decimals that add up to one.

Judgement: equal, budget allocation, AHP (Saaty 1980). From the data: entropy (Shannon; Zeleny 1982), CRITIC (Diakoulaki
et al., Comput. Oper. Res. 22 (1995) 763–770), principal components (Nicoletti et al., OECD 2000), benefit of the doubt
(Cherchye et al., Soc. Indic. Res. 82 (2007) 111–145). Floats inside; weights are
rounded to six decimals by largest remainder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from keji.lib.figures import format_number
from keji.lib.split import by_share

Table = Sequence[Sequence[Fraction | float | int]]
STEP = Decimal("0.000001")
#: Saaty's random consistency index for 1 … 15 things compared.
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
CONSISTENT = 0.1


@dataclass(frozen=True)
class Weighing:
    """`weights`: code → share, adding up to exactly 1. `warnings`: why they should not be used as they are.

    `consistency`: AHP's consistency ratio, below 0.1 is acceptable; None elsewhere.
    """

    method: str
    weights: Mapping[str, Decimal]
    sentence: str
    warnings: tuple[str, ...] = ()
    consistency: float | None = None


def _weighing(
    method: str,
    codes: Sequence[str],
    raw: Sequence[float | Fraction],
    sentence: str,
    warnings: Sequence[str] = (),
    consistency: float | None = None,
) -> Weighing:
    if not codes:
        raise ValueError("没有指标，不能算权重。")
    given = dict(zip(codes, (Fraction(r) for r in raw), strict=True))
    parts = by_share(Decimal(1), given, step=STEP).parts
    weights = {code: Decimal(parts[code]) for code in codes}
    return Weighing(method, weights, sentence, tuple(warnings), consistency)


def equal(codes: Sequence[str]) -> Weighing:
    """All alike."""
    return _weighing("等权", codes, [Fraction(1)] * len(codes), f"{len(codes)} 项指标权重相同，不作主次判断。")


def budget(ballots: Mapping[str, Mapping[str, Fraction]]) -> Weighing:
    """Budget allocation. `ballots`: judge → code → points, each judge's points adding up to the same sum.

    ValueError when judges score different indicators, below zero, or hand out different sums.
    """
    if not ballots:
        raise ValueError("还没有人打分。")
    codes = list(next(iter(ballots.values())))
    sums = {judge: sum(points.values(), Fraction(0)) for judge, points in ballots.items()}
    for judge, points in ballots.items():
        if set(points) != set(codes) or any(p < 0 for p in points.values()):
            raise ValueError(f"{judge}的打分不完整，或有负数，请核对。")
    if len(set(sums.values())) > 1 or not next(iter(sums.values())):
        raise ValueError("各人分配的总分不一样，请让每人把同样多的分数分给各项指标。")
    raw = [sum((Fraction(points[c]) for points in ballots.values()), Fraction(0)) for c in codes]
    sentence = f"{len(ballots)} 人各把 {format_number(next(iter(sums.values())))} 分分给各项指标，取平均。"
    return _weighing("专家赋分", codes, raw, sentence)


def ahp(codes: Sequence[str], compared: Mapping[tuple[str, str], Fraction]) -> Weighing:
    """Analytic hierarchy process. `compared`: (one, other) → how many times more important one is, each pair once.

    ValueError for a missing pair, a value not above zero, or more than 15 indicators.
    """
    n = len(codes)
    if n > len(RANDOM_INDEX):
        raise ValueError(f"层次分析法最多比较 {len(RANDOM_INDEX)} 项指标，请分层比较。")
    matrix = np.ones((n, n))
    for i, one in enumerate(codes):
        for j in range(i + 1, n):
            other = codes[j]
            value = compared.get((one, other))
            if value is None:
                back = compared.get((other, one))
                value = None if not back else 1 / Fraction(back)
            if value is None or value <= 0:
                raise ValueError(f"缺少“{one}”与“{other}”的比较，或比较值不大于零。")
            matrix[i, j], matrix[j, i] = float(value), 1 / float(value)
    weights = np.full(n, 1 / n)
    for _ in range(1000):  # power iteration: all entries are positive, so it converges to the one positive vector
        step = matrix @ weights
        step /= step.sum()
        if np.abs(step - weights).max() < 1e-15:
            break
        weights = step
    largest = float((matrix @ weights / weights).mean())
    random = RANDOM_INDEX[n - 1]
    ratio = (largest - n) / (n - 1) / random if random else 0.0
    ratio = max(ratio, 0.0)
    warnings = []
    if ratio > CONSISTENT:
        odd = np.abs(np.log(matrix * weights[None, :] / weights[:, None]))
        i, j = sorted(divmod(int(odd.argmax()), n))
        warnings.append(
            f"一致性比例 {ratio:.3f} 超过 0.1，两两比较前后矛盾，最不协调的是“{codes[i]}”与“{codes[j]}”，请重新比较。"
        )
    sentence = f"由两两比较求特征向量，λmax = {largest:.4f}，一致性比例 {ratio:.3f}。"
    return _weighing("层次分析法", codes, weights.tolist(), sentence, warnings, ratio)


def contradictions(
    compared: Mapping[tuple[str, str], Fraction], found: Mapping[str, Decimal], most: int = 3
) -> list[tuple[str, str, Fraction, Fraction]]:
    """The comparisons furthest from what all of them together say: (one, other, as compared, as the weights have it).

    `found`: the weights of `ahp` on the same comparisons. Furthest first; those within a tenth are left out.
    """
    odd = []
    for (one, other), said in compared.items():
        if not found[other] or not found[one]:
            continue
        fits = Fraction(found[one]) / Fraction(found[other])
        away = max(said / fits, fits / said)
        if away > Fraction(11, 10):
            odd.append((away, one, other, said, fits))
    odd.sort(key=lambda row: -row[0])
    return [row[1:] for row in odd[:most]]


def points_table(codes: Sequence[str], points: Table) -> Any:
    """The points as an array. ValueError for fewer than two units or a gap."""
    table = np.array([[float(v) for v in row] for row in points])
    if table.ndim != 2 or table.shape[1] != len(codes) or len(table) < 2:
        raise ValueError("数据至少要有两个单位，每个单位每项指标都要有数，请先补齐或去掉缺数的单位。")
    if not np.isfinite(table).all():
        raise ValueError("数据里有空缺，请先补齐或去掉缺数的单位。")
    return table


def _or_equal(raw: Any, warnings: list[str]) -> list[float]:
    """Without any difference between units nothing can be learned from the data."""
    if raw.sum() > 1e-12:
        found: list[float] = np.where(raw < 1e-12, 0.0, raw).tolist()
        return found
    warnings.append("各单位各项指标都相同，从数据看不出主次，按等权计。")
    return [1.0] * len(raw)


def entropy(codes: Sequence[str], points: Table) -> Weighing:
    """Entropy weights: the more an indicator tells units apart, the more it weighs. `points`: units × indicators.

    ValueError for points below zero or a gap. An indicator alike for all weighs nothing.
    """
    table = points_table(codes, points)
    if (table < 0).any():
        raise ValueError("熵权法要求得分不为负，请先用极差法计分。")
    sums = table.sum(axis=0)
    shares = np.where(sums > 0, table / np.where(sums > 0, sums, 1), 1 / len(table))
    information = np.where(shares > 0, shares * np.log(np.where(shares > 0, shares, 1)), 0).sum(axis=0)
    warnings: list[str] = []
    raw = _or_equal(1 + information / np.log(len(table)), warnings)
    return _weighing("熵权法", codes, raw, "单位之间差异越大的指标权重越大，全部相等的指标权重为零。", warnings)


def critic(codes: Sequence[str], points: Table) -> Weighing:
    """CRITIC: spread times disagreement with the others. `points`: units × indicators, on one scale (min–max)."""
    table = points_table(codes, points)
    low, high = table.min(axis=0), table.max(axis=0)
    scaled = (table - low) / np.where(high > low, high - low, 1)
    warnings: list[str] = []
    raw = _or_equal(scaled.std(axis=0, ddof=1) * (1 - _correlation(scaled)).sum(axis=0), warnings)
    sentence = "差异大、又与其他指标不重复的指标权重大（标准差 × 与其他指标的不相关程度）。"
    return _weighing("CRITIC 法", codes, raw, sentence, warnings)


def _correlation(table: Any) -> Any:
    """Pearson's; an indicator that does not vary is uncorrelated with all but itself."""
    away = table - table.mean(axis=0)
    length = np.sqrt((away**2).sum(axis=0))
    unit = away / np.where(length > 1e-12, length, 1)
    found = unit.T @ unit
    np.fill_diagonal(found, 1.0)
    return found


def pca(codes: Sequence[str], points: Table) -> Weighing:
    """Principal components with eigenvalues above one: squared loadings, weighted by the variance each explains."""
    table = points_table(codes, points)
    varies = table.std(axis=0) > 1e-12
    values, vectors = np.linalg.eigh(_correlation(table))
    kept = values > 1 + 1e-9
    if not kept.any():
        kept = values >= values.max() - 1e-9
    raw_all = (vectors[:, kept] ** 2 * values[kept]).sum(axis=1) * varies
    warnings: list[str] = []
    raw = _or_equal(raw_all, warnings)
    if len(table) <= len(codes):
        warnings.append(f"单位只有 {len(table)} 个，不比指标（{len(codes)} 项）多，主成分不稳定，只供参考。")
    share = f"{values[kept].sum() / len(codes) * 100:.0f}%"
    sentence = f"取 {int(kept.sum())} 个主成分（解释 {share} 的差异），按载荷平方分配权重；只反映相关，不反映重要性。"
    return _weighing("主成分法", codes, raw, sentence, warnings)
