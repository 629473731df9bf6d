"""Who works in the made-up city. These accounts exist only in a demo house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from keji.kernel.parties.models import Party
from keji.kernel.people.models import Account, Grant, Section
from keji.kernel.people.roles import Role

PASSWORD = "Keji-2024"  # demo accounts only; a real house has none of them
SINCE = date(2020, 1, 1)

SECTIONS = (
    ("bgs", "办公室"),
    ("ghfz", "规划与监督科"),
    ("gxcy", "高新技术科"),
    ("cgzh", "成果转化与合作科"),
    ("ncsf", "农村与社会发展科"),
    ("jgdw", "机关党委"),
)


@dataclass(frozen=True)
class Person:
    username: str
    name: str
    title: str
    role: Role
    region: str | None = None
    section: str | None = None


ACCOUNTS = (
    Person("juzhang", "陈志远", "局长", Role.LEADER),
    Person("fuju", "王海燕", "分管副局长", Role.LEADER),
    Person("gaoxin", "李明哲", "高新技术科", Role.OFFICER, section="gxcy"),
    Person("guihua", "周静", "规划与监督科", Role.OFFICER, section="ghfz"),
    Person("chengguo", "吴凡", "成果转化与合作科", Role.OFFICER, section="cgzh"),
    Person("nongcun", "郑国栋", "农村与社会发展科", Role.OFFICER, section="ncsf"),
    Person("bangong", "孙丽", "办公室", Role.OFFICER, section="bgs"),
    Person("dangwei", "马骏", "机关党委", Role.OFFICER, section="jgdw"),
    Person("jinan", "赵敏", "金安区科技局", Role.COUNTY, "341502"),
    Person("yuan", "钱伟", "裕安区科技局", Role.COUNTY, "341503"),
    Person("yeji", "孔祥瑞", "叶集区科技局", Role.COUNTY, "341504"),
    Person("huoqiu", "曹莉", "霍邱县科技局", Role.COUNTY, "341522"),
    Person("shucheng", "严松", "舒城县科技局", Role.COUNTY, "341523"),
    Person("jinzhai", "华文", "金寨县科技局", Role.COUNTY, "341524"),
    Person("huoshan", "金玉", "霍山县科技局", Role.COUNTY, "341525"),
    Person("kaifaqu", "魏然", "市开发区科技部门", Role.COUNTY, "341500-KFQ"),
    Person("qiye", "陶磊", "企业用户", Role.ENTERPRISE),
    Person("fuhuaqi", "程晓", "孵化器运营单位", Role.ENTERPRISE),
    Person("pingtai", "方宁", "平台依托单位", Role.ENTERPRISE),
    Person("zhuanjia", "梁思远", "评审专家（待答复）", Role.EXPERT),
    Person("pingshen", "高文博", "评审专家（网评）", Role.EXPERT),
    Person("huiping", "江一鸣", "评审专家（会评）", Role.EXPERT),
    Person("jijian", "姜正", "派驻纪检监察组", Role.INSPECTOR),
    Person("xitong", "戚工", "系统管理员", Role.SYSTEM_ADMIN),
    Person("anquan", "谢工", "安全管理员", Role.SECURITY_ADMIN),
    Person("shenji", "邹工", "审计管理员", Role.AUDIT_ADMIN),
)


def settle_people(at: datetime) -> None:
    """Sections and accounts with their roles; the firm's user comes once there are firms."""
    for order, (code, name) in enumerate(SECTIONS, start=1):
        Section.objects.create(code=code, name=name, order=order)
    template = Account(username="template", name="template")
    template.set_password(PASSWORD)  # hashing is slow on purpose: once is enough for accounts that share a password
    for person in ACCOUNTS:
        account = Account.objects.create(
            username=person.username,
            name=person.name,
            password=template.password,
            password_changed_on=date(2024, 11, 1),
            created_at=at,
        )
        if person.role != Role.ENTERPRISE:
            Grant.objects.create(
                account=account, role=person.role, region_id=person.region, section_id=person.section, from_on=SINCE
            )


def settle_firm_user(firm: Party, username: str = "qiye") -> None:
    person = next(p for p in ACCOUNTS if p.username == username)
    Grant.objects.create(
        account=Account.objects.get(username=person.username),
        role=person.role,
        party=firm,
        from_on=SINCE,
    )
