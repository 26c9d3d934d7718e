"""People, companies and websites that do not exist, with numbers whose check digits hold.

Domains end in "-example", which nobody has; a few are filed with a host before them, as people
do, so that the checks have something to say. Two calls with different `n` share nothing
by which orders could stand in each other's way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from stdnum.cn import ric, uscc

from console.rules.filing import Entity, Filing, FilingType, Person, Platform, Service, ServiceKind

FAMILIES = "林苏沈许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云潘葛奚范彭"
GIVEN = ("书瑶", "景行", "若溪", "知远", "清和", "思齐", "静姝", "怀瑾", "子衿", "明哲", "晚晴")
# One prefix of each carrier, a virtual operator among them: the senders of the codes differ.
PREFIXES = ("138", "186", "189", "170", "139")


@dataclass(frozen=True)
class Company:
    """What makes one company's filing differ from another's."""

    n: int
    name: str
    site: str
    host: str
    kind: str = "unit-portal"

    @property
    def domain(self) -> str:
        """The website's."""
        host = "shop." if self.n % 7 == 2 else ""
        return f"{host}{self.host}-example.cn"


def resident_number(n: int) -> str:
    """A resident ID number of Hangzhou, its check digit right."""
    body = f"330106{1968 + n % 30}{1 + n % 12:02d}{1 + n % 28:02d}{(17 * n) % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def credit_code(n: int) -> str:
    """A unified social credit code of an enterprise, its check digits right."""
    body = f"91330106MA2D{n:05d}"
    return body + uscc.calc_check_digit(body)


def person(n: int) -> Person:
    """The n-th person."""
    return Person(
        name=FAMILIES[n % len(FAMILIES)] + GIVEN[n % len(GIVEN)],
        certificate_type="id-card",
        certificate_number=resident_number(n),
        valid_from=date(2018, 5, 1),
        valid_to=date(2038, 5, 1),
        mobile=f"{PREFIXES[n % len(PREFIXES)]}0571{n:04d}",
        emergency_phone=f"1380571{9000 + n:04d}",
        email=f"leader{n}@example.cn",
    )


def entity(company: Company) -> Entity:
    """A company in Hangzhou."""
    address = f"文三路{100 + company.n}号{1 + company.n % 5}幢{500 + company.n}室"
    return Entity(
        name=company.name,
        nature="enterprise",
        certificate_type="business-licence",
        certificate_number=credit_code(company.n),
        certificate_address=f"浙江省杭州市西湖区{address}",
        province="ZJ",
        city="杭州市",
        district="西湖区",
        contact_address=address,
        superior_unit=person(2 * company.n).name,
    )


def website(company: Company, leader: Person | None = None, position: int = 1) -> Service:
    """The company's website, led by the entity leader unless someone else is named."""
    return Service(
        position=position,
        kind=ServiceKind.WEBSITE,
        name=company.site,
        domain=company.domain,
        home_address=f"www.{company.domain}",
        ip_addresses=(f"47.96.12.{10 + company.n}",),
        access_mode="cloud-server",
        server_province="ZJ",
        content_types=(company.kind,),
        languages=("zh-hans", "en") if company.n % 3 == 0 else ("zh-hans",),
        same_as_entity_leader=leader is None,
        leader=leader or person(2 * company.n),
    )


def app(company: Company, position: int = 1) -> Service:
    """The company's app, for Android and iOS."""
    package = f"cn.example.{company.host.replace('-', '')}"
    return replace(
        website(company, position=position),
        kind=ServiceKind.APP,
        name=company.site,
        home_address="",
        platforms=(
            Platform("android", package, f"{company.n:02x}" * 64, f"{company.n:02x}" * 16),
            Platform("ios", package, f"{company.n:02x}" * 64, f"{company.n:02x}" * 20),
        ),
    )


def filing(company: Company, *, two_people: bool = False, with_app: bool = False) -> Filing:
    """The company's first filing; `two_people`: the website has a leader of its own."""
    leader = person(2 * company.n + 1) if two_people else None
    service = app(company) if with_app else website(company, leader)
    return Filing(FilingType.FIRST_FILING, entity(company), person(2 * company.n), (service,))


COMPANIES = tuple(
    Company(n, *facts)
    for n, facts in enumerate(
        (
            ("杭州青禾茶业有限公司", "青禾茶业官方网站", "qinghe-tea"),
            ("杭州望山图书有限公司", "望山书店", "wangshan-books", "e-commerce"),
            ("浙江云栖灯具制造有限公司", "云栖灯具官方网站", "yunqi-lamps"),
            ("杭州南屏陶艺有限公司", "南屏陶艺工坊", "nanping-pottery"),
            ("杭州半亩园林设计有限公司", "半亩园林设计", "banmu-garden"),
            ("浙江临溪乐器有限公司", "临溪乐器官方网站", "linxi-music"),
            ("杭州拾光摄影有限公司", "拾光摄影工作室", "shiguang-photo"),
            ("杭州听雨丝绸有限公司", "听雨丝绸官方网站", "tingyu-silk"),
            ("浙江白鹭物流有限公司", "白鹭物流查询平台", "bailu-logistics"),
            ("杭州小满烘焙有限公司", "小满烘焙", "xiaoman-bakery"),
            ("杭州松间家具有限公司", "松间家具官方网站", "songjian-furniture"),
            ("浙江远帆船艇有限公司", "远帆船艇官方网站", "yuanfan-boats"),
            ("杭州知味餐饮管理有限公司", "知味餐饮官方网站", "zhiwei-dining"),
            ("杭州鹿鸣玩具有限公司", "鹿鸣玩具官方网站", "luming-toys"),
            ("浙江晴川眼镜有限公司", "晴川眼镜官方网站", "qingchuan-optics"),
            ("杭州归鸟旅行用品有限公司", "归鸟旅行用品", "guiniao-travel"),
            ("杭州一苇纸业有限公司", "一苇纸业官方网站", "yiwei-paper"),
            ("浙江谷雨种业有限公司", "谷雨种业官方网站", "guyu-seeds"),
            ("杭州雁回地图有限公司", "雁回地图官方网站", "yanhui-maps"),
        ),
        1,
    )
)
