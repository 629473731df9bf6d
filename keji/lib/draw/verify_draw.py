# ruff: noqa: B905, E731, T201
# mypy: ignore-errors
"""核对一次专家抽取：python verify_draw.py 冻结文件.json 抽取结果.json [公布的SHA-256或SM3摘要]

只用 Python 3.9 以上自带的标准库，不需要安装任何东西，也不联网。逐项打印“通过”或“不符”并说明位置；
全部通过时退出码为 0，否则为 1。可以逐行阅读：它与抽取系统没有共用的程序，只依据两份公布的文件重新推算。
"""

import hashlib
import json
import math
import re
import struct
import sys
from collections import Counter
from fractions import Fraction
from itertools import combinations

MOST_COMBINATIONS = 300_000
GAP = Fraction(1, 10**9)


class Wrong(Exception):
    """一项不符，内容是位置和原因。"""


def need(right, where):
    if not right:
        raise Wrong(where)


# ---- 文件与摘要 ----


def sm3(data):
    """GB/T 32905 杂凑值（十六进制）；Python 自带的加密库有 SM3 时用它，没有时按标准计算。"""
    try:
        return hashlib.new("sm3", data).hexdigest()
    except ValueError:
        return sm3_by_hand(data)


def sm3_by_hand(data):
    turn = lambda x, n: ((x << n % 32) | (x >> (32 - n % 32))) & 0xFFFFFFFF
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    data += b"\x80" + b"\0" * ((55 - len(data)) % 64) + struct.pack(">Q", len(data) * 8)
    for start in range(0, len(data), 64):
        w = list(struct.unpack(">16I", data[start : start + 64]))
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ turn(w[j - 3], 15)
            w.append(x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            s1 = turn((turn(a, 12) + e + turn(0x79CC4519 if j < 16 else 0x7A879D8A, j)) & 0xFFFFFFFF, 7)
            ff, gg = (a ^ b ^ c, e ^ f ^ g) if j < 16 else ((a & b) | (a & c) | (b & c), (e & f) | (~e & g))
            t1 = (ff + d + (s1 ^ turn(a, 12)) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            t2 = (gg + h + s1 + w[j]) & 0xFFFFFFFF
            a, b, c, d, e, f, g, h = t1, a, turn(b, 9), c, t2 ^ turn(t2, 9) ^ turn(t2, 17), e, turn(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
    return "".join(f"{x:08x}" for x in v)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def ordered(value):
    """对象的键按 UTF-16 顺序排列（RFC 8785）。"""
    if isinstance(value, dict):
        return {k: ordered(value[k]) for k in sorted(value, key=lambda k: k.encode("utf-16-be", "surrogatepass"))}
    return [ordered(v) for v in value] if isinstance(value, list) else value


def canonical(value):
    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def load(name, content, kind):
    """读出文件内容；要求是唯一的规范写法，没有小数。"""

    def no_float(text):
        raise Wrong(f"{name}：出现小数 {text[:20]}，规定只用整数和文字")

    try:
        data = json.loads(content.decode("utf-8"), parse_float=no_float, parse_constant=no_float)
    except UnicodeDecodeError as e:
        raise Wrong(f"{name}：第 {e.start + 1} 字节起不是 UTF-8 文字") from None
    except json.JSONDecodeError as e:
        raise Wrong(f"{name}：第 {len(e.doc[: e.pos].encode('utf-8')) + 1} 字节处不是 JSON（{e.msg}）") from None
    except (RecursionError, ValueError):
        raise Wrong(f"{name}：层次过深或数字过长，读不懂") from None
    written = canonical(data)
    if written != content:
        at = next((i for i, (a, b) in enumerate(zip(written, content)) if a != b), min(len(written), len(content)))
        raise Wrong(f"{name}：第 {at + 1} 字节起不是规范写法，文件被改动或重新保存过")
    need(isinstance(data, dict) and data.get("format") == kind, f"{name}：format 应为 {kind}")
    return data


def digests(frozen, frozen_bytes, outcome, published):
    said = outcome["frozen"]
    parts = {k: sha256(canonical(v)) for k, v in frozen.items()}
    changed = sorted(k for k in {*parts, *said["sections"]} if parts.get(k) != said["sections"].get(k))
    need(not changed, f"冻结文件的 {'、'.join(changed)} 部分与抽取结果所记摘要不符（被改动过，或不是同一份）")
    for title, value in (("sha256", sha256(frozen_bytes)), ("sm3", sm3(frozen_bytes))):
        need(said[title] == value, f"冻结文件的 {title} 摘要：结果中写 {said[title]}，实为 {value}")
    bare = {k: v for k, v in outcome.items() if k != "digest"}
    need(outcome["digest"] == sha256(canonical(bare)), "抽取结果的 digest 与其内容不符")
    if published:
        need(published.lower() in (said["sha256"], said["sm3"]), f"公布的摘要 {published} 不是这份冻结文件的")
    return f"SHA-256 {said['sha256']}，SM3 {said['sm3']}（请与事先公布的摘要比对）"


# ---- 冻结文件 ----


def states(frozen):
    experts = frozen["experts"]
    ids = [e["id"] for e in experts]
    for before, now in zip(ids, ids[1:]):
        need(before < now, f"专家 {now} 重复，或者没有按编号排列")
    found = Counter(e["state"] for e in experts)
    said = frozen["states"]
    for state in sorted({*found, *said}):
        need(state in ("eligible", "avoided", "resting", "restricted"), f"没有 {state} 这种状态")
        need(said.get(state) == found[state], f"状态 {state} 写 {said.get(state)} 人，实有 {found[state]} 人")
    for e in experts:
        need(e["state"] == "eligible" or (e["rule"] and e["record"]), f"专家 {e['id']} 被排除，却没有依据或出处")
    return f"共 {len(experts)} 人，可抽取 {found['eligible']} 人，其余每人都有依据和出处"


def trouble(frozen, panel):
    """一个评审组违反的第一条要求，没有则为空。"""
    asked = frozen["request"]
    experts = [frozen["experts"][i] for i in panel]
    if len(set(panel)) != asked["size"] or len(panel) != asked["size"]:
        return f"应为 {asked['size']} 名不同的专家"
    for q in asked["quotas"]:
        n = sum(e["features"].get(q["category"]) == q["value"] for e in experts)
        if not q["least"] <= n <= q["most"]:
            return f"{q['category']}「{q['value']}」有 {n} 人，应为 {q['least']} 至 {q['most']} 人"
    units = Counter(e["employer"] for e in experts if e["employer"])
    unit, n = max(units.items(), key=lambda pair: pair[1], default=("", 0))
    if asked["employer_cap"] and n > asked["employer_cap"]:
        return f"同一单位（{unit}）有 {n} 人，上限 {asked['employer_cap']} 人"
    return next((f"专家 {e['id']} 不可抽取" for e in experts if e["state"] != "eligible"), "")


def lottery(frozen):
    box, pool = frozen["lottery"], len(frozen["experts"])
    need(len(box["panels"]) == len(box["weights"]), "评审组与球数的个数不同")
    before = []
    for number, (panel, weight) in enumerate(zip(box["panels"], box["weights"])):
        where = f"第 {number} 个评审组"
        need(all(type(i) is int and 0 <= i < pool for i in panel), f"{where}：序号超出专家库")
        need(panel == sorted(panel) and before < panel, f"{where}：没有按顺序排列，或者重复")
        need(type(weight) is int and weight > 0, f"{where}：球数 {weight} 应为正整数")
        need(not (why := trouble(frozen, panel)), f"{where}：{why}")
        before = panel
    need(sum(box["weights"]) == box["balls"], f"各组球数合计 {sum(box['weights'])}，应为 {box['balls']}")
    need(box["balls"] >= 10**6, "球数不足一百万")
    return f"{len(box['panels'])} 个评审组都符合名额和同单位上限，球数合计 {box['balls']}"


def odds(frozen):
    seats = [0] * len(frozen["experts"])
    for panel, weight in zip(frozen["lottery"]["panels"], frozen["lottery"]["weights"]):
        for i in panel:
            seats[i] += weight
    need(len(frozen["odds"]) == len(seats), "机会的个数与专家人数不同")
    for e, said, n in zip(frozen["experts"], frozen["odds"], seats):
        need(said == n, f"专家 {e['id']} 的机会写 {said} 球，实为 {n} 球")
    values = sorted(n for e, n in zip(frozen["experts"], seats) if e["state"] == "eligible")
    n, total, told = len(values), sum(values), frozen["fairness"]
    gini = Fraction(sum((2 * i - n + 1) * v for i, v in enumerate(values)), n * total)
    for key, value in (("least", values[0]), ("most", values[-1]), ("gini", str(gini))):
        need(told[key] == value, f"fairness.{key} 写 {told[key]}，实为 {value}")
    levels = {}
    for level, v in zip(frozen["certificate"]["level_of"], seats):
        if level >= 0:
            levels.setdefault(level, []).append(v)
    spread = max(max(v) - min(v) for v in levels.values())
    need(told["spread"] == spread, f"fairness.spread 写 {told['spread']}，实为 {spread}")
    m = frozen["lottery"]["balls"]
    return f"每人的机会与公布的一致：最低 {values[0] / m:.6f}，最高 {values[-1] / m:.6f}，基尼系数 {float(gini):.4f}"


def inequality(frozen, kind, level):
    """一层证明的不等式：任何抽法都满足 Σ a·机会 ≤ b。"""
    asked, experts = frozen["request"], frozen["experts"]
    eligible = [i for i, e in enumerate(experts) if e["state"] == "eligible"]
    if kind == "panels":
        a, b = level["worths"], level["most"]
        if math.comb(len(eligible), asked["size"]) <= MOST_COMBINATIONS:
            for panel in combinations(eligible, asked["size"]):
                need(trouble(frozen, panel) or sum(a[i] for i in panel) <= b, f"评审组 {panel} 超过证明所说的上限")
        return a, b
    multipliers = {(q["category"], q["value"]): y for q, y in zip(asked["quotas"], level["quotas"])}
    need(all(y >= 0 for y in level["employers"].values()), "单位的乘数为负")
    need(asked["employer_cap"] or not level["employers"], "没有同单位上限，却用了单位的乘数")
    b = level["size"] * asked["size"] + asked["employer_cap"] * sum(level["employers"].values())
    b += sum(y * q["most" if y > 0 else "least"] for q, y in zip(asked["quotas"], level["quotas"]))
    a = [
        level["size"]
        + sum(multipliers.get(pair, 0) for pair in e["features"].items())
        + (level["employers"].get(e["employer"], 0) if e["employer"] else 0)
        for e in experts
    ]
    return a, b


def proof(frozen):
    told, m = frozen["certificate"], frozen["lottery"]["balls"]
    level_of, gaps = told["level_of"], []
    need(len(level_of) == len(frozen["experts"]), "证明的层数与专家人数不同")
    for number, level in enumerate(told["levels"]):
        a, b = inequality(frozen, told["kind"], level)
        left, weight, least = Fraction(b), 0, m
        for i, e in enumerate(frozen["experts"]):
            if e["state"] != "eligible":
                continue
            need(0 <= level_of[i] < len(told["levels"]), f"专家 {e['id']} 不属于任何一层")
            if level_of[i] < number:
                left -= Fraction(a[i] * frozen["odds"][i], m)
            else:
                least = min(least, frozen["odds"][i])
                left, weight = (left - a[i], weight) if a[i] < 0 else (left, weight + a[i])
        bound = min(Fraction(1), left / weight) if weight else Fraction(1)
        if number == 0:
            need(frozen["fairness"]["bound"] == str(bound), f"fairness.bound 应为 {bound}")
            lowest = bound
        gaps.append(bound - Fraction(least, m))
    need(frozen["fairness"]["proof"] == told["kind"], "fairness.proof 与证明不一致")
    count = math.comb(frozen["states"]["eligible"], frozen["request"]["size"])
    unseen = told["kind"] == "panels" and count > MOST_COMBINATIONS
    text = f"任何抽法都不能让所有人的机会超过 {float(lowest):.9f}，本次与之相差 {float(gaps[0]):.1e}"
    text += f"；{len(gaps)} 层中最大相差 {float(max(gaps)):.1e}"
    text += "" if max(gaps) <= GAP else "（注意：超过 1e-9，未证明是最公平的）"
    return text + ("（注意：组合太多，上限未逐组核对）" if unseen else "")


# ---- 抽取与递补 ----


def shares(frozen, outcome):
    agreed = frozen["seed"]
    need(agreed["algorithm"] in ("sha256", "sm3"), f"没有 {agreed['algorithm']} 这种摘要算法")
    hash_ = sha256 if agreed["algorithm"] == "sha256" else sm3
    derive = lambda *parts: hash_("|".join(("keji-draw-1", *parts)).encode("utf-8"))
    need(re.fullmatch("[0-9a-f]{64}", outcome["nonce"]), "随机数应为 64 位十六进制数字")
    need(derive("nonce", outcome["nonce"]) == agreed["commitment"], "公开的随机数打不开冻结时的封存（commitment）")
    need(re.fullmatch("[0-9]+", outcome["digits"]), "监督人的数字只能用 0 至 9")
    need(len(outcome["digits"]) >= agreed["digits"], f"监督人的数字不足 {agreed['digits']} 位")
    need(bool(agreed["public"]) == bool(outcome["public"]), f"公开数字与约定不符（约定：{agreed['public'] or '不用'}）")
    seed = derive("seed", outcome["frozen"]["sha256"], outcome["nonce"], outcome["digits"], outcome["public"])
    need(outcome["seed"] == seed, f"种子写 {outcome['seed']}，按各方数字应为 {seed}")
    return derive, "封存的随机数打得开，监督人数字符合约定，种子由各方数字推出"


def panel(frozen, outcome, derive):
    balls, counter = frozen["lottery"]["balls"], 0
    while (drawn := int(derive(outcome["seed"], "ball", str(counter)), 16)) >= (1 << 256) // balls * balls:
        counter += 1
    ball = drawn % balls
    need(outcome["ball"] == ball, f"球号写 {outcome['ball']}，由种子应为 {ball}")
    number, owned = 0, frozen["lottery"]["weights"][0]
    while ball >= owned:
        number += 1
        owned += frozen["lottery"]["weights"][number]
    need(outcome["panel_number"] == number, f"评审组写第 {outcome['panel_number']} 个，球号属于第 {number} 个")
    ids = [frozen["experts"][i]["id"] for i in frozen["lottery"]["panels"][number]]
    need(outcome["panel"] == ids, f"评审组写 {outcome['panel']}，应为 {ids}")
    return f"球号 {ball} 属于第 {number} 个评审组：{'、'.join(ids)}"


def substitutes(frozen, outcome, derive):
    """备选顺序：按摘要排列其余可抽取的专家；谁接替：第一个接上后仍符合名额和同单位上限的人。"""
    experts, drawn = frozen["experts"], frozen["lottery"]["panels"][outcome["panel_number"]]
    waiting = [i for i, e in enumerate(experts) if e["state"] == "eligible" and i not in drawn]
    waiting.sort(key=lambda i: derive(outcome["seed"], "substitute", experts[i]["id"]))
    fits = lambda now, old, new: not trouble(frozen, [new if i == old else i for i in now])
    named, open_seats, wanted = [], set(drawn), frozen["request"]["substitutes"]
    for new in waiting if wanted else ():
        if len(named) >= wanted and not open_seats:
            break
        if len(named) >= wanted and not any(fits(drawn, old, new) for old in open_seats):
            continue
        seats = [old for old in drawn if fits(drawn, old, new)]
        if seats:
            named.append({"id": experts[new]["id"], "seats": [experts[i]["id"] for i in seats]})
            open_seats -= set(seats)
    for place, (said, right) in enumerate(zip(outcome["substitutes"], named), 1):
        need(said == right, f"第 {place} 名备选写 {said}，应为 {right}")
    need(len(outcome["substitutes"]) == len(named), f"备选写 {len(outcome['substitutes'])} 人，应为 {len(named)} 人")
    bare = [experts[i]["id"] for i in drawn if wanted and i in open_seats]
    need(outcome["uncovered"] == bare, f"无人能接替的席位写 {outcome['uncovered']}，应为 {bare}")
    now, used = list(drawn), set(drawn)
    for place, entry in enumerate(outcome["replacements"], 1):
        ids = [experts[i]["id"] for i in now]
        need(entry["declined"] in ids, f"第 {place} 次递补：{entry['declined']} 当时不在评审组")
        need(entry["reason"].strip() and entry["at"].strip(), f"第 {place} 次递补没有写原因或时间")
        old = now[ids.index(entry["declined"])]
        free = [i for i in waiting if i not in used]
        passed, new = next(((n, i) for n, i in enumerate(free) if fits(now, old, i)), (len(free), None))
        right = experts[new]["id"] if new is not None else "（无人）"
        need(entry["taken"] == right, f"第 {place} 次递补写由 {entry['taken']} 接替，应为 {right}")
        need(entry["passed_over"] == passed, f"第 {place} 次递补写跳过 {entry['passed_over']} 人，应为 {passed} 人")
        now[now.index(old)] = new
        used.add(new)
    current = [experts[i]["id"] for i in now]
    need(outcome["current"] == current, f"现评审组写 {outcome['current']}，应为 {current}")
    return f"备选 {len(named)} 人、递补 {len(outcome['replacements'])} 次都按公布的顺序；现评审组：{'、'.join(current)}"


def verify(frozen_bytes, outcome_bytes, published=""):
    """[(项目, 是否通过, 说明)]。前面的文件读不懂时后面不再核对。"""
    found = []

    def step(title, work):
        try:
            told = work()
            found.append((title, True, told if isinstance(told, str) else told[-1]))
            return told
        except Wrong as wrong:
            found.append((title, False, str(wrong)))
        except (KeyError, IndexError, TypeError, AttributeError, ValueError, ZeroDivisionError) as e:
            found.append((title, False, f"内容缺失或类型不对（{type(e).__name__}：{e}）"))
        return None

    frozen = step("冻结文件格式", lambda: (load("冻结文件", frozen_bytes, "keji-draw-1"), "规范写法"))
    outcome = step("抽取结果格式", lambda: (load("抽取结果", outcome_bytes, "keji-draw-outcome-1"), "规范写法"))
    if not (frozen and outcome):
        return found
    frozen, outcome = frozen[0], outcome[0]
    step("两份文件的摘要", lambda: digests(frozen, frozen_bytes, outcome, published))
    step("专家状态", lambda: states(frozen))
    step("评审组与球", lambda: lottery(frozen))
    step("每人的机会", lambda: odds(frozen))
    step("最公平的证明", lambda: proof(frozen))
    derived = step("种子", lambda: shares(frozen, outcome))
    if derived:
        step("抽出的评审组", lambda: panel(frozen, outcome, derived[0]))
        step("备选与递补", lambda: substitutes(frozen, outcome, derived[0]))
    return found


def main(arguments):
    if len(arguments) not in (2, 3):
        print(__doc__)
        return 2
    contents = []
    for name in arguments[:2]:
        try:
            with open(name, "rb") as file:
                contents.append(file.read())
        except OSError as e:
            print(f"打不开 {name}：{e.strerror}")
            return 2
    found = verify(*contents, *arguments[2:])
    for title, right, told in found:
        print(f"[{'通过' if right else '不符'}] {title}：{told}")
    right = all(r for _, r, _ in found)
    print("结论：全部通过，结果可由公布的文件推出。" if right else "结论：有不符之处，请保存这两份文件并报告监督人。")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
