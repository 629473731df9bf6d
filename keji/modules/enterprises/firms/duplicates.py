"""Finding firms that are probably one: the same name under other brackets, or codes one slip apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import ne
from typing import Any

from django.db.models import Q, QuerySet

from keji.kernel.audit.log import log, writing
from keji.kernel.parties.models import DuplicatePair, Party
from keji.kernel.people.roles import Actor
from keji.lib.width import drop_invisible, fold_width

_ENDINGS = ("有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "股份公司", "责任公司", "公司")
FEW = 5  # up to so many fresh firms the register is sifted before it is compared
_PUNCTUATION = re.compile(r"[\s()（）\[\]【】〔〕《》<>“”\"'‘’·.,，。、\-_—]+")


#: Up to so many new firms are compared with the database's pick, more with everybody on file.
FEW = 5


def normal_name(name: str) -> str:
    """A name without what people write differently: width, brackets, spaces, and the legal ending."""
    text = _PUNCTUATION.sub("", fold_width(drop_invisible(name))).upper()
    for ending in _ENDINGS:
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return text[: -len(ending)]
    return text


def slips(code: str) -> list[str]:
    """Keys two codes share when they are one slip apart: one place wrong, or two neighbours swapped.

    The check characters of a code catch most slips, so what is compared is the body before them.
    """
    body = code[8:16]
    masked = [f"{body[:i]}*{body[i + 1 :]}" for i in range(len(body))]
    swapped = [
        f"{body[:i]}<{''.join(sorted(body[i : i + 2]))}>{body[i + 2 :]}"
        for i in range(len(body) - 1)
        if body[i] != body[i + 1]
    ]
    return masked + swapped


def detect(ids: Sequence[int], *, actor: Actor, at: datetime) -> int:
    """Compare these firms with all on file and queue the look-alikes; returns how many pairs are new."""
    fresh = set(ids)
    found = dict(_pairs(_plausible(list(_candidates(fresh).values_list("pk", "name", "uscc")), fresh), fresh))
    if not found:
        return 0
    known = set()
    touched = sorted({pk for pair in found for pk in pair})
    for start in range(0, len(touched), 400):
        part = touched[start : start + 400]
        known |= set(DuplicatePair.objects.filter(first_id__in=part).values_list("first_id", "second_id"))
    new = [
        DuplicatePair(first_id=a, second_id=b, reason=reason)
        for (a, b), reason in sorted(found.items())
        if (a, b) not in known
    ]
    with writing(actor, at):
        DuplicatePair.objects.bulk_create(new, batch_size=500)
        for pair in new:
            log("发现疑似重复", pair, {"reason": [None, pair.reason]})
    return len(new)


def _candidates(fresh: set[int]) -> QuerySet[Any]:
    """Firms that could be look-alikes of these: all on file for a whole sheet, the database's own pick for a few.

    A like name holds every Chinese character of the other's; one slip leaves half of a code's body untouched, unless
    it swaps the two in the middle.
    """
    alive: QuerySet[Any] = Party.objects.alive()
    if len(fresh) > FEW:
        return alive
    wanted = Q(pk__in=fresh)
    for name, code in Party.objects.filter(pk__in=fresh).values_list("name", "uscc"):
        like = Q()
        for character in _chinese(name):
            like &= Q(name__contains=character)
        wanted |= like if like else Q(pk__in=())
        body = code[8:16]
        for part in (body[:4], body[4:], f"{body[:3]}{body[4]}{body[3]}{body[5:]}"):
            wanted |= Q(uscc__contains=part)
    return alive.filter(wanted)


def _plausible(rows: list[tuple[int, str, str]], fresh: set[int]) -> list[tuple[int, str, str]]:
    """Without those a glance rules out: codes given out in one go share half a body with thousands."""
    if len(fresh) > FEW:
        return rows
    new = [(set(_chinese(name)), code[8:16]) for pk, name, code in rows if pk in fresh]
    return [
        (pk, name, code)
        for pk, name, code in rows
        if any(sum(map(ne, code[8:16], body)) <= 2 or wanted <= set(name) for wanted, body in new)
    ]


def _chinese(name: str) -> list[str]:
    return [c for c in dict.fromkeys(normal_name(name)) if "一" <= c <= "鿿"]


def _near(rows: list[tuple[int, str, str]], fresh: set[int]) -> list[tuple[int, str, str]]:
    """The rows that could resemble a few fresh ones, by a test so cheap that saving one firm among 100,000 stays quick.

    A slip changes at most two places of a code; names that are one have the same ideographs, however punctuated.
    """
    few = [(code[8:16], _ideographs(normal_name(name))) for pk, name, code in rows if pk in fresh]
    return [
        row
        for row in rows
        if row[0] in fresh or any(marks <= set(row[1]) or sum(map(ne, body, row[2][8:16])) <= 2 for body, marks in few)
    ]


def _ideographs(text: str) -> frozenset[str]:
    return frozenset(c for c in text if c >= "\u3400")


def _pairs(rows: list[tuple[int, str, str]], fresh: set[int]) -> Iterator[tuple[tuple[int, int], str]]:
    """((smaller key, larger key), reason) of every look-alike with at least one of the fresh ones in it."""
    names: dict[str, list[int]] = {}
    codes: dict[str, list[tuple[int, frozenset[str]]]] = {}
    for pk, name, code in rows:
        if pk in fresh:
            names.setdefault(normal_name(name), []).append(pk)
            pairs = name_pairs(name)
            for key in slips(code):
                codes.setdefault(key, []).append((pk, pairs))
    for pk, name, code in rows:
        near = [found for key in slips(code) for found in codes.get(key, ()) if found[0] != pk]
        if near:
            pairs = name_pairs(name)
            for other, other_pairs in near:
                # Codes given out one after another are one place apart by design: a slip also needs a like name.
                if alike(pairs, other_pairs):
                    yield (min(pk, other), max(pk, other)), "统一社会信用代码只差一处，名称相近"
        for other in names.get(normal_name(name), ()):
            if other != pk:
                yield (min(pk, other), max(pk, other)), "名称相同（不计括号、空格和“有限公司”等写法）"


def name_pairs(name: str) -> frozenset[str]:
    text = normal_name(name)
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def alike(first: frozenset[str], second: frozenset[str]) -> bool:
    """Do two names share most of their neighbouring pairs of characters?"""
    shared = len(first & second)
    return shared > 0 and 20 * shared >= 7 * (len(first) + len(second))
