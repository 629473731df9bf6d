"""Fonts: the office's own first, then Fandol, then Noto; what is missing is said."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from keji.lib.paper import fonts
from keji.lib.paper.model import Paper, Text
from keji.lib.paper.pdf import to_pdf

NOTO = Path("/usr/share/fonts/opentype/noto")
FANDOL = next((Path(folder) for folder in fonts.FOLDERS if (Path(folder) / "FandolKai-Regular.otf").is_file()), None)

needs_noto = pytest.mark.skipif(not NOTO.is_dir(), reason="no Noto fonts on this machine")
needs_fandol = pytest.mark.skipif(FANDOL is None, reason="no Fandol fonts on this machine")


def test_without_any_font_a_pdf_is_still_made_and_the_loss_is_said() -> None:
    bare = fonts.find(folders=())
    assert len(bare.report()) == len(fonts.ROLES)
    assert "fonts-noto-cjk" in bare.report()[0]
    assert to_pdf(Paper("关于工作的通知", body=(Text("请遵照执行。"),)), bare).startswith(b"%PDF")


@needs_noto
def test_noto_stands_in_and_says_so() -> None:
    only = fonts.find(folders=(NOTO,))
    assert only.chains["body"][0] == "Noto Serif CJK SC"
    assert only.chains["hei"][0] == "Noto Sans CJK SC"
    assert only.heavy == {"title", "hei"}
    assert any("仿宋" in line and "tools/fonts.sh" in line for line in only.report())


@needs_noto
@needs_fandol
def test_fandol_is_preferred_and_noto_fills_its_gaps() -> None:
    both = fonts.find(folders=(FANDOL or NOTO, NOTO))
    assert both.chains["kai"][:2] == ("FandolKai", "Noto Serif CJK SC")
    assert both.chains["body"][0].startswith("FandolFang")


@needs_fandol
def test_a_font_the_office_points_to_comes_first() -> None:
    own = fonts.find({"title": (FANDOL or NOTO) / "FandolKai-Regular.otf"})
    assert own.chains["title"][0] == "FandolKai"
    assert "title" not in own.heavy
    assert not any("小标宋" in line for line in own.report())


@pytest.mark.parametrize(
    ("role", "name", "words"), [("title", "/nowhere/a.ttf", "不存在"), ("标题", "a.ttf", "不是可设置")]
)
def test_a_wrong_setting_is_named(role: str, name: str, words: str) -> None:
    assert any(words in line for line in fonts.find({role: name}).report())


def test_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_bytes(b"no font")
    assert any("不是字体" in line for line in fonts.find({"body": tmp_path / "a.ttf"}).report())


@needs_fandol
def test_the_fetching_script_is_content_when_all_are_there() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        ["bash", "tools/fonts.sh", str(FANDOL)], cwd=root, capture_output=True, check=False, timeout=30
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
