"""`keji plan read` from a shell: no database, no set-up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .adopting import PLAN

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("start", [["-m", "keji.cli"], ["manage.py"]], ids=["keji", "manage"])
def test_a_plan_is_read_without_a_database(start, tmp_path):
    nowhere = {"KEJI_DATA": str(tmp_path), "KEJI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, *start, "plan", "read", str(PLAN), "--json"],
        cwd=ROOT, env=os.environ | nowhere, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert any(row["subject"] == "高新技术企业总数" and row["value"] == 750 for row in rows)


def test_a_missing_file_is_said_in_a_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "keji.cli", "plan", "read", str(tmp_path / "没有.txt")],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1 and "找不到文件" in done.stderr
