"""The petitions of the demo: ten that are accepted, and four that go another way."""

from __future__ import annotations

from collections.abc import Iterator

from relief.demo.desk.matters import (
    APPROVER,
    CLERK,
    Again,
    Contact,
    Deed,
    Matter,
    again,
    contact,
    fed,
    rated,
    step,
)

_WAGES = "《劳动法》第五十条：工资应当按月以货币形式支付，不得克扣或者无故拖欠"
_INSURANCE = "《社会保险费征缴暂行条例》第十二条：缴费单位应当按时足额缴纳"


def petitions() -> Iterator[Matter]:
    """In the order in which they come."""
    yield _matter(
        "wages_of_four_months",
        contact("01-06", "visit", 1, "县阀门厂拖欠四个月工资，要求年前发放"),
        _accepted("01-10"),
        _opinion("02-25", "已与厂方协商，拖欠工资分两期付清", _WAGES),
        again("02-23", "visit", 1, "再次来访，询问工资何时发放"),
        *_closed("03-18", "厂方已付清拖欠工资", "03-25"),
    )
    yield _matter(
        "unpaid_insurance",
        contact("01-14", "visit", 2, "罐头食品厂三年未缴养老保险费"),
        _accepted("01-18"),
        _opinion("03-10", "督促企业补缴，并报劳动监察", _INSURANCE),
        *_closed("04-05", "企业已补缴2002年以来的养老保险费", "04-12"),
    )
    yield _matter(
        "leaking_dormitory",
        contact("02-02", "letter", 3, "第二棉纺厂职工宿舍屋顶漏雨，多次反映未修"),
        _accepted("02-16"),
        _opinion("03-30", "请厂工会督促维修宿舍屋面", "《工会法》第二十四条"),
        again("04-13", "visit", 3, "带来宿舍照片，请求尽快开工"),
        *_closed("04-25", "宿舍屋面已翻修", "05-09"),
    )
    yield _matter(
        "land",
        contact("02-17", "visit", 4, "村里征地补偿款分配不公"),
        step(
            "02-22",
            "refer",
            CLERK,
            "征地补偿不属工会职权",
            competent_body="县国土资源局",
            notice_on="2005-02-22",
        ),
    )
    yield from _march()
    yield from _april()
    yield from _may()


def _march() -> Iterator[Matter]:
    yield _matter(
        "six_fishers",
        contact(
            "03-03",
            "visit",
            5,
            "港东渔业公司船员六人集体来访，五个月工资未发，扬言上路",
            heads=6,
            urgent=True,
        ),
        step("03-03", "report_upward", CLERK, reported_to="县总工会、县信访局",
             reported_on="2005-03-03"),
        _accepted("03-04"),
        again("03-30", "call", 5, "询问协商结果", chase_up=True),
        _opinion("04-08", "公司承诺四月底前付清，由镇工会监督", _WAGES),
        *_closed("04-29", "六人工资全部领到", "05-10"),
        rated("05-10", "satisfied"),
    )  # fmt: skip
    yield _matter(
        "dismissed_by_phone",
        contact("03-10", "call", 6, "城关搬运社电话通知解除合同，没有任何补偿"),
        _accepted("03-14"),
        _opinion("04-20", "建议双方自行协商补偿", "《劳动法》第二十八条"),
        step("04-26", "return", APPROVER, "意见书没有写明补偿数额，请补充事实后重办"),
        _opinion("05-12", "搬运社应支付相当于两个月工资的经济补偿", "《劳动法》第二十八条"),
        *_closed("05-20", "经济补偿已支付", "05-27"),
        rated("05-27", "partly"),
    )
    yield _matter(
        "accusation",
        contact("03-16", "letter", 7, "检举某企业工会负责人侵占职工互助金"),
        step("03-18", "accept", CLERK, matter_class="accusation"),
        step("03-18", "name_readers", CLERK, readers="approver, auditor"),
        _opinion("04-14", "已移交经费审查委员会核查", "《信访条例》及纪律检查有关规定"),
        *_closed("04-29", "核查结果已书面告知检举人", "05-09"),
    )
    yield _matter(
        "seventh_fisher",
        contact("03-24", "visit", 8, "港东渔业公司另一名船员，同样五个月工资未发"),
        step("03-25", "merge", CLERK, merge_into="@six_fishers"),
    )


def _april() -> Iterator[Matter]:
    yield _matter(
        "hot_workshop",
        contact("04-05", "letter", 9, "三名职工联名建议车间装排风扇，夏季高温难耐", heads=3),
        step("04-08", "accept", CLERK, matter_class="suggestion"),
        _opinion("05-16", "建议合理，请厂方列入防暑降温计划", "《防暑降温措施暂行办法》"),
        *_closed("06-06", "车间已装排风扇八台", "06-14"),
    )
    yield _matter(
        "injury_not_recognised",
        contact("04-12", "visit", 10, "修船时从脚手架跌落，公司不肯申报工伤"),
        _accepted("04-14"),
        again("05-31", "call", 10, "询问工伤认定进展", chase_up=True),
        step(
            "06-08",
            "extend",
            APPROVER,
            "等待劳动部门的工伤认定结论",
            notice_on="2005-06-08",
        ),
        _opinion("06-22", "已认定为工伤，公司应承担医疗费", "《工伤保险条例》第十四条、第十七条"),
    )
    yield _matter(
        "already_in_court",
        contact("04-19", "letter", 11, "对法院正在审理的劳动争议要求工会表态"),
        step("04-22", "decline", CLERK, "事项已在诉讼中，按法定程序办理", notice_on="2005-04-22"),
    )


def _may() -> Iterator[Matter]:
    yield _matter(
        "pension_age",
        contact("05-10", "visit", 12, "认为退休年龄被算错，要求按特殊工种提前退休"),
        _accepted("05-12"),
        _opinion(
            "06-02",
            "档案没有特殊工种记录，不符合提前退休条件",
            "国发〔1978〕104号文件第一条",
            outcome="not_support",
        ),
        *_closed("06-08", "已书面说明理由并告知复查权利", "06-13", "dissatisfied"),
        step("06-16", "request_review", CLERK, "信访人对处理意见不服，申请复查"),
        step(
            "06-29",
            "conclude_review",
            CLERK,
            review_opinion="经复核原始档案，原处理意见事实清楚",
            review_result="upheld",
        ),
    )
    yield _matter(
        "overtime",
        contact("05-18", "visit", 13, "服装加工点不付加班工资"),
        step("05-23", "withdraw", CLERK, "加工点已补发加班工资，信访人撤回"),
    )
    yield _matter(
        "night_shift",
        contact("05-24", "visit", 15, "怀孕七个月仍被安排上夜班"),
        _accepted("05-27"),
        _opinion("06-21", "企业应立即调整班次", "《女职工劳动保护规定》第七条"),
    )


def _matter(key: str, opened_by: Contact, *deeds: Deed | Again) -> Matter:
    return Matter(key, "petition", opened_by, deeds)


def _accepted(on: str) -> Deed:
    return step(on, "accept", CLERK, matter_class="appeal")


def _opinion(on: str, opinion: str, legal_basis: str, outcome: str = "support") -> Deed:
    return step(on, "handle", APPROVER, opinion=opinion, legal_basis=legal_basis, outcome=outcome)


def _closed(
    implemented: str, measure: str, fed_back: str, satisfaction: str = "satisfied"
) -> tuple[Deed, Deed]:
    return (
        step(implemented, "implement", CLERK, measure=measure),
        fed(fed_back, satisfaction),
    )
