"""`keji paper check FILE`: needs no database and answers at once."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.core.management import call_command

from keji.cli import main
from keji.lib.paper.docx import to_docx
from keji.lib.paper.fonts import find
from tests.lib.papers import bulletin


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "通报.docx"
    path.write_bytes(to_docx(bulletin(), find()))
    return path


def test_a_sound_paper_passes_without_a_database(good, capsys):
    assert main(["paper", "check", str(good)]) == 0
    assert "通报.docx：未发现格式问题。" in capsys.readouterr().out


def test_a_file_that_is_no_word_file_is_told_in_a_sentence(tmp_path, capsys):
    path = tmp_path / "坏.docx"
    path.write_bytes(b"not a word file")
    assert main(["paper", "check", str(path)]) == 2
    assert "坏.docx：" in capsys.readouterr().out


def test_the_management_command_hands_the_words_on(good, capsys):
    call_command("paper", "check", str(good))
    assert "未发现格式问题" in capsys.readouterr().out


def test_it_loads_no_django(good):
    code = (
        "import sys; from keji.cli import main; code = main(sys.argv[1:]);"
        "assert 'django' not in sys.modules; sys.exit(code)"
    )
    assert subprocess.run([sys.executable, "-c", code, "paper", "check", str(good)], check=False).returncode == 0
