"""One search over many lists finds in each what the list's own search box finds."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keji.desk import lists
from keji.desk.desk import desks
from keji.kernel.people.roles import Actor
from keji.modules.enterprises import api

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def titles(make_party, now):
    rows = []
    for n, name in enumerate(("六安恒瑞新材料有限公司", "金寨新材料科技有限公司", "霍山茶业有限公司")):
        party = make_party(name)
        rows.append({"party": party, "kind": "hnte", "certificate_code": f"GR20213400{n}", "batch": ""})
        rows[-1] |= {"issued_on": date(2021, 11, 20)}
    return api.report_certifications(rows, actor=SYSTEM, at=now, source="page")


@pytest.mark.parametrize("few", [0, 1, 3_000], ids=["too many to hand on", "some", "all handed on"])
@pytest.mark.parametrize(("text", "many"), [("新材料", 2), ("恒瑞", 1), ("新材料 恒瑞", 1), ("GR202134", 3), ("无", 0)])
def test_what_was_found_before_changes_nothing(titles, monkeypatch, text, many, few):
    monkeypatch.setattr(lists, "FEW", few)
    desk, known = desks()["certifications"], lists.Known()
    rows = desk.model._default_manager.all()
    for _ in "ab":  # the second time what is remembered answers
        found = set(lists.matching(desk, rows, text, known))
        assert found == set(lists.matching(desk, rows, text))
    assert len(found) == many


def test_the_units_a_word_names_are_looked_for_once(titles, person, enter):
    client = enter(person("officer"))
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/search?q=恒瑞").content.decode()
    assert "六安恒瑞新材料有限公司" in page
    units = [q["sql"] for q in asked if q["sql"].startswith('SELECT "parties_party"."id" AS "pk" FROM "parties_party"')]
    assert units and len(units) == len(set(units)), "no question about units is asked twice"
    assert not [q["sql"] for q in asked if 'IN (SELECT U0."id" AS "pk" FROM "parties_party"' in q["sql"]]


@pytest.mark.parametrize(("word", "many"), [("恒瑞", 0), ("ZS", 3), ("有限", 0)])
def test_a_chinese_word_is_not_looked_for_among_codes_and_so_not_found_there(titles, word, many):
    rows = type(titles[0])._default_manager.filter(lists.containing(type(titles[0]), ("number", "party__uscc"), word))
    with CaptureQueriesContext(connection) as asked:
        assert rows.count() == many
    assert bool(many) is any("LIKE" in q["sql"] for q in asked)
