"""Named reasons why a figure is not a target, one function each, asked in order.

A rule answers whether it applies; the first that does names the exclusion. To teach the reader a new kind of figure
that is not a target, add a rule here and its sentence to `REASONS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from . import tallies, words
from .cases import GOAL_NOUNS, Case

REASONS = {
    "past": "已经取得的成绩或去年以前的数字",
    "baseline": "比较的基数",
    "condition": "范围或条件，不是要完成的数",
    "project": "具体项目的规模、投资等属性",
    "award": "奖补、处罚的标准",
    "duration": "时间长短",
    "task_count": "任务、措施的条数",
    "name": "名称或引号里的说法",
    "basis": "依据、范围的计数",
    "routine": "例行工作的频次",
    "idiom": "习惯说法",
    "bare": "没有指标名称的数字",
    "attribute": "修饰语里的数字",
    "ordinal": "序号",
    "progress": "表格里的现状或完成栏",
    "no_unit": "没有单位的数字",
    "share": "名称中的分母",
}
_MONEY_NOUNS = re.compile(
    r"投资|资金|贷款|基金|融资|授信|债券|税收|销售|产值|交易|收入|消费券|经费|订单|外资|内资|补助|担保|投入|信贷|成交|营收|利用外资|贷"
)
SIZES = words.listed("面积 里程 全长 总长 装机 装机容量 总装机 产能 总面积 规划面积 建设规模 投资额 线路全长 用地面积")
_RESOLVE = words.listed("力争 确保 争取 努力 目标 力争实现 确保实现 全年 年度")
_CLASS = re.compile(r"(?:[A-Ga-g]|[一二三四五]|[特甲乙丙])(?:类|等奖|等|级|档|等次)(?:人才|项目)?|.{0,4}奖")
_UNIT_OF = re.compile(r"每|人均|户均|亩均|单位|按")
_SMALL = frozenset("个项种条套支批类次家件名位场对双层方站站点口")
_FIRM_VERBS = words.listed(
    "新增 新建 建成 培育 引进 获批 创建 举办 新认定 净增 新获批 创成 引育 新培育 组建 招引 孵化 新签 新引进 开展 "
    "认定 建设 打造 组织 争创 设立 攻克 突破"
)


Rule = Callable[[Case], bool]


def _name(case: Case) -> bool:
    token = case.slot.token
    if not token.quoted or token.kind in ("cover", "zero"):
        return False
    quoted = [t for t in (*case.slot.left, *case.slot.right) if t.quoted]
    return sum(len(t.text) for t in quoted) + len(token.text) < 14


def _past(case: Case) -> bool:
    if any(token.text in ("已", "已经") and token.kind == "word" for token in case.slot.left[-4:]):
        return True
    if re.match(r"[^,;]{0,10}(?:均已|都已|已)(?:全部|全面|经|实现|完成)", case.right_text):
        return True
    return case.left.predicate.past or case.state.tense == "past"


def _baseline(case: Case) -> bool:
    right = case.slot.right
    rises = bool(right) and right[0].text in words.GROW_LEVEL | words.DECLINE_LEVEL
    if case.left.predicate.source:
        return True
    if rises and case.slot.later and case.slot.runs_on is False and case.left.predicate.silent:
        return True
    risen = any(t.text in words.GROW_LEVEL | words.DECLINE_LEVEL for t in case.slot.later[:8])
    if risen and any(t.text in ("由", "从") for t in case.slot.left[-4:]):
        return True
    if case.right_text.startswith(("的基础上", "基础上", "为基数", "的基数")):
        return True
    left = case.slot.left
    if left and left[-1].text.endswith(("距", "距离")):
        return True
    return bool(left) and left[-1].text in ("比", "较") and case.unit != ""


def _award(case: Case) -> bool:
    if case.unit not in words.MONEY and case.unit not in words.PERCENT and case.unit != "倍":
        return False
    left = case.slot.left
    if case.state.award and case.unit in words.PERCENT and case.left.verb in ("承担", "分担", "负担"):
        return True
    limit = case.left.predicate.op in ("", "le", "lt")
    if case.state.award and case.unit in words.MONEY and _CLASS.fullmatch(case.subject_text):
        return True
    if (
        limit
        and case.unit in words.MONEY
        and re.search(
            r"单户|单笔|单个|单项|每户|每家|每笔|额度|每人|每个|每项|每名|限额|人均补", "".join(t.text for t in left)
        )
    ):
        return True
    if any(t.text in ("给予", "奖励", "最高奖励", "予以", "罚款", "处以") for t in left):
        return True
    if (
        re.match(r"的?(?:一次性)?(?:奖励|补助|补贴|资助|奖补|奖金|标准)", case.right_text)
        and not case.left.predicate.verb
    ):
        return True
    granted = re.search(r"(?:补助|补贴|奖励|资助|贴息|奖补)(?:额度|比例|标准|金额|资金)?$", case.subject_text)
    if granted and case.left.predicate.op in ("le", "lt", "about"):
        return True
    stated = case.left.predicate.op in ("eq", "gt", "ge") and case.closed and bool(case.left.subject)
    if stated or case.left.verb in ("兑现", "落实", "争取", "发放", "安排", "拨付", "投入", "下达", "争取到位", "筹措"):
        return False
    return case.state.award and not case.left.predicate.commit and (not case.left.subject or _per(case))


def _per(case: Case) -> bool:
    return (
        bool(left := case.slot.left)
        and any(_UNIT_OF.match(t.text) for t in left)
        or any(t.text in words.AWARD for t in case.slot.left)
    )


def _duration(case: Case) -> bool:
    if case.unit not in words.DURATION:
        return False
    predicate, subject = case.left.predicate, case.subject_text
    if case.unit in ("年", "年度", "个月", "月") and not re.search(r"寿命|受教育年限|个月以内", subject):
        return True
    if predicate.decline or any(t.text in words.DECLINE_LEVEL for t in case.slot.left):
        return False
    if (
        re.search(
            r"时间|时长|期限|天数|寿命|小时数|时限|时效|年限|学时|受教育|时数|天气|办结|用时|耗时|控制在", subject
        )
        and case.closed
    ):
        return False
    return not (predicate.explicit and predicate.op in ("ge", "le", "gt", "lt") and bool(subject) and case.closed)


def _of_size(case: Case) -> bool:
    """实施总投资860亿元的重大项目65个: the size belongs to the name, the count is to be reached."""
    left = case.slot.left
    sized = next((at for at, token in enumerate(left) if token.kind == "quantity"), None)
    if sized is None or case.unit not in words.COUNTERS or not case.closed:
        return False
    behind = [token.text for token in left[sized + 1 : sized + 3]]
    return "的" in behind and left[0].text in words.OPENING


def _project(case: Case) -> bool:
    if case.slot.token.kind != "quantity" or case.unit in words.POINTS or _of_size(case):
        return False
    if case.state.sized and case.state.sized == case.unit and any(t.text == "其中" for t in case.slot.left[:2]):
        return True
    resolved = any(t.text in _RESOLVE for t in case.slot.left)
    if (
        case.state.project
        and not resolved
        and not any(t.kind == "time" or t.text.startswith("年度") for t in case.slot.left)
    ):
        return True
    words_left = [t.text for t in case.slot.left]
    near = [w for w in words_left if w in words.PROJECT]
    if not near:
        return bool(re.search(r"(?:总投资|年产|占地|建筑面积|注册资本)(?:约|超|达)?$", case.subject_text))
    if near[0] in SIZES:
        return case.subject_text in words.PROJECT and not case.left.predicate.op and not case.left.predicate.commit
    if words_left[0] in ("新增", "净增") and case.closed and case.left.subject and near[0] not in SIZES:
        return False
    if case.left.predicate.commit or any(w in words.OPENING for w in words_left[: words_left.index(near[0])]):
        return not case.closed or near[0] not in ("总投资", "投资额", "计划总投资", "预计总投资")
    return True


def _condition(case: Case) -> bool:
    if case.closed or case.slot.token.kind not in ("quantity", "number"):
        return False
    right, unit = case.right_text, case.unit
    if case.fund:
        return False
    if case.slot.runs_on and not case.noun:
        return True
    if right.startswith("的"):
        if case.share:
            return not _acts(case) or bool(case.left.subject)
        led = case.led and unit in words.COUNTERS and not case.slot.token.data.bare
        return not led or (case.slot.runs_on and not case.left.predicate.verb)
    if case.slot.suffix:
        if case.share:
            return not (_acts(case) or case.led)
        if unit in words.COUNTERS and not _bare(case) and case.led:
            return False
        spent = unit in words.MONEY and case.left.predicate.verb and _MONEY_NOUNS.match(case.noun)
        return not spent or case.slot.runs_on
    return case.slot.runs_on and (case.unit in words.MONEY | words.SPACE | words.DURATION or _bare(case))


def _bare(case: Case) -> bool:
    return bool(case.slot.token.data.bare)


def _acts(case: Case) -> bool:
    """80%以上的企业建立研发机构: the noun after the share does something."""
    return any(
        t.kind == "word" and (t.text in words.VERBS or t.text in ("用于", "拥有", "有", "达到", "实现", "达"))
        for t in case.slot.right[1:]
    )


def _basis(case: Case) -> bool:
    if case.closed and case.left.predicate.explicit:
        return False
    if any(t.text in ("其中", "当中") for t in case.slot.left[-4:]):
        return False
    behind = case.slot.later[0].text if case.slot.later else ""
    if re.search(r"[^其]中(?:排名|位次)?$", behind) and any(t.text == "在" for t in case.slot.left):
        return True
    if re.search(r"[^其]中(?:$|排名|位次|位居|位列|名列|居|进位)", case.right_text) and any(
        t.text in ("在", "从") for t in case.slot.left
    ):
        return True
    last = next(
        (
            t.text
            for t in reversed(case.slot.left)
            if t.kind == "word" and (t.text in words.BASIS or t.text in words.VERBS)
        ),
        "",
    )
    return last in words.BASIS and last not in words.COMMIT


def _idiom(case: Case) -> bool:
    if case.slot.token.kind != "quantity":
        return False
    data = case.slot.token.data
    if data.unit in ("批", "期") and data.worded and (data.unit == "批" or not case.led):
        return True
    if data.bare:
        strong = case.closed and case.left.predicate.explicit
        return not strong and not (
            case.left.predicate.verb in _FIRM_VERBS and data.unit in words.COUNTERS and case.slot.suffix
        )
    if not data.worded or data.unit in words.PERCENT | words.POINTS or data.value2 is not None:
        return False
    if case.slot.listed and case.state.last is not None:
        return False
    firm = case.left.verb in _FIRM_VERBS or case.left.predicate.verb in _FIRM_VERBS
    if data.value == 1 and not data.scale:
        return not (
            firm and not case.left.predicate.silent and case.left.verb not in ("打造", "建设", "组织", "开展", "设立")
        )
    if data.value <= 3 and not data.scale and data.unit in _SMALL:
        return not firm and not (case.closed and case.left.predicate.explicit)
    return False


def _routine(case: Case) -> bool:
    """每季度通报1次: how often something is done, not how much is reached."""
    often = any(t.text in ("每月", "每季度", "每周", "每半年", "每季", "每日") for t in case.slot.left)
    often = often or bool(re.search(r"每(?:月|季度?|周|半年|日)", "".join(t.text for t in case.slot.left[-4:])))
    data = case.slot.token.data
    return often and case.slot.token.kind == "quantity" and data.value == 1 and not case.left.predicate.explicit


def _attribute(case: Case) -> bool:
    """总投资5亿元项目, 100家企业负责人: the figure modifies a noun and nothing says it is to be reached."""
    if case.closed or case.slot.token.kind != "quantity" or case.fund or tallies.eases(case):
        return False
    unit, predicate = case.unit, case.left.predicate
    if case.slot.runs_on:
        return not predicate.verb or unit not in words.COUNTERS
    if case.share or unit in words.POINTS:
        if predicate.grow or predicate.decline or predicate.gap or (predicate.explicit and case.left.subject):
            return False
        return not (case.led or _acts(case))
    if unit in words.MONEY:
        if predicate.explicit and case.left.subject:
            return False
        return not (case.led and _MONEY_NOUNS.search(case.noun))
    if predicate.explicit and case.left.subject:
        return False
    return not case.led and not (case.slot.listed and case.state.last is not None and not case.left.subject)


def _bare_figure(case: Case) -> bool:
    if not case.closed or case.left.subject:
        return False
    if case.slot.listed and case.state.last is not None:
        return False
    return case.left.predicate.silent and not case.left.predicate.commit and not case.state.topic_text


def _conditional(case: Case) -> bool:
    """对年销售收入达到2000万元的…: the clause opens with a condition."""
    if case.state.conditional:
        return True
    if not case.slot.left or case.slot.token.kind != "quantity":
        return False
    first = case.slot.left[0].text
    if first in ("凡", "若", "如", "符合", "凡是"):
        return True
    return first in ("对", "对于") and not case.closed


def _tolerance(case: Case) -> bool:
    """可高于各项贷款不良率3个百分点以内: what is allowed, not what is reached."""
    capped = any(words.SUFFIX[token.text] == "le" for token in case.slot.suffix)
    return case.unit in words.POINTS and capped and case.left.predicate.gap


def _listed_condition(case: Case) -> bool:
    """2000万元以上、研发费用占比不低于3%的企业: the list ends in 的 and a noun, so all of it is a condition."""
    later = case.slot.later
    left = case.slot.left
    named = any(t.kind == "quantity" and after.text == "的" for t, after in zip(left, left[1:], strict=False))
    if named and case.unit in words.COUNTERS:
        return False  # 过10亿元的企业2户、过亿元的企业25户
    if not case.closed or not later or later[0].text not in ("、", "且", "或", "和"):
        return False
    at = next((i for i, t in enumerate(later) if t.text == "的" and t.kind == "word"), None)
    if at is None or at == 0 or at + 1 >= len(later):
        return False
    behind = later[at - 1]
    figure = behind.kind == "quantity" or (behind.text in words.SUFFIX and at > 1 and later[at - 2].kind == "quantity")
    return figure and not GOAL_NOUNS.match("".join(t.text for t in later[at:]))


RULES: tuple[tuple[str, Rule], ...] = (
    ("name", _name),
    ("past", _past),
    ("baseline", _baseline),
    ("award", _award),
    ("duration", _duration),
    ("project", _project),
    ("condition", _conditional),
    ("condition", _condition),
    ("condition", _listed_condition),
    ("condition", _tolerance),
    ("condition", tallies.weight),
    ("task_count", tallies.task_count),
    ("basis", _basis),
    ("routine", _routine),
    ("idiom", _idiom),
    ("attribute", _attribute),
    ("bare", _bare_figure),
)


def reason(case: Case) -> str:
    """The name of the first rule that excludes the figure, or ""."""
    for name, rule in RULES:
        if rule(case):
            return name
    return ""
