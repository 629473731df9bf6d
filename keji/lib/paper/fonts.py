"""Which font files stand for 小标宋, 仿宋, 楷体, 黑体, 宋体 on this machine."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import typst

ROLES = {"title": "小标宋", "body": "仿宋", "kai": "楷体", "hei": "黑体", "song": "宋体"}

_REPOSITORY = Path(__file__).resolve().parents[3]
FOLDERS = (
    _REPOSITORY / "data" / "fonts",
    Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),
    Path("/usr/share/texmf/fonts/opentype/public/fandol"),
    Path("/usr/share/fonts/opentype/fandol"),
    Path("/usr/share/fonts/fandol"),
    Path("/usr/local/share/fonts"),
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/noto-cjk"),
    Path("/usr/share/fonts/google-noto-cjk"),
)

#: Families by preference; the office's own ones first, then Fandol, then Noto.
_PREFERRED = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK"),
    "body": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "FandolFang R", "FandolFang"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "FandolKai"),
    "hei": ("SimHei", "黑体", "FandolHei"),
    "song": ("SimSun", "宋体", "FandolSong"),
}
_SERIF, _SANS = ("Noto Serif CJK SC", "Source Han Serif SC"), ("Noto Sans CJK SC", "Source Han Sans SC")

_links: dict[Path, str] = {}
_links_lock = threading.Lock()


@dataclass(frozen=True)
class Fonts:
    """Families to set each role in, first choice first, and the folders that hold them."""

    chains: Mapping[str, tuple[str, ...]]
    folders: tuple[str, ...]
    heavy: frozenset[str]  # roles whose stand-in must be set bold to look the part
    problems: tuple[str, ...] = field(default=())
    figures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # families for Latin letters and figures

    def report(self) -> list[str]:
        """What is missing and what is used instead, a sentence each; empty when all is in place."""
        return list(self.problems)


def find(configured: Mapping[str, str | Path] | None = None, folders: Iterable[str | Path] = FOLDERS) -> Fonts:
    """Look for fonts: the configured files first (roles of `ROLES`), then the usual folders."""
    problems: list[str] = []
    held: list[str] = []
    own: dict[str, str] = {}
    for role, name in (configured or {}).items():
        if role not in ROLES:
            problems.append(f"字体设置中的“{role}”不是可设置的字体，可设置的有：{'、'.join(ROLES)}。")
            continue
        folder = _folder_of(Path(name))
        families = sorted({font.family for font in _load((folder,)).fonts()}) if folder else []
        if folder and families:
            own[role] = families[0]
            held.append(folder)
        else:
            problems.append(f"设置的{ROLES[role]}字体文件“{name}”不存在或不是字体，请核对路径。")
    held += [str(folder) for folder in folders if Path(folder).is_dir()]
    present = {font.family for font in _load(tuple(held)).fonts()}
    chains = {role: _chain(role, own.get(role), present) for role in ROLES}
    problems += _missing(chains, own)
    heavy = frozenset(role for role in ("title", "hei") if chains[role][0] in _SERIF + _SANS and role not in own)
    return Fonts(chains, tuple(dict.fromkeys(held)), heavy, tuple(problems), _figures(chains))


def _load(folders: tuple[str, ...]) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))


def _folder_of(path: Path) -> str | None:
    """A folder with this font alone: the compiler reads folders, and a whole Windows font folder is slow."""
    path = path.resolve()
    if not path.is_file():
        return None
    with _links_lock:
        if path not in _links:
            folder = Path(tempfile.mkdtemp(prefix="keji-font-"))
            (folder / path.name).symlink_to(path)
            _links[path] = str(folder)
        return _links[path]


def _chain(role: str, own: str | None, present: set[str]) -> tuple[str, ...]:
    fallback = _SANS + _SERIF if role == "hei" else _SERIF + _SANS
    wanted = ([own] if own else []) + [*_PREFERRED[role], *fallback]
    # the compiler's own Latin fonts come last, so that something is always printed
    return tuple(dict.fromkeys([name for name in wanted if name in present or name == own] + ["Libertinus Serif"]))


def _figures(chains: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Fandol's own figures are heavier than its 仿宋 and have serifs in its 黑体: borrow them from its neighbours."""
    result: dict[str, tuple[str, ...]] = {}
    if chains["body"][0].startswith("FandolFang") and "FandolSong" in chains["song"]:
        result["body"] = ("FandolSong",)
    sans = [name for name in _SANS if name in chains["hei"]]
    if chains["hei"][0] == "FandolHei" and sans:
        result["hei"] = (sans[0],)
    return result


def _missing(chains: Mapping[str, tuple[str, ...]], own: Mapping[str, str]) -> list[str]:
    sentences = []
    for role, label in ROLES.items():
        first = chains[role][0]
        if role in own or first in _PREFERRED[role]:
            if first.startswith("Fandol") and role == "body":
                sentences.append("未设置本单位的仿宋_GB2312字体，PDF用开源的Fandol仿宋、楷体、黑体代替，字形略有差别。")
            continue
        if first.startswith("Libertinus"):
            sentences.append(f"没有{label}字体，也没有可代替的中文字体，PDF中的汉字会缺失：请安装fonts-noto-cjk。")
        elif role == "title":
            sentences.append(
                f"没有方正小标宋字体，PDF标题用{first}粗体代替；有授权的单位可把字体文件放进数据文件夹的fonts目录。"
            )
        else:
            sentences.append(
                f"没有{label}字体，PDF中用{first}代替：可运行tools/fonts.sh取得，或把字体文件放进数据文件夹的fonts目录。"
            )
    return sentences
