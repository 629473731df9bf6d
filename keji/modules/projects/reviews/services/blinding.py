"""Blind review: the names an expert must not read, what still gives an applicant away, and who looked at it before.

Known names (unit, trade name, people, partners, contact) are taken out of what experts read. What no rule can take
out for certain is shown to the officer, who answers for it before the batch goes out.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from keji.kernel.audit.log import log, writing
from keji.kernel.documents.models import Attachment, Blob
from keji.kernel.parties.models import Region
from keji.kernel.people.roles import Actor, Role
from keji.kernel.records.flow import Refused
from keji.kernel.records.saving import locked
from keji.lib.plantext import PlanError
from keji.lib.plantext.sources import open_document
from keji.modules.projects.models import Proposal, ReviewBatch
from keji.modules.projects.proposals.services import limits
from keji.modules.projects.reviews.services.panel import proposals_of

FORMS = (
    "有限责任公司",
    "股份有限公司",
    "集团有限公司",
    "有限公司",
    "（普通合伙）",
    "（有限合伙）",
    "合伙企业",
    "集团",
    "公司",
)
TRADES = (
    *("科技", "技术", "机械", "电子", "电气", "材料", "新材料", "装备", "设备", "制造", "农业", "生物", "医药", "智能"),
    *("信息", "网络", "软件", "环保", "能源", "新能源", "汽车", "部件", "工业", "实业", "食品", "纺织", "羽绒", "化工"),
    *(
        "建材",
        "发展",
        "股份",
        "光电",
        "精密",
        "自动化",
        "物联网",
        "数字",
        "重工",
        "铸造",
        "茶业",
        "药业",
        "制品",
        "工程",
    ),
)
#: Trade names that are words of every proposal: taking them out would spoil the text, so the officer looks at them.
PLAIN_WORDS = frozenset(
    "创新 智能 绿色 先进 科技 高新 未来 数字 中国 国家 发展 自主 现代 生态 安全 精密 新能 环保 农业 大地 中科".split()
)
WHOSE = re.compile(r"[\u4e00-\u9fa5]{2,20}(?:有限公司|股份公司|集团公司|研究院|研究所|大学|学院|合作社)")
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
PATENT = re.compile(r"ZL\s?\d{12}(?:\.[\dX])?|CN\s?\d{9}[A-Z]?")
CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NP-RT-UW-Y]{18}(?![0-9A-Z])")
KINDS = (
    *(("写有单位名称", WHOSE), ("写有手机号", PHONE), ("写有邮箱", MAIL)),
    *(("写有专利号", PATENT), ("写有单位代码", CODE)),
)
Files = dict[str, list[Attachment]]  # {material's code: its files}
MOST_FILE = 20 * 1024 * 1024
AROUND = 12


class Finding(NamedTuple):
    """One place that may tell whose proposal it is: in which part, what it is, the words around it."""

    proposal: Proposal
    place: str
    what: str
    words: str


def trade_name(name: str, regions: tuple[str, ...] = ()) -> str:
    """The part of a firm's name that is its own (字号): 六安明德机械有限公司 → 明德; "" when there is none."""
    core = re.sub(r"[（(].*?[)）]", "", name)
    for form in FORMS:
        core = core.removesuffix(form)
    for place in sorted({*regions, "安徽省", "安徽", "中国"}, key=len, reverse=True):
        core = core.removeprefix(place)
    cut = True
    while cut:
        cut = False
        for trade in sorted(TRADES, key=len, reverse=True):
            if core.endswith(trade) and len(core) - len(trade) >= 2:
                core, cut = core.removesuffix(trade), True
    return core if 2 <= len(core) <= 6 else core[:2] if len(core) > 6 else ""


def city_places() -> tuple[str, ...]:
    """Names of the city and its counties, with and without their last character."""
    found: set[str] = set()
    for name in Region.objects.values_list("name", flat=True):
        found |= {name, name[:-1]} if len(name) > 2 else {name}
    return tuple(found)


def names_in(proposal: Any, places: tuple[str, ...] | None = None) -> dict[str, str]:
    """{name that would tell a blind reviewer whose proposal it is: what stands there instead}."""
    where = city_places() if places is None else places
    found = {proposal.leader_name: "项目负责人"}
    for name in (proposal.party.name, *(former.name for former in proposal.party.names.all())):
        found |= _of_unit(name, where, "某单位")
    if proposal.party.uscc:
        found[proposal.party.uscc] = "某代码"
    found |= {m.name: "某成员" for m in proposal.members.all()}
    for member in proposal.members.all():
        found |= _of_unit(member.unit, where, "某单位")
    for partner in proposal.partners.all():
        found |= _of_unit(partner.name, where, "某合作单位")
    if proposal.contact_name:
        found.setdefault(proposal.contact_name, "联系人")
    return {name: word for name, word in found.items() if len(name) > 1}


def _of_unit(name: str, places: tuple[str, ...], word: str) -> dict[str, str]:
    """A unit's full name, the name without its legal form, and its trade name unless that is an everyday word."""
    if not name:
        return {}
    found, own = {name: word}, trade_name(name, places)
    for form in FORMS[:4]:
        if name.endswith(form):
            found[name.removesuffix(form)] = word
    if own and own not in PLAIN_WORDS:
        found[own] = word
    return found


def blinded(text: str, names: Mapping[str, str]) -> str:
    """`text` with the names taken out, longest first; letters are compared whatever their case."""
    for name in sorted(names, key=lambda n: (-len(n), n)):
        if len(name) > 1:
            text = re.sub(re.escape(name), names[name], text, flags=re.IGNORECASE)
    return text


