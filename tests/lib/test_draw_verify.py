"""The stand-alone verifier: passes what was drawn, and says where anything was changed afterwards."""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keji.lib.draw import (
    DrawError,
    Expert,
    Frozen,
    Outcome,
    Pool,
    Quota,
    Request,
    Shares,
    State,
    commitment_of,
    draw,
    freeze,
    verify_draw,
)
from keji.lib.draw import replace as decline
from keji.lib.draw.verify_draw import verify

SCRIPT = Path(verify_draw.__file__)
NONCE = "0f" * 32


def drawn(algorithm: str = "sha256", tight: bool = False) -> tuple[Frozen, Outcome]:
    experts = [
        Expert(
            f"专家{i:02d}",
            employer=f"单位{i % 7}",
            features={"类型": "财务" if i % 4 == 0 else "技术", "性别": "女" if i % 3 == 0 else "男"},
            state=State.RESTING if i == 5 else State.ELIGIBLE,
            rule="全年不超过 6 次" if i == 5 else "",
            record="评审记录 2026-031" if i == 5 else "",
        )
        for i in range(12 if tight else 24)
    ]
    quotas = (Quota("类型", "财务", 1, 1), Quota("性别", "女", 1, 2))
    request = Request(3, quotas, employer_cap=1, substitutes=6, about={"任务": "重大专项验收"})
    frozen = freeze(Pool.of(experts), request, commitment=commitment_of(NONCE, algorithm), at="x", algorithm=algorithm)
    outcome = draw(frozen, Shares(NONCE, "20261120"))
    for at in ("2026-11-21", "2026-11-22"):
        with suppress(DrawError):  # in the tight pool somebody may have nobody to follow
            outcome = decline(frozen, outcome, outcome.current[1], reason="出差", at=at)
    return frozen, outcome


FROZEN, OUTCOME = drawn()


def failures(frozen: bytes, outcome: bytes, published: str = "") -> list[str]:
    return [f"{title}：{told}" for title, right, told in verify(frozen, outcome, published) if not right]


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
@pytest.mark.parametrize("tight", [False, True])
def test_what_was_drawn_passes(algorithm, tight):
    frozen, outcome = drawn(algorithm, tight)
    assert failures(frozen.content, outcome.content) == []
    assert failures(frozen.content, outcome.content, frozen.sm3) == []


def test_it_runs_alone_and_answers_by_its_exit_code(tmp_path):
    frozen, outcome = tmp_path / "冻结.json", tmp_path / "结果.json"
    frozen.write_bytes(FROZEN.content)
    outcome.write_bytes(OUTCOME.content)
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(frozen), str(outcome)]
    done = subprocess.run(
        command, capture_output=True, cwd=tmp_path, env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"}
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "全部通过" in done.stdout.decode()
    outcome.write_bytes(OUTCOME.content.replace(b"20261120", b"20261121"))
    assert subprocess.run(command, capture_output=True, cwd=tmp_path).returncode == 1


def test_it_shares_no_code_and_needs_nothing_installed():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


@given(at=st.integers(0, len(FROZEN.content) - 1), flip=st.integers(1, 255))
@settings(max_examples=300)
def test_one_byte_of_the_frozen_file_changed_is_found_and_placed(at, flip):
    changed = bytearray(FROZEN.content)
    changed[at] ^= flip
    assert failures(bytes(changed), OUTCOME.content)


@given(at=st.integers(0, len(OUTCOME.content) - 1), flip=st.integers(1, 255))
@settings(max_examples=300)
def test_one_byte_of_the_outcome_changed_is_found(at, flip):
    changed = bytearray(OUTCOME.content)
    changed[at] ^= flip
    assert failures(FROZEN.content, bytes(changed))


@given(st.data())
@settings(max_examples=100)
def test_bytes_cut_out_or_put_in_are_found(data):
    content = data.draw(st.sampled_from([FROZEN.content, OUTCOME.content]))
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    changed = content[:start] + data.draw(st.binary(max_size=5)) + content[end:]
    pair = (changed, OUTCOME.content) if content is FROZEN.content else (FROZEN.content, changed)
    assert changed == content or failures(*pair)


def leaves(value, path=()):
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def altered(data, path):
    data = copy.deepcopy(data)
    inside = data
    for key in path[:-1]:
        inside = inside[key]
    old = inside[path[-1]]
    inside[path[-1]] = old + 1 if isinstance(old, int) else old[:-1] + ("0" if old[-1:] != "0" else "1")
    return data


FORGEABLE = [p for p in leaves(OUTCOME.data) if p[-1] not in ("reason", "at", "digest")]


@pytest.mark.parametrize("path", FORGEABLE, ids=lambda p: ".".join(map(str, p)))
def test_an_outcome_with_one_value_changed_and_its_digest_made_anew_is_found(path):
    forged = Outcome.of(altered(OUTCOME.data, path))
    assert failures(FROZEN.content, forged.content)


def sealed_again(data) -> tuple[bytes, bytes]:
    """A forger's pair: the frozen file changed and every digest of it in the outcome made to fit."""
    frozen = Frozen.of(data)
    said = {"sha256": frozen.sha256, "sm3": frozen.sm3, "sections": frozen.sections()}
    return frozen.content, Outcome.of(OUTCOME.data | {"frozen": said}).content


@pytest.mark.parametrize(
    ("path", "where"),
    [
        (("states", "resting"), "状态 resting 写 2 人，实有 1 人"),
        (("experts", 5, "rule"), "种子"),
        (("odds", 0), "专家 专家00 的机会"),
        (("lottery", "weights", 3), "球数合计"),
        (("lottery", "panels", 3, 0), "第 [34] 个评审组|的机会写"),
        (("fairness", "least"), "fairness.least"),
        (("fairness", "spread"), "fairness.spread"),
        (("fairness", "gini"), "fairness.gini"),
        (("fairness", "bound"), "fairness.bound"),
        (("request", "quotas", 0, "least"), "个评审组：性别「女」"),
        (("seed", "commitment"), "打不开"),
    ],
)
def test_a_frozen_file_forged_with_all_digests_made_anew_is_found_and_placed(path, where):
    found = failures(*sealed_again(altered(FROZEN.data, path)))
    assert any(re.search(where, entry) for entry in found), found
    assert any("种子" in entry or "打不开" in entry for entry in found)


def test_the_digest_published_before_tells_another_file():
    other, outcome = drawn("sm3")
    assert failures(other.content, outcome.content, FROZEN.sha256) == [
        f"两份文件的摘要：公布的摘要 {FROZEN.sha256} 不是这份冻结文件的"
    ]


def test_somebody_excluded_without_a_reason_is_named():
    data = copy.deepcopy(FROZEN.data)
    data["experts"][5]["record"] = ""
    assert any("专家05 被排除，却没有依据或出处" in entry for entry in failures(*sealed_again(data)))


@given(st.binary(max_size=300))
def test_sm3_by_hand_is_sm3(data):
    assert verify_draw.sm3_by_hand(data) == hashlib.new("sm3", data).hexdigest()


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{}", b'{"a":1.5}', b"[" * 100_000, b"1" * 10_000, b"\xff"])
def test_nonsense_is_answered_not_crashed_on(content):
    assert failures(content, OUTCOME.content)
    assert failures(FROZEN.content, content)


def test_missing_parts_are_answered_not_crashed_on():
    for key in FROZEN.data:
        if key != "format":
            data = {k: v for k, v in FROZEN.data.items() if k != key}
            content = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
            assert failures(content, OUTCOME.content)
