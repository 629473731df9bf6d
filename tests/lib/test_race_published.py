"""A published race: anybody recomputes every digit from the file alone, and sees what was touched."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keji import cli
from keji.lib.race.codec import decode, encode, text
from keji.lib.race.comparing import compare
from keji.lib.race.published import PublishedError, digest_of, publish, rerun
from keji.lib.race.scheme import (
    Aggregation,
    Award,
    Bonus,
    Data,
    Direction,
    Figure,
    Group,
    Level,
    Missing,
    Scheme,
    Ties,
    Treatment,
    exact,
)
from keji.lib.race.scoring import score
from tests.lib.races import counties_data, counties_scheme, data, indicator, scheme


@pytest.fixture(scope="module")
def run():
    return score(counties_scheme(), counties_data())


def everything():
    """A race that uses every field there is."""
    outliers = indicator("x", treatment=Treatment(), missing=Missing.SHARED, title="研发投入", unit="亿元")
    less = indicator("y", "ZSCORE", "0.4", direction=Direction.LESS, missing=Missing.MEAN, cap=Fraction(200))
    growth = indicator("z", "GROWTH", "0.6", missing=Missing.LOWEST, floor=Fraction(-5), limit=Fraction(9))
    inner = Level("in", "内层", (less, growth), Fraction(1, 3), Aggregation.GEOMETRIC)
    root = Level("total", "总分", (Level("out", "外层", (outliers,), Fraction(2, 3)), inner))
    plan = Scheme(
        "race", "赛马", "2024", root, (Group("a", "甲组"), Group("b", "乙组")), (Bonus("w", "获奖", Fraction(1, 2)),),
        True, 3, Ties.PRINTED, ("x",),
    )  # fmt: skip
    rows = {
        chr(65 + i): (str(v), None if i == 3 else str(i), Figure(Fraction(i + 5), base=Fraction(3), note="初步数"))
        for i, v in enumerate([1, 2, 3, 4, 5, 6, 7, 8, 9, 1000])
    }
    groups = {unit: "ab"[i % 2] for i, unit in enumerate(rows)}
    awards = (Award("A", "w", Fraction(1), "证书"), Award("B", "w"))
    return plan, data(rows, "xyz", groups, awards=awards, before={"A": 2})


def test_the_file_gives_the_same_digits_again(run):
    content = publish(run)
    assert publish(run) == content
    again = rerun(content)
    assert again.differences == ()
    assert again.run.placings == run.placings
    assert again.digest == digest_of(content)


def test_a_scheme_with_everything_in_it_goes_there_and_back():
    plan, figures = everything()
    run = score(plan, figures)
    assert decode(Scheme, json.loads(json.dumps(encode(plan)))) == plan
    assert decode(Data, json.loads(json.dumps(encode(figures)))) == figures
    assert rerun(publish(run)).differences == ()


@given(st.fractions())
def test_numbers_are_written_exactly(number):
    assert Fraction(text(number)) == number
    assert text(Fraction(-5, 4)) == "-1.25"
    assert text(Fraction(1, 3)) == "1/3"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.decimals(-99, 99, places=2) | st.none()] * 2), min_size=1, max_size=5))
def test_any_run_is_recomputed(rows):
    plan = scheme(indicator("x", weight="0.7"), indicator("y", "ZSCORE", "0.3"))
    run = score(plan, data({f"U{i}": row for i, row in enumerate(rows)}, "xy"))
    assert rerun(publish(run)).differences == ()


def test_a_changed_score_is_named(run):
    touched = publish(run).replace(b'"printed":"70.00"', b'"printed":"71.00"')
    assert rerun(touched).differences == (
        "文件的内容摘要与内容不符，文件公布后改动过。",
        "名次 · 叶集 · 公布得分：文件为 71.00，重算为 70.00。",
    )


def test_a_changed_figure_shows_in_all_that_follows(run):
    touched = json.loads(publish(run))
    touched["data"]["figures"]["金安"]["rd"]["value"] = "25.5"
    found = rerun(json.dumps(touched).encode()).differences
    assert found[0] == "文件的内容摘要与内容不符，文件公布后改动过。"
    assert "计分 · 金安 · 研发经费增速 · 数据：文件为 18.2，重算为 25.5。" in found
    assert "名次 · 金安 · 名次：文件为 3，重算为 2。" in found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是 JSON"),
        (b"\xff\xfe", "不是 JSON"),
        (b"PK\x03\x04", "不是 JSON"),
        (b"[" * 200_000, "不是 JSON"),
        (b"[1]", "不是赛马计分文件"),
        (b'{"kind":"keji.race","method":9}', "第 9 版"),
        (b'{"kind":"keji.race","method":1}', "内容不完整"),
        (b'{"kind":"keji.race","method":1,"scheme":{"code":3},"data":{}}', "内容不完整"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(content, said):
    with pytest.raises(PublishedError, match=said):
        rerun(content)


@pytest.mark.parametrize("number", ["1e999999999", "NaN", "1/0", "", 1.5, 7, "9" * 1000])
def test_a_number_that_is_none_is_refused(run, number):
    touched = json.loads(publish(run))
    touched["data"]["figures"]["金安"]["rd"]["value"] = number
    with pytest.raises(PublishedError, match="不是数"):
        rerun(json.dumps(touched).encode())


def test_a_scheme_that_cannot_be_scored_is_refused(run):
    touched = json.loads(publish(run))
    touched["scheme"]["root"]["parts"][0]["weight"] = "0.9"
    with pytest.raises(PublishedError, match="权重合计"):
        rerun(json.dumps(touched).encode())


def test_a_revised_figure_is_told_by_comparing_two_runs(run):
    assert compare(run, run) == ()
    figures = {u: dict(row) for u, row in run.data.figures.items()}
    figures["金安"]["rd"] = Figure(exact("20.2"))
    revised = score(run.scheme, replace(run.data, version="v2", figures=figures))
    assert compare(run, revised) == (
        "数据版本：v1 → v2。",
        "数据：金安“研发经费增速” 18.2 → 20.2。",
        "总分：金安 54.33 → 58.27（+3.95）。",
    )


def test_another_scheme_is_told_by_comparing_two_runs(run):
    other = score(replace(counties_scheme("RANK_STEP", p_step=10), edition="2025年版"), run.data)
    said = compare(run, other)
    assert said[:2] == ("方案：赛马 2024年版 → 赛马 2025年版。", "计分方法：“研发经费增速” 极差法 → 排名计分。")
    assert "名次：裕安 第 6 名 → 第 5 名。" in said


def test_the_command_recomputes_a_file(run, tmp_path, capsys):
    good, bad = tmp_path / "一季度.json", tmp_path / "改过.json"
    good.write_bytes(publish(run))
    bad.write_bytes(publish(run).replace(b'"place":1', b'"place":2'))
    assert cli.main(["race", "rerun", str(good)]) == 0
    out = capsys.readouterr().out
    assert "第 1 名\t叶集\t70.00\n" in out
    assert out.endswith("重算结果与文件逐位一致。\n")
    assert cli.main(["race", "rerun", str(bad)]) == 1
    assert "处不同" in capsys.readouterr().out
    assert cli.main(["race", "rerun", str(tmp_path / "没有.json")]) == 2
    assert cli.main(["race", "rerun", str(tmp_path)]) == 2
    odd = tmp_path / "怪.json"
    odd.write_bytes(publish(score(replace(counties_scheme(), title="赛\x1b[2J马"), counties_data())))
    assert cli.main(["race", "rerun", str(odd)]) == 0
    assert "赛?[2J马" in capsys.readouterr().out
    (tmp_path / "x.json").write_bytes(b"hello")
    assert cli.main(["race", "rerun", str(tmp_path / "x.json")]) == 2
    assert "请选择公布的赛马计分文件" in capsys.readouterr().out