def shown_files(proposal: Proposal, *, blind: bool, there: Files | None = None) -> list[tuple[str, Attachment]]:
    """[(name for the expert, file)] an expert may open; of a blind review only what the call marked as nameless.

    `there`: the proposal's files where the caller has them already.
    """
    there, flag = limits.files_of(proposal) if there is None else there, "blind" if blind else "shown"
    return [
        (f"{m['name']}{n if n > 1 else ''}", file)
        for m in proposal.guideline.materials
        if m.get(flag)
        for n, file in enumerate(there.get(m["code"], []), 1)
    ]


def kept_back(proposal: Proposal) -> list[str]:
    """Materials experts were to read that a blind review keeps from them."""
    return [m["name"] for m in proposal.guideline.materials if m.get("shown") and not m.get("blind")]


def findings(batch: ReviewBatch) -> list[Finding]:
    """Everything in a blind batch that may still tell whose a proposal is; [] for an open one."""
    if not batch.guideline.scheme.blind:
        return []
    places = city_places()
    rows = list(proposals_of(batch))
    files = limits.files_of_many([p.pk for p in rows])
    return [found for p in rows for found in _of_proposal(p, places, files.get(p.pk, {}))]


def _of_proposal(proposal: Proposal, places: tuple[str, ...], files: Files) -> Iterator[Finding]:
    names = names_in(proposal, places)
    own = trade_name(proposal.party.name, places)
    hidden = {own} if own in PLAIN_WORDS else set()
    titles = {s["code"]: s["title"] for s in proposal.guideline.sections}
    texts = [("项目名称", proposal.title), ("摘要", proposal.abstract)]
    texts += [(titles.get(code, code), text) for code, text in sorted(proposal.contents.items())]
    for place, text in texts:
        for what, words in _leaks(blinded(text, names), hidden):
            yield Finding(proposal, place, what, words)
    for label, file in shown_files(proposal, blind=True, there=files):
        yield from _of_file(proposal, label, file, names, hidden)


def _of_file(
    proposal: Proposal, label: str, file: Attachment, names: Mapping[str, str], hidden: set[str]
) -> Iterator[Finding]:
    """A file goes out as it is: a name that stands in it stays in it."""
    text = _text_of(file)
    if text is None:
        yield Finding(proposal, f"附件“{label}”", "读不出文字，请打开核对", file.name)
        return
    for name in sorted(names, key=lambda n: (-len(n), n)):
        if (at := text.find(name)) >= 0:
            yield Finding(proposal, f"附件“{label}”", "写有申报单位或人员", _around(text, at, len(name)))
            break
    for what, words in _leaks(blinded(text, names), hidden):
        yield Finding(proposal, f"附件“{label}”", what, words)


def _text_of(file: Attachment) -> str | None:
    """What a file says; None when it cannot be read as text."""
    suffix = Path(file.name).suffix.lower()
    if suffix not in (".docx", ".pdf", ".txt") or file.blob.size > MOST_FILE:
        return None
    return _read(file.blob_id, suffix)


@lru_cache(maxsize=256)  # the page asks again and again while the officer looks; content never changes under a digest
def _read(digest: str, suffix: str) -> str | None:
    blob = Blob.objects.get(pk=digest)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(blob.read())
        try:
            text = "\n".join(open_document(path))
        except (PlanError, OSError, ValueError):
            return None
    return text if text.strip() else None


def _leaks(text: str, hidden: set[str]) -> Iterator[tuple[str, str]]:
    """[(what it is, words around it)], the first place of each kind."""
    for what, pattern in KINDS:
        if found := pattern.search(text):
            yield what, _around(text, found.start(), len(found.group()))
    for name in sorted(hidden):
        if (at := text.find(name)) >= 0:
            yield "出现申报单位字号，但也是常用词", _around(text, at, len(name))


def _around(text: str, at: int, length: int) -> str:
    start = max(0, at - AROUND)
    return ("…" if start else "") + text[start : at + length + AROUND].replace("\n", " ")


def digest_of(found: list[Finding]) -> str:
    """Changes when anything is found that was not there when the officer looked."""
    rows = sorted(f"{f.proposal.pk}|{f.place}|{f.what}|{f.words}" for f in found)
    return sha256("\n".join(rows).encode()).hexdigest()[:32]


def looking_problem(batch: ReviewBatch) -> str:
    """Why a blind batch may not go out yet; "" when nothing was found or somebody looked at just this."""
    found = findings(batch)
    if not found or batch.looked_at == digest_of(found):
        return ""
    return f"有 {len(found)} 处可能透露申报单位，请先在“匿名检查”里核对"


def digest_for(batch: ReviewBatch) -> str:
    return digest_of(findings(batch))


def look(batch: ReviewBatch, seen: str, *, actor: Actor, at: datetime) -> ReviewBatch:
    """The officer has looked at everything found and answers for it; `seen` is the digest their page showed."""
    with writing(actor, at):
        fresh: ReviewBatch = locked(batch)
        if not actor.has(Role.OFFICER):
            raise Refused("匿名检查由业务科室核对")
        if fresh.state != ReviewBatch.State.DRAFT:
            raise Refused("评审已经开始")
        found = findings(fresh)
        if digest_of(found) != seen:
            raise Refused("核对期间内容有变化，请重新核对")
        fresh.looked_at, fresh.updated_at = seen, at
        fresh.save(update_fields=["looked_at", "updated_at"])
        log("核对匿名检查", fresh, {"可能透露申报单位": [None, f"{len(found)} 处"]})
    return fresh
