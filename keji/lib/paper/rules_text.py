"""Rules on the parts of the text. Each yields (where, rule, message, severity)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from keji.lib.paper.model import PaperError, chinese_number
from keji.lib.paper.number import DocumentNumber
from keji.lib.paper.outline import Outline, heading_level
from keji.lib.paper.word_reader import Line, Manuscript

Item: TypeAlias = tuple[str, str, str, Literal["error", "warning"]]

#: 党政机关公文处理工作条例, the fifteen kinds of document.
_FIFTEEN = "决议 决定 命令 公报 公告 通告 意见 通知 通报 报告 请示 批复 议案 函 纪要"
KINDS = tuple(_FIFTEEN.split())
_KIND_AT_END = re.compile(rf"({'|'.join(KINDS)}|[^法律政]令)(（[^（）]{{1,12}}）)?$")

_FAMILIES = {
    "仿宋": ("仿宋", "fangsong", "fandolfang"),
    "楷体": ("楷", "kaiti", "simkai", "fandolkai"),
    "黑体": ("黑体", "simhei", "heiti", "方正黑", "fandolhei"),
    "小标宋": ("小标宋", "xiaobiaosong"),
    "宋体": ("宋体", "simsun", "song"),
}
_HAN = r"[\u4e00-\u9fff]"
_HALF = re.compile(rf"{_HAN}[,;:?!()\"']|[,;:?!()\"']{_HAN}")
_ADDRESS = re.compile(r"https?://[!-~]{1,300}|[\w.+-]{1,64}@[\w.-]{1,200}", re.ASCII)  # bounded: texts may be hostile
_PADDED = re.compile(r"\d{4}年(0\d月\d{1,2}日|0\d月|\d{1,2}月0\d日)")


def text_findings(manuscript: Manuscript, parts: Outline) -> Iterator[Item]:
    if manuscript.revised:
        yield "全文", "修订", "文中还有未处理的修订或批注，请全部接受或拒绝修订、删除批注后再印发。", "error"
    yield from _number(parts)
    yield from _title(parts)
    yield from _addressee(parts)
    for line in parts.body:
        yield from _heading_or_text(line)
        yield from _indent(line)
        yield from _mixed(line)
    yield from _heading_order(parts)
    for line in manuscript.lines:
        if line not in parts.attachment_list and line is not parts.date:
            yield from _punctuation(line)
    yield from _attachment_list(parts)
    yield from _signature(parts)
    yield from _kind_rules(parts)
    if not parts.colophon:
        yield "末页", "版记", "没有版记，请在末页下端加上抄送机关、印发机关和印发日期。", "warning"


def _is(font: str, family: str) -> bool:
    return any(name in font.lower() for name in _FAMILIES[family])


def _called(font: str) -> str:
    return f"“{font}”" if font else "主题默认字体"


def _number(parts: Outline) -> Iterator[Item]:
    if parts.number is None:
        return
    line = parts.number
    text = re.split(r"\s*签发人", line.text.strip())[0].strip()
    try:
        right = str(DocumentNumber.parse(text))
    except PaperError:
        yield line.place, "发文字号", "发文字号的年份应写全四位，如“六科〔2024〕5号”，请修改。", "error"
        return
    if text == right:
        return
    reasons = []
    if not re.search(r"〔\d{4}〕", text):
        reasons.append("年份应写全称并用六角括号〔〕括起")
    if re.search(r"第\s*\d+\s*号", text):
        reasons.append("序号前不加“第”字")
    if re.search(r"[^\d]0\d*\s*号", text):
        reasons.append("序号前不补零")
    if not reasons:
        reasons.append("字间不应有空格或全角数字")
    yield line.place, "发文字号", f"发文字号写成“{text}”不规范，{'，'.join(reasons)}，应写成“{right}”。", "error"


def _title(parts: Outline) -> Iterator[Item]:
    if not parts.title:
        yield "文首", "标题", "没有找到标题，标题应在正文之前居中，用2号小标宋体，请补上或改正格式。", "error"
        return
    first = parts.title[0]
    where = first.place
    if not _is(first.font, "小标宋"):
        yield where, "标题字体", f"标题用了{_called(first.font)}，应用小标宋体（如方正小标宋简体），请修改。", "error"
    if first.size and abs(first.size - 22) > 0.1:
        yield where, "标题字号", f"标题字号为{first.size:g}磅，应为2号（22磅），请修改。", "error"
    if first.align != "center":
        yield where, "标题居中", "标题没有居中，请设为居中对齐。", "error"
    if first.bold:
        yield where, "标题加粗", "小标宋体本身较粗，标题不再加粗，请取消加粗。", "warning"
    text = parts.title_text
    if re.search(r"[。，；：、,.;:]$", text):
        yield where, "标题标点", "标题末尾不加标点符号，请删去。", "error"
        text = text[:-1]
    if not _KIND_AT_END.search(text):
        kinds = "、".join(KINDS)
        yield where, "文种", f"标题中没有文种，应以法定的15个文种之一结尾（{kinds}），请补上。", "error"
    if len(re.findall("关于", text)) > 1:
        yield where, "标题用词", "标题中有两个“关于”，请改写得更简洁，如“转发……的通知”。", "warning"


def _addressee(parts: Outline) -> Iterator[Item]:
    line = parts.addressee
    if line is None:
        return
    text = line.text.strip()
    if not text.endswith("："):
        ending = "用了半角冒号" if text.endswith(":") else "末尾没有冒号"
        yield line.place, "主送机关", f"主送机关{ending}，应以全角冒号“：”结尾，请修改。", "error"
    if (line.first_line_chars or 0) > 0.5 or line.text.startswith(("　", "  ")):
        yield line.place, "主送机关", "主送机关应顶格排，请去掉首行缩进。", "error"


def _heading_or_text(line: Line) -> Iterator[Item]:
    where, text = line.place, line.text.strip()
    level = heading_level(text)
    piece = next((piece for piece in line.pieces if re.search(_HAN, piece.text)), None)
    if piece is None:
        return
    alone = not re.search(r"[。；：，]", text) or len(text) <= 30
    wanted = {1: "黑体", 2: "楷体"}.get(level, "仿宋")
    small_note = line.style == "公文附注"  # our own style for data notes, set smaller on purpose
    counted_by_word = line.own_mark and any(_is(piece.font, name) for name in ("黑体", "楷体", "仿宋"))
    if (
        not counted_by_word
        and not _is(piece.font, wanted)
        and not (level in (1, 2) and not alone and _is(piece.font, "仿宋"))
    ):
        what = ("正文", "一级标题", "二级标题", "三级标题", "四级标题")[level]
        message = f"{what}用了{_called(piece.font)}，应用{wanted}{'_GB2312' if wanted != '黑体' else ''}字体，请修改。"
        yield where, f"{what}字体", message, "error"
    if line.size and abs(line.size - 16) > 0.1 and not small_note:
        yield where, "正文字号", f"字号为{line.size:g}磅，应为3号（16磅），请修改。", "error"
    if level >= 3 and line.bold:
        yield where, "标题加粗", "国家标准没有规定三、四级标题加粗，请取消加粗。", "warning"
    yield from _heading_mark(where, text, level)


def _heading_mark(where: str, text: str, level: int) -> Iterator[Item]:
    if level == 1 and not re.match(r"^[一二三四五六七八九十]+、", text):
        yield where, "层次序号", "一级标题序号后应用顿号，写成“一、”，请修改。", "error"
    elif level == 2 and not re.match(r"^（[一二三四五六七八九十]+）(?![、.．，])", text):
        yield where, "层次序号", "二级标题应写成“（一）”，用全角括号，括号后不加标点，请修改。", "error"
    elif level == 3 and not re.match(r"^\d+[.．]", text):
        yield where, "层次序号", "三级标题序号后应用下脚点，写成“1.”而不是“1、”，请修改。", "error"
    elif level == 4 and not re.match(r"^（\d+）(?![、.．，])", text):
        yield where, "层次序号", "四级标题应写成“（1）”，用全角括号，括号后不加标点，请修改。", "error"


def _heading_order(parts: Outline) -> Iterator[Item]:
    expected = {1: 1, 2: 1}
    for line in parts.body:
        text = line.text.strip()
        level = heading_level(text)
        if level not in (1, 2):
            continue
        if level == 1:
            expected[2] = 1
        found = re.search(r"[一二三四五六七八九十]+", text)
        right = chinese_number(min(expected[level], 99))
        if found and found[0] != right:
            message = f"标题序号为“{found[0]}”，按顺序应为“{right}”，请核对是否漏号或重号。"
            yield line.place, "层次序号", message, "error"
            expected[level] = next((n for n in range(1, 100) if chinese_number(n) == found[0]), expected[level])
        expected[level] += 1


def _indent(line: Line) -> Iterator[Item]:
    chars = line.first_line_chars or 0.0
    if line.left_chars > 0.5 and chars < 0:
        return
    typed = re.match(r"^[　 ]+", line.text)
    if typed and chars < 0.5:
        yield line.place, "首行缩进", "首行用空格代替缩进，请删去空格，在“段落”中设置首行缩进2字符。", "warning"
    elif abs(chars + line.left_chars - 2) > 0.25:
        shown = f"缩进{chars + line.left_chars:.1f}字" if chars + line.left_chars > 0.05 else "没有缩进"
        yield line.place, "首行缩进", f"首行{shown}，应缩进2字，请在“段落”中设置首行缩进2字符。", "error"


def _mixed(line: Line) -> Iterator[Item]:
    fonts = list(dict.fromkeys(piece.font for piece in line.pieces if re.search(_HAN, piece.text)))
    level = heading_level(line.text)
    if len(fonts) < 2 or (level and len(fonts) == 2 and _is(fonts[1], "仿宋")):
        return  # a heading run into its paragraph may change to 仿宋
    names = "、".join(_called(font) for font in fonts)
    yield line.place, "字体混用", f"同一段里混用了{names}，请统一字体。", "error"


def _punctuation(line: Line) -> Iterator[Item]:
    text = _ADDRESS.sub("", line.text)
    found = _HALF.search(text)
    if found:
        mark = re.search(r"[,;:?!()\"']", found[0])
        shown = mark[0] if mark else ""
        yield line.place, "标点", f"中文里用了半角标点“{shown}”，请改为全角标点。", "error"
    doubled = re.search(r"[，。；：、]{2,}", text)
    if doubled:
        yield line.place, "标点", f"标点“{doubled[0]}”连用，请删去多余的标点。", "error"
    if re.search(r"[\[［【]\d{4}[\]］】]\s*第?\d+号", text) and not line.index <= 4:
        yield line.place, "引用文号", "引用文号应使用六角括号〔〕，请修改。", "error"
    padded = _PADDED.search(text)
    if padded and len(text.strip()) > len(padded[0]):
        yield line.place, "日期", f"日期“{padded[0]}”的月、日前不补零，请修改。", "warning"


def _attachment_list(parts: Outline) -> Iterator[Item]:
    if not parts.attachment_list:
        return
    first = parts.attachment_list[0]
    if re.match(r"^\s*附\s*件\s*:", first.text):
        yield first.place, "附件说明", "“附件”后用了半角冒号，应用全角冒号“：”，请修改。", "error"
    for line in parts.attachment_list:
        text = re.sub(r"^\s*附\s*件\s*[:：]", "", line.text).strip()
        if re.search(r"[。；;，,、.]$", text):
            yield line.place, "附件说明", f"附件名称后不加标点，请删去末尾的“{text[-1]}”。", "error"
        if re.match(r"^\d+[、．]|^[（(]\d+[）)]", text):
            yield line.place, "附件说明", "附件序号应用阿拉伯数字加下脚点，写成“1.”，请修改。", "error"
        if re.match(r"^(\d+[.．、]\s*)?《.*》$", text):
            yield line.place, "附件说明", "附件名称不加书名号，请删去《》。", "error"
        if re.match(r"^1[.．、]", text) and len(parts.attachment_list) == 1:
            yield line.place, "附件说明", "只有一个附件时不编序号，请删去“1.”。", "warning"


def _signature(parts: Outline) -> Iterator[Item]:
    line = parts.date
    if line is None:
        yield "文末", "成文日期", "没有找到成文日期，请在发文机关署名之下写明年月日，如“2024年9月5日”。", "error"
        return
    text = line.text.strip()
    if re.search(r"[一二三四五六七八九〇○零]{4}年", text):
        yield line.place, "成文日期", "成文日期应用阿拉伯数字，如“2024年9月5日”，请修改。", "error"
    elif not re.match(r"^\d{4}年\d{1,2}月\d{1,2}日$", text):
        yield (
            line.place,
            "成文日期",
            "成文日期应写成“2024年9月5日”的样式，年月日之间不用点、横线或空格，请修改。",
            "error",
        )
    elif re.search(r"[年月]0\d", text):
        yield line.place, "成文日期", f"成文日期“{text}”的月、日前不补零，请修改。", "error"
    if parts.signer is None:
        yield line.place, "发文机关署名", "成文日期之上没有发文机关署名，请补上发文机关全称或规范化简称。", "warning"
    if re.search(r"[（(]此页无正文[）)]", "".join(item.text for item in parts.body)):
        yield "末页", "落款", "不得用“此页无正文”的办法编排落款，请调整行距、字距，使落款与正文同页。", "error"


def _kind_rules(parts: Outline) -> Iterator[Item]:
    title, body = parts.title_text, "".join(line.text for line in parts.body)
    where = parts.title[0].place if parts.title else "文首"
    if title.endswith("请示") and parts.addressee and re.search(r"[、，,]", parts.addressee.text):
        yield (
            parts.addressee.place,
            "请示",
            "请示一般只写一个主送机关，需要同时送其他机关的，用抄送形式，请修改。",
            "warning",
        )
    if title.endswith("报告") and re.search(r"请(予)?(批示|审批|批准|批复)", body):
        yield where, "报告", "报告中不得夹带请示事项，请另行请示或删去有关内容。", "error"
    upwards = title.endswith(("请示", "报告"))
    if upwards and parts.number and not any("签发人" in line.text for line in parts.head):
        yield where, "签发人", "上行文应在发文字号同一行标注签发人姓名，请补上。", "warning"
