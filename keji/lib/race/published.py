"""A run as a file anybody can recompute: canonical JSON with scheme, data and every step, under its SHA-256 digest.

The digest is over the canonical JSON (RFC 8785) of the file without its `digest`. Numbers are text: a decimal where it
ends, numerator/denominator where not; so no digit depends on who prints it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keji.lib.merkle import canonical
from keji.lib.race.codec import decode, encode
from keji.lib.race.run import Run
from keji.lib.race.scheme import Data, Scheme
from keji.lib.race.scoring import SchemeError, score

KIND = "keji.race"
METHOD = 1  # raised when a change of ours would give other figures for the same scheme and data
MOST_BYTES = 64 * 1024 * 1024


class PublishedError(ValueError):
    """A file that cannot be read as a published run; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Rerun:
    """`run`: recomputed from the scheme and data in the file. `differences`: what the file prints otherwise."""

    run: Run
    digest: str
    differences: tuple[str, ...]


def _content(run: Run) -> dict[str, Any]:
    return {
        "kind": KIND,
        "method": METHOD,
        "scheme": encode(run.scheme),
        "data": encode(run.data),
        "cells": encode(run.cells),
        "levels": encode(run.levels),
        "placings": encode(run.placings),
        "log": encode(run.log),
    }


def _digest(content: Mapping[str, Any]) -> str:
    plain = {k: v for k, v in content.items() if k != "digest"}
    return hashlib.sha256(canonical(plain)).hexdigest()


def publish(run: Run) -> bytes:
    """The file: the same bytes for the same run."""
    content = _content(run)
    return canonical(content | {"digest": _digest(content)})


def _read(content: bytes) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise PublishedError("文件太大，不是赛马计分文件。")
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise PublishedError("不是 JSON 文件，请选择公布的赛马计分文件（.json）。") from None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise PublishedError("不是赛马计分文件，请选择公布的赛马计分文件（.json）。")
    if found.get("method") != METHOD:
        raise PublishedError(f"文件按第 {found.get('method')} 版方法计分，本程序只能重算第 {METHOD} 版。")
    return found


def digest_of(content: bytes) -> str:
    """The digest a file states, 64 hex digits. PublishedError when it states none or is no such file."""
    stated = _read(content).get("digest")
    if not isinstance(stated, str) or len(stated) != 64:
        raise PublishedError("文件没有内容摘要，不能核对。")
    return stated


def rerun(content: bytes) -> Rerun:
    """Score the scheme and data in the file again and compare every printed step. PublishedError when unreadable."""
    given = _read(content)
    try:
        scheme: Scheme = decode(Scheme, given.get("scheme"), "方案/")
        data: Data = decode(Data, given.get("data"), "数据/")
        run = score(scheme, data)
        actual = _digest(given)
    except SchemeError as error:
        raise PublishedError(f"文件里的方案或数据不能计分：{error}") from None
    except RecursionError:
        raise PublishedError("文件里的方案层级过多，不能计分。") from None
    except (ValueError, TypeError) as error:
        raise PublishedError(f"文件内容不完整：{error}") from None
    differences = list(_differences(given, _content(run), _titles(run)))
    if given.get("digest") != actual:
        differences.insert(0, "文件的内容摘要与内容不符，文件公布后改动过。")
    return Rerun(run, actual, tuple(differences))


def _titles(run: Run) -> dict[str, str]:
    titles = {i.code: i.title for i in run.scheme.indicators} | {v.code: v.title for v in run.scheme.root.levels()}
    return titles | {u.code: u.title for u in run.data.units}


_PARTS = {"cells": "计分", "levels": "合成", "placings": "名次", "log": "说明"}
_FIELDS = {
    "value": "数据",
    "treated": "处理后数据",
    "points": "得分",
    "filled": "是否补分",
    "weight": "权重",
    "contribution": "贡献",
    "base": "加减分前总分",
    "bonus": "加减分",
    "total": "总分",
    "printed": "公布得分",
    "place": "名次",
    "overall": "总名次",
    "change": "名次变化",
    "missing": "缺少的指标",
    "note": "说明",
}


def _differences(given: Mapping[str, Any], again: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[str]:
    for part, word in _PARTS.items():
        here, there = _by_unit(part, given.get(part)), _by_unit(part, again[part])
        yield from _walk(here, there, (word,), titles)


def _by_unit(part: str, value: Any) -> Any:
    """Placings by unit, so that one place exchanged is not told as two other units."""
    if part == "placings" and isinstance(value, list):
        return {str(s.get("unit")) if isinstance(s, dict) else str(i): s for i, s in enumerate(value)}
    return value


def _walk(here: Any, there: Any, path: tuple[str, ...], titles: Mapping[str, str]) -> Iterator[str]:
    if isinstance(here, dict) and isinstance(there, dict):
        for key in dict.fromkeys([*there, *here]):
            word = _FIELDS.get(key) or titles.get(key, key)
            yield from _walk(here.get(key), there.get(key), (*path, word), titles)
    elif here != there:
        yield f"{' · '.join(path)}：文件为 {_plain(here)}，重算为 {_plain(there)}。"


def _plain(value: Any) -> str:
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value) or "空"
