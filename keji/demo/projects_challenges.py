"""揭榜挂帅 in the made-up city: one list won and paid by result, one open, one argued; past projects' results."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from keji.demo.platforms_hands import Hands
from keji.demo.projects_panels import Panels
from keji.demo.projects_words import CONTACT
from keji.demo.story import Story
from keji.kernel.parties.models import Party
from keji.kernel.parties.standings import blocked_parties
from keji.modules.projects import api as projects

WANTED = ["焊缝一次合格率不低于 99.5%", "单件节拍不超过 45 秒", "连续生产 1000 件变形量不超过 0.4 毫米"]
NEED = {
    "title": "铝合金车架机器人焊接变形在线控制",
    "need": "现有工装焊接后变形量超过 1.2 毫米，返修率 8%，人工校形成本高。试过改工装、调顺序，效果不稳定；"
    "需要焊中测量、预测和补偿的成套办法，能装在现有产线上。",
    "wanted": WANTED, "prize": 2_000_000, "firm_money": 1_200_000, "months": 18,
    "terms": "有焊接机器人集成经验，能到现场调试；不设职称、学历、年龄门槛。",
}  # fmt: skip
OPEN_NEED = {
    "title": "羽绒清洗废水低成本回用",
    "need": "日排清洗废水 600 吨，膜处理吨水成本 7 元以上，膜污染快。需要预处理加回用的组合工艺，能长期稳定运行。",
    "wanted": ["回用率不低于 70%", "吨水处理成本不超过 3.5 元", "连续稳定运行 90 天"],
    "prize": 1_200_000, "firm_money": 700_000, "months": 12, "terms": "",
}  # fmt: skip
DRAFT_NEED = {
    "title": "石斛多糖高得率提取",
    "need": "现有水提工艺多糖得率 18%，能耗高，批次间差异大，需要得率高、可放大的新工艺。",
    "wanted": ["多糖得率不低于 28%", "批次差异不超过 5%"], 
    "prize": 800_000, "firm_money": 480_000, "months": 12, "terms": "",
}  # fmt: skip
PLANS = (
    ("刘凯", "激光跟踪加热变形模型预测，焊枪轨迹在线补偿，先仿真后上线。", 1_900_000, 88, True, (90, 88, 92)),
    ("许静", "优化焊接顺序和随焊锤击，辅以离线测量，改造工作量小。", 1_600_000, 80, True, (78, 82, 80)),
    ("王勇", "更换冷金属过渡电源和柔性夹具，整线改造。", 2_000_000, 62, False, (70, 74, 69)),
)
STAGES = (
    ("模型和仿真", "预测误差小于 5%", date(2024, 9, 30), 400_000, 250_000),
    ("单工位上线", "单工位连续生产 200 件达标", date(2025, 3, 31), 400_000, 250_000),
    ("整线验收", "连续生产 1000 件，榜单指标全部达到", date(2025, 10, 31), 400_000, 200_000),
)
#: what past projects came to: papers, rights, revenue, conversion, jobs
RESULTS = (
    (1, 3, 8_600_000, 1_200_000, 12),
    (0, 2, 3_200_000, 0, 5),
    (2, 1, 0, 0, 0),
    (0, 4, 15_400_000, 2_000_000, 20),
    (1, 2, 5_100_000, 300_000, 8),
)
PAST = (
    "茶叶色选机视觉系统", "钢构件喷涂机器人", "瓜蒌籽脱壳分选设备", "高压阀门密封材料", "中药饮片溯源系统",
)  # fmt: skip


class ChallengeStory:
    """One list through to its first payments by result, one that everybody may answer, one still argued about."""

    def __init__(self, story: Story, own: Party) -> None:
        self.hands, self.own = Hands(), own
        self.panels = Panels(self.hands, random.Random(426))
        barred = set(blocked_parties("apply", date(2024, 12, 1))) | set(blocked_parties("undertake", date(2024, 12, 1)))
        self.firms = [p for p in story.registry.parties if p.pk != own.pk and p.pk not in barred][-12:]

    def tell(self) -> None:
        self.programme = projects.programme_called("市揭榜挂帅项目")
        self._won(self.own, self.firms[:3])
        answered = self._listed(self.firms[3], OPEN_NEED, date(2024, 11, 18), date(2024, 12, 27))
        self._bid(
            answered,
            self.firms[4],
            date(2024, 12, 5),
            ("周立", "气浮加陶瓷膜组合工艺，已有中试数据可供核对。", 1_100_000),
        )
        self._filed(self.firms[5], DRAFT_NEED, date(2024, 12, 5))
        self._past()

    def _filed(self, firm: Party, need: dict[str, Any], on: date) -> Any:
        host = self.hands.host(firm)
        row = need | {"party": firm}
        record = self.hands.at(on, 9, projects.create_challenges, [row], actor=host, source="page")[0]
        return self.hands.take("file", record, host, on, 10)

    def _listed(self, firm: Party, need: dict[str, Any], on: date, closes: date) -> Any:
        record = self._filed(firm, need, on - timedelta(days=5))
        officer = self.hands.actor("gaoxin", on)
        judges = self.panels.of_argument(record, on - timedelta(days=4), on)
        self.hands.at(
            on, 14, projects.argue, record,
            {"programme": self.programme, "closes_on": closes, "contact": CONTACT},
            panel=judges, argued="需求真实具体，指标可考核，出资落实，建议发榜。", held_on=on, actor=officer,
        )  # fmt: skip
        record.refresh_from_db()
        self.panels.done(record.argue_draw, on)
        record = self.hands.take("refine", record, officer, on, 15)
        record = self.hands.take("agree", record, self.hands.host(firm), on, 16)
        return self.hands.take("announce", record, "guihua", on, 17)

    def _bid(self, challenge: Any, firm: Party, on: date, said: tuple[Any, ...]) -> Any:
        leader, plan, price = said[:3]
        host = self.hands.host(firm)
        bid = self.hands.at(on, 9, projects.start_bid, challenge, firm, actor=host)
        values = {
            "leader_name": leader, "plan": plan, "price": price, "months": challenge.months, "promised": True,
            "answers": [f"能达到：{target}" for target in challenge.wanted],
        }  # fmt: skip
        bid = self.hands.at(on, 10, projects.write_bid, bid, values, actor=host)
        return self.hands.take("submit", bid, host, on, 11)

    def _won(self, firm: Party, bidders: list[Party]) -> None:
        record = self._listed(firm, NEED, date(2024, 3, 4), date(2024, 4, 8))
        bids = [self._bid(record, b, date(2024, 4, 1), said) for b, said in zip(bidders, PLANS, strict=True)]
        record = self.hands.take("close_bidding", record, "gaoxin", date(2024, 4, 9), 9)
        officer, host = self.hands.actor("gaoxin", date(2024, 4, 12)), self.hands.host(firm)
        for bid in bids:
            note = "到产线看了工装和样件，谈了节拍和停线时间"
            self.hands.at(
                date(2024, 4, 12), 10, projects.talk, bid, held_on=date(2024, 4, 12), note=note, actor=officer
            )
        record = self.hands.take("evaluate", record, officer, date(2024, 4, 15), 9)
        judges = self.panels.of_bids(record, date(2024, 4, 15), date(2024, 4, 16))
        record.refresh_from_db()
        for bid, said in zip(bids, PLANS, strict=True):
            comment = "方案贴合产线，改动小" if said[4] else "停线时间长，投入过大"
            self.hands.at(
                date(2024, 4, 16), 9, projects.firm_view, bid, points=Decimal(said[3]), willing=said[4],
                comment=comment, actor=host,
            )  # fmt: skip
        points = {bid.pk: [Decimal(p) for p in said[5]] for bid, said in zip(bids, PLANS, strict=True)}
        opinions = {
            bid.pk: "技术路线可行，指标响应完整" if said[4] else "投入与效果不匹配"
            for bid, said in zip(bids, PLANS, strict=True)
        }
        self.hands.at(date(2024, 4, 16), 14, projects.record_scores, record, judges, points, opinions, actor=officer)
        self.panels.done(record.draw_number, date(2024, 4, 17))
        bids[0].refresh_from_db()
        self.hands.at(date(2024, 4, 18), 9, projects.choose, bids[0], reason="", actor=officer)
        record.refresh_from_db()
        notice = self.hands.at(date(2024, 4, 18), 10, projects.publicise_winner, record, CONTACT, actor=officer)
        self.hands.take("publish", notice, "guihua", date(2024, 4, 18), 14)
        self._contracted(record, date(2024, 5, 6))

    def _contracted(self, record: Any, on: date) -> None:
        record.refresh_from_db()
        winner = self.hands.host(record.winner.party)
        text = {
            "content": record.winner.plan + "完成仿真、单工位和整线三步。",
            "starts_on": on,
            "ends_on": date(2025, 10, 31),
        }
        names = ("name", "target", "due_on", "firm_amount", "bureau_amount")
        stages = [dict(zip(names, row, strict=True)) for row in STAGES]
        self.hands.at(on, 9, projects.save_contract, record, text, stages, actor=winner)
        self.hands.at(on, 10, projects.sign_for_both, record, actor=winner)
        record = self.hands.take("sign_contract", record, "gaoxin", on, 15)
        first, done, paid = record.contract.stages.first(), date(2024, 9, 20), date(2024, 10, 10)
        self.hands.at(done, 9, projects.reach, first.milestone, actor=winner)
        host, officer = self.hands.host(record.party), self.hands.actor("gaoxin", done)
        finding = "看了三组仿真与实测对比，误差 4.2%，达到要求"
        self.hands.at(done, 14, projects.judge_stage, first, passed=True, finding=finding, actor=host)
        self.hands.at(date(2024, 9, 25), 9, projects.confirm_stage, first, actor=officer)
        self.hands.at(paid, 9, projects.firm_pays, first, order_code="QY20241010-01", paid_on=paid, actor=host)
        self.hands.at(
            paid, 10, projects.pay, record.contract.project, order_code="ZF20241010-77", amount=first.bureau_amount,
            paid_on=paid, milestone=first.milestone, actor=officer,
        )  # fmt: skip

    def _past(self) -> None:
        """Five projects accepted in 2021 and 2022: four told everything asked, one is late."""
        on = date(2024, 1, 9)
        officer = self.hands.actor("guihua", on)
        names = ("市绿色低碳科技专项", "市科技攻关计划")
        programmes = [projects.programme_called(name) for name in names]
        start, grant = date(2019, 6, 3), 300_000
        rows = [
            {
                "party": firm, "title": PAST[n], "programme": programmes[n % 2], "year": start.year,
                "leader_name": f"{'陈吴郑冯蒋'[n]}工", "document": "六科计〔2019〕6号", "established_on": start,
                "starts_on": start, "ends_on": date(2021, 6, 2), "own_money": 400_000, "grant": grant, "paid": grant,
                "accepted_on": date(2022 if n == 4 else 2021, 9, 10),
            }
            for n, firm in enumerate(self.firms[6:11])
        ]  # fmt: skip
        made = self.hands.at(on, 9, projects.register_projects, rows, actor=officer, source="sheet")
        for n, project in enumerate(made):
            accepted = project.accepted_on
            told = {"papers": RESULTS[n][0], "rights": RESULTS[n][1], "revenue": RESULTS[n][2], "jobs": RESULTS[n][4]}
            told |= {"converted": RESULTS[n][3] > 0, "conversion": RESULTS[n][3]}
            for year in range(accepted.year + 1, 2024 if n != 2 else 2023):
                host, day = self.hands.host(project.party), date(2024, 2, 26)
                self.hands.at(day, 9, projects.tell_results, project, year, told, actor=host)


HIGHER = (
    ("national", "国家重点研发计划", "高性能聚酰亚胺薄膜关键技术", date(2024, 4, 25), 9_200_000),
    ("provincial", "省科技创新攻坚计划", "新能源汽车一体化压铸底盘", date(2024, 5, 20), 3_000_000),
    ("provincial", "省科技创新攻坚计划", "氢燃料电池电堆测试装备", date(2024, 6, 14), 2_500_000),
    ("provincial", "省自然科学基金", "大别山灵芝活性成分研究", date(2024, 7, 3), 200_000),
    ("provincial", "省科技成果转化引导项目", "智能抄表芯片产业化", date(2024, 9, 12), 1_000_000),
    ("provincial", "省重点研究与开发计划", "茶叶全程机械化加工", date(2024, 10, 22), 800_000),
    ("national", "国家自然科学基金", "丘陵区面源污染迁移机理", date(2024, 11, 15), 500_000),
)


class HigherStory:
    """Seven projects of the province and the state, reported within weeks and confirmed by a colleague."""

    def __init__(self, story: Story) -> None:
        self.hands, self.firms, self.done = Hands(), story.registry.parties, 0

    def until(self, day: date) -> None:
        while self.done < len(HIGHER) and HIGHER[self.done][3] < day:
            level, plan, title, on, grant = HIGHER[self.done]
            row = {
                "party": self.firms[self.done * 7], "title": title, "level": level, "plan_name": plan, "won_on": on,
                "code": f"{plan[:1]}2024-{self.done + 1:04d}", "grant": grant,
                "leader_name": f"{'李张何罗高林郭'[self.done]}工",
            }  # fmt: skip
            later = min(date(on.year, on.month, 28), date(2024, 12, 9))
            made = self.hands.at(
                later, 9, projects.report_higher, [row], actor=self.hands.actor("guihua", later), source="page"
            )[0]
            if self.done < len(HIGHER) - 1:  # the last waits for a colleague
                self.hands.take("confirm", made, "gaoxin", later, 15)
            self.done += 1
