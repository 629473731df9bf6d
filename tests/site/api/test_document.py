"""The OpenAPI document, and that every operation answers as it says, whatever it is asked."""

from __future__ import annotations

import json
import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keji.demo.year import tell_the_year
from keji.desk.desk import desks
from keji.kernel.people.models import Account
from keji.site.api.exchange import offered, schema_name
from keji.site.api.urls import api
from keji.site.api.writing import writable
from tests.site.api.conftest import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhurried")]
ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = json.loads(json.dumps(api.get_openapi_schema()))
OPERATIONS = [
    (path.removeprefix("/api/v1"), method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
KINDS = {"string": str, "integer": int, "number": int | float, "boolean": bool, "array": list, "object": dict}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = DOCUMENT
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def misfit(value: Any, schema: dict[str, Any], at: str = "$") -> str:
    """Why `value` is not what `schema` says; "" when it is. Only the words our document uses."""
    schema = resolved(schema)
    if "anyOf" in schema:
        return "" if any(not misfit(value, s, at) for s in schema["anyOf"]) else f"{at}: none of anyOf"
    if "enum" in schema and value not in schema["enum"]:
        return f"{at}: {value!r} not in enum"
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    fits = [
        k for k in kinds if k != "null" and isinstance(value, KINDS[k]) and (k == "boolean") == isinstance(value, bool)
    ]
    if kinds and not fits and not (value is None and "null" in kinds):
        return f"{at}: {value!r} is no {kinds}"
    if isinstance(value, str) and schema.get("format") == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return f"{at}: {value!r} is no date"
    if isinstance(value, dict):
        if missing := set(schema.get("required", ())) - set(value):
            return f"{at}: {missing} missing"
        known = schema.get("properties", {})
        return next((m for k, v in value.items() if k in known and (m := misfit(v, known[k], f"{at}.{k}"))), "")
    if isinstance(value, list) and "items" in schema:
        return next((m for i, v in enumerate(value) if (m := misfit(v, schema["items"], f"{at}[{i}]"))), "")
    return ""


def assert_as_documented(operation: dict[str, Any], answer: Any) -> None:
    told = operation["responses"]
    assert str(answer.status_code) in told, (operation["operationId"], answer.status_code, answer.content[:300])
    ((media, content),) = resolved(told[str(answer.status_code)])["content"].items()
    assert answer["Content-Type"].split(";")[0] == media
    assert misfit(answer.json(), content["schema"]) == "", operation["operationId"]


# --- what may be asked -----------------------------------------------------------------------------------------------

#: What people and programs get wrong, beside what they get right.
NASTY = [
    "",
    " ",
    "0",
    "-1",
    "99999999999999999999",
    "null",
    "true",
    "' OR 1=1 --",
    "长" * 300,
    "\x00",
    "\ud800",
    "../..",
    "2024-02-30",
]
TEXTS = st.one_of(st.text(max_size=12), st.sampled_from(NASTY))


def values_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values the schema allows, mixed with some it does not."""
    good: list[st.SearchStrategy[Any]] = []
    schema = resolved(schema)
    if "enum" in schema:
        good.append(st.sampled_from(schema["enum"]))
    kinds = schema.get("type", [])
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        if kind == "string" and schema.get("format") == "date":
            good.append(st.dates(date(2007, 1, 1), date(2026, 1, 1)).map(str))
        elif kind == "string":
            good.append(st.one_of(TEXTS, st.sampled_from(["341502", "2024-10", "fiscal_growth", "enterprise", "公司"])))
        elif kind == "integer":
            good.append(st.integers(-10, 3000))
        elif kind == "number":
            good.append(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
        elif kind == "boolean":
            good.append(st.booleans())
        elif kind == "null":
            good.append(st.none())
    odd = st.one_of(st.none(), st.integers(), st.booleans(), TEXTS, st.just([]), st.just({"a": 1}))
    return st.one_of(*good, odd)


def requests_for(path: str, operation: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    asked = [p for p in map(resolved, operation["parameters"]) if p["in"] == "query"]
    query = st.fixed_dictionaries(
        {}, optional={p["name"]: values_of(p["schema"]).map(str) for p in asked} | {"oops": TEXTS}
    )
    keys = st.one_of(st.integers(1, 400).map(str), TEXTS, st.sampled_from(["ZS-2024-0001", "341502", "2024-10-01"]))
    rows: st.SearchStrategy[Any] = st.none()
    if body := operation.get("requestBody"):
        row = resolved(body["content"]["application/json"]["schema"]["properties"]["rows"]["items"])
        fields = {name: values_of(schema) for name, schema in row["properties"].items()}
        required = {name: fields.pop(name) for name in row["required"]}
        rows = st.lists(st.fixed_dictionaries(required, optional=fields), max_size=3)
    return st.fixed_dictionaries({"query": query, "key": keys, "rows": rows, "idempotency": st.integers(0, 10**9)})


def test_every_operation_answers_as_documented_whatever_it_is_asked(connect):
    tell_the_year(scale=Fraction(1, 40))
    systems = [connect(Account.objects.get(username=name)) for name in ("gaoxin", "yuan")]

    def try_out(path: str, method: str, operation: dict[str, Any]) -> None:
        seen: set[int] = set()

        @settings(
            max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(requests_for(path, operation), st.sampled_from(systems))
        def attempt(asked: dict[str, Any], system: Caller) -> None:
            address = re.sub(r"\{\w+\}", quote(asked["key"], safe="", errors="surrogatepass") or "0", path)
            headers = {"Idempotency-Key": f"fuzz-{asked['idempotency']:09d}"}
            body = json.dumps({"rows": asked["rows"]}).encode() if asked["rows"] is not None else b""
            kind = "application/json" if body else "application/octet-stream"
            query = {k: v.encode("utf-8", "surrogatepass") for k, v in asked["query"].items()}
            answer = system.call(
                method.upper(), address, query_params=query, data=body, content_type=kind, headers=headers
            )
            if answer.status_code == 404 and "404" not in operation["responses"]:
                raise AssertionError(f"{operation['operationId']} is nowhere: {address}")
            if b"/" in asked["key"].encode("utf-8", "replace") and answer.status_code == 404:
                return  # another address
            seen.add(answer.status_code)
            assert_as_documented(operation, answer)

        attempt()
        plain = systems[0].call(method.upper(), path) if "{" not in path and method == "get" else None
        if plain is not None and plain.status_code != 403:
            assert plain.status_code == 200, path
            assert_as_documented(operation, plain)

    for path, method, operation in OPERATIONS:
        try_out(path, method, operation)


def test_every_desk_business_reads_is_listed_and_every_form_that_makes_records_can_be_written():
    assert {d.name for d in offered()} >= {"parties", "certifications", "targets", "figures"}
    for desk in desks().values():
        methods = set(DOCUMENT["paths"].get(f"/api/v1/records/{desk.name}", {}))
        assert methods == (
            {"get", "post"} if desk in offered() and writable(desk) else {"get"} if desk in offered() else set()
        )


def test_operations_have_names_of_their_own():
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))


def test_every_reference_of_the_document_leads_somewhere():
    for target in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(DOCUMENT, ensure_ascii=False)):
        resolved({"$ref": f"#/{target}"})


def test_sealed_fields_are_not_in_what_leaves():
    for desk in offered():
        named = set(DOCUMENT["components"]["schemas"][schema_name(desk)]["properties"]["fields"]["properties"])
        secret = {f.name for f in desk.model._meta.concrete_fields if f.name == "digest" and not f.editable}
        assert named.isdisjoint({"contact_phone", "password", "nonce", "salt", *secret, *desk.sealed}), desk.name
