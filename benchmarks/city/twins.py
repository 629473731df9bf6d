"""Many records from few: rounds of twins of what the demo told, each round for other firms, by INSERT … SELECT.

A twin has the key of its original plus a million a round, so what points from one twin to another points right without
looking anything up. Nothing goes through a service or the log: this is weight to be carried by pages, not a story.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

SPAN = 1_000_000


def multiply(kinds: Sequence[Any], *, to: int, of: Any, other: Mapping[str, str] | None = None) -> int:
    """Twins of all rows of `kinds` (parents first) until `of` has about `to` rows; returns the rounds it took.

    `other`: SQL of columns that must differ from round to round, t being the original and x.r the round.
    """
    have = of.objects.filter(pk__lt=SPAN).count()
    if not have or of.objects.filter(pk__gte=SPAN).exists():
        return 0
    rounds = max(to // have - 1, 0)
    with connection.cursor() as cursor:
        _settle(cursor, kinds, rounds)
        for kind in kinds:
            cursor.execute(_statement(kind, set(kinds), other or {}))
        cursor.execute("DROP TABLE bench_twin")
        cursor.execute("DROP TABLE bench_round")
    return rounds


def _settle(cursor: Any, kinds: Sequence[Any], rounds: int) -> None:
    """Which firm stands for which in every round: never the same for two, as long as there are firms enough."""
    from keji.kernel.parties.models import Party

    told: set[int] = set()
    for kind in kinds:
        for field in kind._meta.concrete_fields:
            if field.is_relation and field.related_model is Party:
                told |= set(kind.objects.exclude(**{field.name: None}).values_list(field.attname, flat=True))
    firms = list(Party.objects.filter(kind="enterprise").order_by("pk").values_list("pk", flat=True))
    free = [pk for pk in firms if pk not in told]
    old = sorted(told)
    cursor.execute("CREATE TEMPORARY TABLE bench_round (r bigint)")
    cursor.execute("CREATE TEMPORARY TABLE bench_twin (r bigint, old bigint, new bigint, PRIMARY KEY (r, old))")
    cursor.executemany("INSERT INTO bench_round VALUES (%s)", [[r] for r in range(1, rounds + 1)])
    rows = [
        [r, party, free[((r - 1) * len(old) + i) % len(free)]]
        for r in range(1, rounds + 1)
        for i, party in enumerate(old)
    ]
    cursor.executemany("INSERT INTO bench_twin VALUES (%s, %s, %s)", rows)


def _statement(kind: Any, together: set[Any], other: Mapping[str, str]) -> str:
    from keji.kernel.parties.models import Party, Region

    fields = kind._meta.concrete_fields
    joins, values = "", []
    where_party = ""
    for field in fields:
        column = connection.ops.quote_name(field.column)
        own, named = f"t.{column}", f"{kind._meta.model_name}.{field.name}"
        if named in other:
            values.append(other[named])
        elif field.primary_key or (field.is_relation and field.related_model in together):
            values.append(f"{own} + x.r * {SPAN}")
        elif field.is_relation and field.related_model is Party:
            twin = f"w_{field.name}"
            joins += f" LEFT JOIN bench_twin {twin} ON {twin}.r = x.r AND {twin}.old = {own}"
            values.append(f"COALESCE({twin}.new, {own})")
            where_party = where_party or f"{twin}.new"
        elif field.is_relation and field.related_model is Region and where_party:
            values.append(own)  # set below, once the firm is known
        elif field.is_relation and field.unique and field.null:
            values.append("NULL")
        elif field.unique and isinstance(field, models.CharField):
            values.append(f"{own} || '-' || x.r")
        else:
            values.append(own)
    for place, field in enumerate(fields):
        if field.is_relation and field.related_model is Region and where_party and field.name == "region":
            values[place] = (
                f"COALESCE((SELECT p.region_id FROM parties_party p WHERE p.id = {where_party}), t.region_id)"
            )
    columns = ", ".join(connection.ops.quote_name(f.column) for f in fields)
    table = connection.ops.quote_name(kind._meta.db_table)
    primary = connection.ops.quote_name(kind._meta.pk.column)
    return (
        f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)} FROM {table} t CROSS JOIN bench_round x{joins} "  # noqa: S608 - names of our own
        f"WHERE t.{primary} < {SPAN}"
    )
