"""The example calls of the how-to pages, read from the pages and run as they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser

from keji.kernel.parties.models import Party
from keji.kernel.people.roles import Actor
from keji.kernel.records.flow import take

ROOT = Path(__file__).resolve().parents[3]
PAGES = ("docs/how-to/use-the-api.md", "docs/how-to/use-the-api.zh.md")
pytestmark = pytest.mark.django_db


def calls(page: str) -> list[list[str]]:
    """The words of every curl command of a page, continued lines joined."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, flags=re.S)).replace("\\\n", " ")
    return [shlex.split(line) for line in blocks.splitlines() if line.startswith("curl")]


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_work(page, person, connect, certified, now):
    system = connect(person("county", region="341502"))
    take("confirm", certified("341502")[0], actor=Actor.system(), at=now)
    Party.objects.update(uscc="91341502MA00001380")
    found = calls(page)
    assert len(found) == 8
    for words in found:
        headers, body, address = {}, None, ""
        rest = iter(words[1:])
        for word in rest:
            if word == "-H":
                name, _, value = next(rest).replace("$TOKEN", system.token).partition(": ")
                headers[name] = value
            elif word == "-d":
                body = next(rest)
            else:
                address = word.replace("$HOUSE", "")
        target = urlsplit(address)
        answer = Browser().generic(
            "POST" if body else "GET",
            f"{target.path}?{target.query}",
            data=body or "",
            content_type=headers.pop("Content-Type", "application/octet-stream"),
            headers=headers,
        )
        assert answer.status_code == (201 if body else 200), (words, answer.content.decode())


def test_both_languages_show_the_same_calls():
    kinds = {"hnte": "高新技术企业"}
    english, chinese = (calls(page) for page in PAGES)
    assert [[w.replace(f'"{kinds["hnte"]}"', '"hnte"') for w in words] for words in chinese] == english
